"""A remote may tighten what the local sources say, option by option, and never loosen it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from discreet.classification import Level, Subject, classify
from discreet.detectors import detector_of
from discreet.policy import OPTIONS, Gathered, Policy, gather
from discreet.policy.documents import Document
from discreet.policy.offered import offered
from tests.policy.test_gather import NATURAL, SECRETS

ROW = {"kind": "ticket", "pattern": "TCK-[0-9]{4}", "example": "TCK-1234", "near_miss": "TCK-x"}
OTHER = {"kind": "staff_id", "pattern": "S-[0-9]{6}", "example": "S-123456", "near_miss": "S-12"}
RULE = {"logger": "shop.*", "level": "confidential"}
LOOSENS = "may only be tightened by a remote"

TIGHTER: dict[str, list[tuple[Any, Any, Any]]] = {
    "patterns": [
        ([], [ROW], (detector_of(ROW),)),
        ([OTHER], [ROW], (detector_of(OTHER), detector_of(ROW))),
        ([OTHER], [], (detector_of(OTHER),)),
    ],
    "detectors": [
        (["email"], ["card"], ("email", "card")),
        (["email"], "all", ("all",)),
        ("all", ["email"], ("all",)),
    ],
    "actions": [
        ({"email": "keep"}, {"email": "mask"}, {"email": "mask"}),
        ({"email": "mask"}, {"email": "pseudonymize"}, {"email": "pseudonymize"}),
        ({"email": "mask", "card": "mask"}, {"email": "redact"}, {"email": "redact", "card": "mask"}),
        ({"ip_address": "truncate"}, {"ip_address": "redact"}, {"ip_address": "redact"}),
        ({"card": "mask"}, {"card": "mask"}, {"card": "mask"}),
        ({}, {"email": "drop"}, {"email": "drop"}),
        ({}, {"person_id": "pseudonymize"}, {"person_id": "pseudonymize"}),
    ],
    "genai_content": [("redact", "withhold", "withhold"), ("redact", "redact", "redact")],
    "classify": [([RULE], [RULE], (RULE, RULE)), ([], [RULE], (RULE,))],
    "exporters": [
        ({"console": "internal"}, {"console": "public"}, {"console": "public"}),
        ({"console": "internal"}, {"otlp": "internal"}, {"console": "internal", "otlp": "internal"}),
        ({}, {"otlp": "restricted"}, {"otlp": "restricted"}),
    ],
    "level_actions": [
        ({"restricted": "strip"}, {"restricted": "drop"}, {"restricted": "drop"}),
        ({"public": "drop"}, {"restricted": "strip"}, {"public": "drop", "restricted": "strip"}),
    ],
    "keep_security": [(False, True, True)],
    "cardinality_limit": [(50, 20, 20)],
    "honeytokens": [(["planted-0001"], ["planted-0002"], ("planted-0001", "planted-0002"))],
    "baggage_keys": [(["tenant", "app.*"], ["tenant"], ("tenant",)), (["tenant"], [], ()), ("*", ["a"], ("a",))],
    "baggage_hosts": [(["inventory", "10.0.0.0/8"], ["inventory"], ("inventory",)), ("*", ["a"], ("a",))],
    "baggage_attributes": [(["tenant", "app.*"], ["tenant"], ("tenant",))],
    "request_id_headers": [(["x-request-id", "cf-ray"], ["cf-ray"], ("cf-ray",)), (["cf-ray"], [], ())],
    "output": [(False, True, True)],
    "log_correlation": [(True, False, False), (False, True, True)],
}
"""By option: what is said locally, what the remote says, what is in force."""

LOOSER: dict[str, list[tuple[Any, Any]]] = {
    "patterns": [([], [{**ROW, "kind": "card"}]), ([], [{**ROW, "kind": "password"}]), ([ROW], [ROW])],
    "actions": [
        ({}, {"email": "mask"}),
        ({}, {"secret": "keep"}),
        ({"email": "drop"}, {"email": "redact"}),
        ({"email": "redact"}, {"email": "pseudonymize"}),
        ({"email": "pseudonymize"}, {"email": "mask"}),
        ({"ip_address": "truncate"}, {"ip_address": "mask"}),
        ({"ip_address": "mask"}, {"ip_address": "truncate"}),
        ({"card": "truncate"}, {"card": "pseudonymize"}),
    ],
    "genai_content": [("withhold", "redact")],
    "classify": [([], [{**RULE, "category": "audit"}])],
    "exporters": [
        ({"console": "internal"}, {"console": "confidential"}),
        ({"*": "internal"}, {"otlp": "confidential"}),
    ],
    "level_actions": [({"restricted": "drop"}, {"restricted": "strip"}), ({"public": "strip"}, {"public": "keep"})],
    "keep_security": [(True, False)],
    "cardinality_limit": [(50, 51)],
    "baggage_keys": [(["tenant"], ["tenant", "user"]), ([], ["tenant"]), (["app.*"], ["*"])],
    "baggage_hosts": [(["inventory"], ["*"])],
    "baggage_attributes": [([], ["tenant"])],
    "request_id_headers": [(["x-request-id"], ["authorization"])],
    "output": [(True, False)],
}
"""By option: what is said locally, and what a remote may not say."""

NEVER = {
    "pseudonym_key", "retention", "response_header", "process_metrics", "system_metrics", "log_format",
    "health_interval", "health_endpoints", "health_port", "reload_interval", "reload_on_hangup", "opamp_endpoint",
    "opamp_headers", "opamp_interval", "opamp_may_loosen", "strict",
}  # fmt: skip
"""Options that a remote may not name at all."""
SECRET = {option.name for option in OPTIONS if option.by_reference}


def together(local: dict[str, Any], remote: dict[str, Any] | str, **more: Any) -> Gathered:
    """Settle what stands locally and what a remote offers."""
    body = remote if isinstance(remote, str) else json.dumps(remote)
    kind = "text/yaml" if isinstance(remote, str) else "application/json"
    document = offered({"discreet": (body.encode(), kind)})
    return gather((), environ=SECRETS, arguments=local, remote=document, **more)


def pairs(table: dict[str, Any]) -> list[Any]:
    """Give each row with its option, for pytest."""
    return [pytest.param(name, *row, id=f"{name}-{row}"[:80]) for name, rows in table.items() for row in rows]


def test_every_option_says_what_a_remote_may() -> None:
    """One that says nothing cannot be set by it."""
    assert {option.name for option in OPTIONS if option.remote} == set(TIGHTER)
    assert {option.name for option in OPTIONS if option.remote is None} == NEVER


@pytest.mark.parametrize(("name", "local", "remote", "settled"), pairs(TIGHTER))
def test_what_tightens_is_taken(name: str, local: Any, remote: Any, settled: Any) -> None:
    """Its origin is the remote; the rest is as it was, and compiles."""
    found = together({name: local}, {name: remote})
    assert (found.problems, found.refused) == ((), ())
    assert found.settings[name] == settled
    assert found.origins[name] == f"OpAMP:1: {name}"
    Policy.compiled(found.settings)


@pytest.mark.parametrize(("name", "local", "remote"), pairs(LOOSER))
def test_what_loosens_is_refused_as_a_whole(name: str, local: Any, remote: Any) -> None:
    """With place, rule and remedy; of what else the remote says nothing counts."""
    alone = gather((), environ={}, arguments={name: local})
    harmless = "honeytokens" if name != "honeytokens" else "log_correlation"
    found = together({name: local}, {name: remote, harmless: ["planted-0001"]})
    assert (found.settings, found.origins) == (alone.settings, alone.origins)
    (problem,) = found.refused
    assert problem.place == f"OpAMP:1: {name}"
    assert problem.rule.startswith(LOOSENS)
    assert "opamp_may_loosen" in problem.remedy


@pytest.mark.parametrize(("name", "local", "remote"), pairs(LOOSER))
def test_the_local_sources_may_let_it_loosen(name: str, local: Any, remote: Any) -> None:
    """The remote is one more source then, which wins over all."""
    found = together({name: local, "opamp_may_loosen": True}, {name: remote})
    assert found.refused == ()
    assert found.origins[name] == f"OpAMP:1: {name}"


@pytest.mark.parametrize("name", sorted(NEVER))
@pytest.mark.parametrize("may_loosen", [False, True])
def test_some_options_are_never_taken_from_it(name: str, may_loosen: bool) -> None:
    """Whatever the local sources let it do."""
    found = together({"opamp_may_loosen": may_loosen}, {name: NATURAL[name][0]})
    refers = "refers to a variable or file of this process. Write the value out"
    said = refers if name in SECRET else "is not taken from a remote. Take it out, and set it where the process runs"
    assert list(map(str, found.refused)) == [f"OpAMP:1: {name}: {said}"]


def test_every_problem_is_said_at_once() -> None:
    """With its line, and never the value."""
    found = together({}, "actions: {card: keep}\noutput: hunter2\nzzz: hunter2\nstrict: true\n")
    assert [str(problem).split(". ")[0] for problem in found.refused] == [
        "OpAMP:3: has an option that is not known",
        f"OpAMP:1: actions: {LOOSENS}: card",
        "OpAMP:2: output: must be true or false",
        "OpAMP:4: strict: is not taken from a remote",
    ]
    assert "hunter2" not in str(found.refused)


def test_names_of_its_patterns_count_in_it() -> None:
    """They are redacted, or more; nothing else can be said of them."""
    assert together({}, {"patterns": [ROW], "actions": {"ticket": "drop"}}).settings["actions"] == {"ticket": "drop"}
    (problem,) = together({}, {"patterns": [ROW], "actions": {"ticket": "keep"}}).refused
    assert problem.rule == f"{LOOSENS}: ticket"


def test_a_pattern_may_come_again() -> None:
    """A policy that has it has been compiled since."""
    for _ in range(2):
        found = together({}, {"patterns": [{**ROW, "kind": "again"}]})
        assert found.refused == ()
        Policy.compiled(found.settings)


def test_it_has_environments_too() -> None:
    """As a file has."""
    remote = {"environments": {"test": {"output": True}, "other": {"genai_content": "withhold"}}}
    found = together({"output": False}, remote, resource={"deployment.environment.name": "test"})
    assert (found.settings["output"], found.settings["genai_content"]) == (True, "redact")
    assert found.origins["output"] == "OpAMP:1: environments.test.output"


@pytest.mark.parametrize(
    ("logger", "attributes", "level", "raised_by"),
    [
        ("shop.cart", {}, Level.CONFIDENTIAL, "classify 2"),
        ("shop.pay", {}, Level.RESTRICTED, ""),
        ("shop.cart", {"discreet.security_level": "public"}, Level.CONFIDENTIAL, "classify 2"),
        ("other", {}, Level.INTERNAL, ""),
    ],
)
def test_its_rules_raise_the_level_and_decide_nothing(
    logger: str, attributes: dict[str, Any], level: Level, raised_by: str
) -> None:
    """Neither the category, nor against a local rule that is stricter."""
    local = [{"logger": "shop.pay", "level": "restricted", "category": "audit"}]
    rules = Policy.compiled(together({"classify": local}, {"classify": [RULE]}).settings).classify
    found = classify(Subject("log", logger, "", None, attributes), rules)
    assert (found.level, found.raised_by) == (level, raised_by)
    assert found.category == ("audit" if logger == "shop.pay" else "application")


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([option.name for option in OPTIONS]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
            max_leaves=6,
        ),
        max_size=4,
    )
)
def test_whatever_it_says_is_taken_or_refused(remote: dict[str, Any]) -> None:
    """It never raises, and what is refused changes nothing."""
    found = together({}, remote)
    local = gather((), environ={})
    assert set(found.origins.values()) == {"default"} if found.refused else found.problems == ()
    assert found.settings == local.settings or not found.refused


FILES: dict[str, tuple[dict[str, tuple[bytes, str]], str]] = {
    "another entry": ({"collector": (b"x: 1", "")}, "OpAMP: has no entry that is ours"),
    "not YAML": ({"": (b"actions: [", "")}, "OpAMP:1: is not YAML"),
    "not JSON": ({"": (b"actions: {}", "application/json")}, "OpAMP:1: is not JSON"),
    "not UTF-8": ({"": (b"\xff", "")}, "OpAMP:1: is not UTF-8 text"),
    "a list": ({"": (b"- output", "")}, "OpAMP:1: must be a mapping of options"),
    "too large": ({"": (b"#" * 300_000, "")}, "OpAMP: is larger than 256 KiB"),
    "a comment": ({"": (b"# nothing", "")}, "OpAMP: is empty"),
    "a variable": ({"": (b"honeytokens: ${env:HOME}", "")}, "OpAMP:1: honeytokens: refers to a variable or file"),
    "a file": ({"": (b"honeytokens: file:/etc/hosts", "")}, "OpAMP:1: honeytokens: refers to a variable or file"),
    "deep": (
        {"": (b"classify: [{logger: '${file:/etc/hosts}', level: public}]", "")},
        "OpAMP:1: classify: refers to a variable or file",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_what_is_no_configuration_is_refused(case: str) -> None:
    """As in a file; and it may not refer to what lies on this host."""
    files, rule = FILES[case]
    document = offered(files)
    assert document is not None
    found = gather((), environ={}, remote=document)
    assert [str(problem).startswith(rule) for problem in found.refused] == [True], found.refused


@pytest.mark.parametrize("files", [{}, {"": (b"", "")}, {"discreet": (b" \n", "text/yaml")}])
def test_an_empty_one_leaves_the_local_sources(files: dict[str, tuple[bytes, str]]) -> None:
    """That is how a server takes back what it gave."""
    assert offered(files) is None


def test_the_named_entry_is_ours() -> None:
    """Where there is one without a name, too."""
    document = offered({"": (b"output: false", ""), "discreet": (b"output: true", "")})
    assert isinstance(document, Document)
    assert document.options.given["output"].value is True
