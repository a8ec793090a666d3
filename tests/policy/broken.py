"""Configurations that are wrong, each with what is said of it: place, rule and remedy; the value never."""

from __future__ import annotations

from typing import NamedTuple

SECRET = "hunter2"
"""Stands where a value stands; no message may hold it."""


class Wrong(NamedTuple):
    """A broken file: its name, its content, and the messages that it gives, all of them."""

    name: str
    content: bytes
    messages: tuple[str, ...]


def _yaml(text: str, *messages: str) -> Wrong:
    return Wrong("d.yaml", text.encode(), messages)


def _json(text: str, *messages: str) -> Wrong:
    return Wrong("d.json", text.encode(), messages)


_BOMB = "a0: &a0 [hunter2]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
_PATTERN = "patterns:\n  - {kind: ticket, pattern: '%s', example: TCK-1234, near_miss: TCK-x}\n"
_ALL = (
    "patterns, detectors, actions, pseudonym_key, genai_content, classify, exporters, level_actions, retention, "
    "keep_security, cardinality_limit, honeytokens, baggage_keys, baggage_hosts, baggage_attributes, "
    "request_id_headers, opamp_endpoint, opamp_headers, opamp_interval, opamp_may_loosen, output, log_format, "
    "log_correlation, response_header, process_metrics, system_metrics, reload_interval, reload_on_hangup, "
    "health_interval, health_endpoints, health_port, strict, environments"
)
_WHOLE = "DISCREET_CONFIG (d.yaml)"
_SWITCH = "must be true or false. Write true or false"
_OPTIONS = "must be a mapping of options. Write options and their values, such as `detectors: [email, card]`"
_WAYS = "Write ${env:NAME}, ${env:NAME:-default} or ${file:/path}; $$ stands for a dollar"
_HELD = "must not hold the secret itself, only where it lies. Write file:/path, ${file:/path} or ${env:NAME}"
_KINDS = "Name kinds or groups that `discreet detectors` lists, or leave it out for all"
_ACTIONS = "Write kind=action with one of redact, mask, pseudonymize, truncate, drop, keep"
_FIELDS = "Give kind, pattern, example and near_miss of each"
_MEND = "Mend the file; an editor that knows YAML shows the place"

BROKEN: dict[str, Wrong] = {
    "a switch that is a number": _yaml("output: 7\n", f"d.yaml:1: output: {_SWITCH}"),
    "a switch that is a word": _yaml("\nstrict: hunter2\n", f"d.yaml:2: strict: {_SWITCH}"),
    "a switch that is a list": _yaml("output: [hunter2]\n", f"d.yaml:1: output: {_SWITCH}"),
    "a count that is a word": _yaml(
        "cardinality_limit: hunter2\n",
        "d.yaml:1: cardinality_limit: must be a whole number of 1 or more. Write a whole number of 1 or more",
    ),
    "rules of classification, each in its line": _yaml(
        "classify:\n  - {logger: hunter2, level: hunter2}\n  - {logger: hunter2}\n",
        "d.yaml:2: classify: rule 1: level: not a security level: use one of public, internal, confidential, "
        "restricted. Give conditions, and category or level or both, of each rule",
        "d.yaml:3: classify: rule 2: give category, level or both. Give conditions, and category or level or both, "
        "of each rule",
    ),
    "detectors that are a mapping": _yaml(
        "detectors: {email: hunter2}\n", f"d.yaml:1: detectors: must be a list of detector names. {_KINDS}"
    ),
    "two unknown detectors, each in its line": _yaml(
        "detectors:\n  - emial\n  - card\n  - crad\n",
        f"d.yaml:2: detectors: unknown detector (the name at place 1): did you mean 'email'? {_KINDS}",
        f"d.yaml:4: detectors: unknown detector (the name at place 3): did you mean 'card'? {_KINDS}",
    ),
    "an unknown action": _yaml(
        "actions:\n  email: mask\n  card: hunter2\n",
        "d.yaml:3: actions: the action at place 2 must be one of "
        f"redact, mask, pseudonymize, truncate, drop, keep. {_ACTIONS}",
    ),
    "actions that are a list": _yaml(
        "actions: [hunter2]\n", f"d.yaml:1: actions: must be a mapping of kind to action. {_ACTIONS}"
    ),
    "an option that is nearly known": _yaml(
        "outputt: hunter2\n", "d.yaml:1: has an option that is not known. Did you mean output?"
    ),
    "an option that is not known at all": _yaml(
        "zzz: hunter2\n", f"d.yaml:1: has an option that is not known. Known are {_ALL}"
    ),
    "an include": _yaml("include: d.yaml\n", f"d.yaml:1: has an option that is not known. Known are {_ALL}"),
    "a pattern that does not compile": _yaml(
        _PATTERN % "(hunter2", f"d.yaml:2: patterns: pattern 1: pattern: does not compile. {_FIELDS}"
    ),
    "a pattern without a field": _yaml(
        "patterns:\n  - {kind: ticket, pattern: hunter2, example: hunter2}\n",
        f"d.yaml:2: patterns: pattern 1: near_miss: give it, as text. {_FIELDS}",
    ),
    "a pattern that misses its example": _yaml(
        _PATTERN % "hunter2", f"d.yaml:2: patterns: pattern 1: example: the pattern does not find it. {_FIELDS}"
    ),
    "a key in the file": _yaml("pseudonym_key: hunter2:MDAw\n", f"d.yaml:1: pseudonym_key: {_HELD}"),
    "a key in the file, as a default": _yaml(
        "pseudonym_key: ${env:NOWHERE:-hunter2}\n", f"d.yaml:1: pseudonym_key: {_HELD}"
    ),
    "baggage that is no key": _yaml(
        "baggage_keys:\n  - tenant\n  - hunter2 hunter2\n",
        "d.yaml:3: baggage_keys: the key at place 2 must be a baggage key (letters, digits, . _ -), or a glob with *. "
        "Write keys such as tenant, app.*, with commas between them",
    ),
    "a host that is a URL": _yaml(
        "baggage_hosts: ['https://hunter2/']\n",
        "d.yaml:1: baggage_hosts: the host at place 1 must be a host without scheme, user or path; an IPv6 address "
        "with a port goes in brackets. Write inventory, *.internal, orders.example.org:8443, 10.0.0.0/8 or "
        "[::1]:8080, with commas between them",
    ),
    "an option without a value": _yaml(
        "detectors:\n", f"d.yaml:1: detectors: has no value. {_KINDS}, or leave the option out"
    ),
    "an option that stands twice": _yaml(
        "output: false\nstrict: true\noutput: true\n",
        "d.yaml:3: output: stands here again, after line 1. Keep one; neither is taken",
    ),
    "a key of a value that stands twice": _yaml(
        "actions:\n  email: mask\n  email: keep\n",
        "d.yaml:3: actions: has a key that stands here again. Keep one",
    ),
    "a key that is no text": _yaml(
        "output: false\n7: hunter2\n", "d.yaml:2: has a key that is not a text. Put it in quotes"
    ),
    "a key that is a list": _yaml("? [hunter2]\n: 1\n", "d.yaml:1: has a key that is not a text. Put it in quotes"),
    "a variable that is missing": _yaml(
        "output: false\ngenai_content: ${env:NOWHERE}\n",
        "d.yaml:2: genai_content: needs the variable NOWHERE, which is not set and has no default. "
        "Set NOWHERE where the app runs",
    ),
    "a secret that is missing": _yaml(
        "pseudonym_key: ${file:/nowhere/hunter2}\n",
        "d.yaml:1: pseudonym_key: names a file that does not exist. Mount the file, or correct its path",
    ),
    "a secret by a relative path": _yaml(
        "pseudonym_key: ${file:hunter2}\n",
        "d.yaml:1: pseudonym_key: names a file by a relative path. "
        "Write the path from the root: ${file:/run/secrets/x}",
    ),
    "a reference of no known form": _yaml(
        "genai_content: ${vault:hunter2}\n",
        f"d.yaml:1: genai_content: holds a reference of a form that is not known. {_WAYS}",
    ),
    "a reference that is not closed": _yaml(
        'genai_content: "${env:HUNTER"\n',
        f"d.yaml:1: genai_content: opens a reference with ${{ and does not close it. {_WAYS}",
    ),
    "environments that are a list": _yaml("environments: [hunter2]\n", f"d.yaml:1: environments: {_OPTIONS}"),
    "an environment that is a text": _yaml(
        "environments:\n  test: hunter2\n", f"d.yaml:2: environments.test: {_OPTIONS}"
    ),
    "an unknown option of an environment": _yaml(
        "environments:\n  test:\n    strickt: hunter2\n",
        "d.yaml:3: environments.test: has an option that is not known. Did you mean strict?",
    ),
    "a wrong value of an environment": _yaml(
        "environments:\n  test: {strict: hunter2}\n", f"d.yaml:2: environments.test.strict: {_SWITCH}"
    ),
    "an environment in an environment": _yaml(
        "environments:\n  test:\n    environments: {}\n",
        "d.yaml:3: environments.test: has environments in an environment. Write them at the top",
    ),
    "a list": _yaml("- hunter2\n", f"d.yaml:1: {_OPTIONS}"),
    "a text": _yaml("hunter2\n", f"d.yaml:1: {_OPTIONS}"),
    "nothing": _yaml("", f"{_WHOLE}: is empty. Write options and their values, such as `detectors: [email, card]`"),
    "comments alone": _yaml(
        "# hunter2\n", f"{_WHOLE}: is empty. Write options and their values, such as `detectors: [email, card]`"
    ),
    "a tab": _yaml(
        "actions:\n\temail: hunter2\n", "d.yaml:2: has a tab where only spaces may stand. Indent with spaces"
    ),
    "no YAML": _yaml("output: [hunter2\n", f"d.yaml:2: is not YAML. {_MEND}"),
    "two documents": _yaml(
        "output: true\n---\noutput: hunter2\n",
        "d.yaml:2: holds more than one document. Leave one; what differs goes under environments",
    ),
    "a tag that makes objects": _yaml(
        "output: !!python/object/apply:os.system [hunter2]\n",
        "d.yaml:1: output: has a tag that no option takes. Leave the tag out",
    ),
    "a number that is none": _yaml(
        "cardinality_limit: !!int hunter2\n",
        "d.yaml:1: cardinality_limit: is not of the type that it seems to be. Put a text in quotes",
    ),
    "an alias without an anchor": _yaml(
        "detectors: *hunter2\n",
        "d.yaml:1: names an anchor that is not there. Set the anchor above, or write the value out",
    ),
    "a circle of aliases": _yaml(
        "actions: &hunter2\n  email: *hunter2\n", "d.yaml:1: actions: holds itself, by an alias. Write the value out"
    ),
    "a bomb of aliases": _yaml(
        _BOMB, f"{_WHOLE}: holds more than 50,000 values. Let aliases repeat less, or split the file"
    ),
    "a merge key": _yaml(
        "environments:\n  base: &base {strict: true}\n  test:\n    <<: *base\n",
        "d.yaml:4: environments.test: has a merge key. Write the options out; what differs goes under environments",
    ),
    "too deep": _yaml(
        "actions: " + "[" * 5000,
        f"{_WHOLE}: nests too deeply. Options are two levels deep at most, under environments four",
    ),
    "too large": _yaml(
        "# hunter2\n" * 1_000_000, f"{_WHOLE}: is larger than 256 KiB. Give the path of a file that can be read"
    ),
    "UTF-16": Wrong("d.yaml", "output: hunter2\n".encode("utf-16"), ("d.yaml:1: is not UTF-8 text. Save it as UTF-8",)),
    "UTF-16 without a mark": Wrong(
        "d.yaml",
        "output: hunter2\n".encode("utf-16-le"),
        ("d.yaml:1: holds NUL or another control character. Save it as plain UTF-8 text",),
    ),
    "Latin-1": Wrong(
        "d.yaml", "strict: true\n# für hunter2\n".encode("latin-1"), ("d.yaml:2: is not UTF-8 text. Save it as UTF-8",)
    ),
    "NUL": _yaml(
        "output: true\n\nstrict: hunter2\0\n",
        "d.yaml:3: holds NUL or another control character. Save it as plain UTF-8 text",
    ),
    "no JSON": _json(
        '{"output": true,\n "strict": hunter2}',
        "d.json:2: is not JSON. Mend the file; an editor that knows JSON shows the place",
    ),
    "JSON with an option twice": _json(
        '{\n  "output": false,\n  "output": true\n}',
        "d.json:3: output: stands here again, after line 2. Keep one; neither is taken",
    ),
    "JSON with half a character": _json(
        '{"genai_content": "\\ud800"}',
        "d.json:1: genai_content: holds half of a surrogate pair. Write the character itself",
    ),
    "JSON that is not a number": _json(
        '{"cardinality_limit": NaN}', "DISCREET_CONFIG (d.json): holds a number that JSON has not. Write it as a text"
    ),
    "JSON with a wrong value": _json(
        '{\n  "environments": {"test": {\n    "detectors": ["card",\n      "emial"]}}}',
        "d.json:4: environments.test.detectors: unknown detector (the name at place 2): did you mean 'email'? "
        f"{_KINDS}",
    ),
    "JSON that is a list": _json('["hunter2"]', f"d.json:1: {_OPTIONS}"),
    "JSON too deep": _json(
        '{"actions": ' + "[" * 100_000,
        "DISCREET_CONFIG (d.json): nests too deeply. Options are two levels deep at most, under environments four",
    ),
    "a declarative file's option": _yaml(
        'file_format: "1.0"\ndistribution:\n  discreet:\n    outputt: hunter2\n    strict: hunter2\n',
        "d.yaml:4: distribution.discreet: has an option that is not known. Did you mean output?",
        f"d.yaml:5: distribution.discreet.strict: {_SWITCH}",
    ),
    "many at once": _yaml(
        "detectors: [emial]\noutput: 7\nzzz: hunter2\nenvironments: {test: {strict: 8}}\n",
        f"d.yaml:3: has an option that is not known. Known are {_ALL}",
        f"d.yaml:1: detectors: unknown detector (the name at place 1): did you mean 'email'? {_KINDS}",
        f"d.yaml:2: output: {_SWITCH}",
        f"d.yaml:4: environments.test.strict: {_SWITCH}",
    ),
}
