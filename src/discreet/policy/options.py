"""The table of options: every setting has one row here, whichever source it comes from."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from discreet.detectors import (
    DetectorError,
    detector_of,
    detectors_named,
    kinds_acted_on,
    kinds_of,
    nearest,
    planted_detectors,
)
from discreet.policy import shapes
from discreet.policy.classifying import parse_classify
from discreet.policy.errors import WrongItems
from discreet.policy.outgoing import parse_hosts, parse_keys
from discreet.policy.reading import CannotReadError, read
from discreet.policy.words import words_of
from discreet.redaction import ACTIONS, PseudonymKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from discreet.detectors import Detector

_TRUE = frozenset({"true", "1", "on", "yes"})
_MOST = 1 << 20  # bytes of a file of keys or planted values
_FALSE = frozenset({"false", "0", "off", "no"})
LOG_FORMATS = ("app", "json", "console")


def parse_switch(value: object) -> bool:
    """Give a boolean from a boolean or one of the usual words.

    Raises:
        ValueError: With the rule, without the value.
    """
    word = str(value).strip().lower() if isinstance(value, (bool, str)) else ""
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("must be true or false")


def parse_detectors(value: object, known: Sequence[Detector]) -> tuple[str, ...]:
    """Give the kinds of detectors from a comma-separated text or a list; ``all`` stands for every one.

    Raises:
        ValueError: With the rule and the nearest known names.
    """
    names = words_of(value, "must be a list of detector names")
    if not names:
        raise ValueError("must name at least one detector, or be left out for all of them")
    if names == ("all",):
        return ALL
    faults = [(place, nearest(name, place, known)) for place, name in enumerate(names, 1) if not kinds_of(name, known)]
    if faults:
        raise WrongItems(faults)
    return tuple(dict.fromkeys(detector.kind for detector in detectors_named(names, known)))


def parse_actions(value: object, known: Sequence[Detector]) -> dict[str, str]:
    """Give action by kind from ``email=pseudonymize,card=mask`` or a mapping; a group stands for its kinds.

    Raises:
        ValueError: With the rule and the nearest known names.
    """
    if isinstance(value, str):
        pairs = [part.partition("=")[::2] for part in value.split(",") if part.strip()]
    elif isinstance(value, Mapping):
        pairs = [(str(kind), str(action)) for kind, action in value.items()]
    else:
        raise ValueError("must be a mapping of kind to action")  # noqa: TRY004 - one error type for every bad value
    actions: dict[str, str] = {}
    faults: list[tuple[int, str]] = []
    for place, (name, action) in enumerate(pairs, 1):
        kinds = kinds_acted_on(name.strip(), known)
        if not kinds:
            faults.append((place, nearest(name.strip(), place, known)))
        elif action.strip() not in ACTIONS:
            faults.append((place, f"the action at place {place} must be one of {', '.join(ACTIONS)}"))
        actions.update(dict.fromkeys(kinds, action.strip()))
    if faults:
        raise WrongItems(faults)
    return actions


def parse_patterns(value: object) -> tuple[Detector, ...]:
    """Give the detectors of a list of mappings, or of the JSON text of one.

    Raises:
        ValueError: Naming the place in the list, the field and the rule.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError("must be a list in JSON") from None
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list of patterns")  # noqa: TRY004 - one error type for every bad value
    found: list[Detector] = []
    faults: list[tuple[int, str]] = []
    for place, row in enumerate(value, 1):
        try:
            found.append(detector_of(row))
        except DetectorError as error:
            faults.append((place, f"pattern {place}: {error}"))
    if faults:
        raise WrongItems(faults)
    return tuple(found)


def parse_honeytokens(value: object) -> tuple[str, ...]:
    """Give the planted values of a list, of comma-separated text, or of the lines of the file that ``file:`` names.

    Raises:
        ValueError: With the rule; no value is quoted.
    """
    if isinstance(value, str) and value.startswith("file:"):
        value = _lines(value)
    values = words_of(value, "must be a list of texts")
    try:
        planted_detectors(values)
    except DetectorError as error:
        raise ValueError(str(error)) from None
    return values


def _lines(value: str) -> list[str]:
    """Give the words of the file that ``file:/path`` names."""
    try:
        return read(value.removeprefix("file:").strip(), _MOST).decode().split()
    except CannotReadError as error:
        raise ValueError(f"names a file that cannot be read: it {error}") from None
    except UnicodeDecodeError:
        raise ValueError("names a file that cannot be read: it is not UTF-8 text") from None


def parse_pseudonym_key(value: object) -> PseudonymKey:
    """Give the key of ``id:base64``, or of the last such line of the file that ``file:/path`` names.

    Raises:
        ValueError: With the rule; the key is not quoted.
    """
    text = str(value).strip()
    if text.startswith("file:"):
        lines = _lines(text)
        text = lines[-1] if lines else ""
    key_id, _, encoded = text.partition(":")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("must be a key id, a colon and the key in base64") from None
    return PseudonymKey.checked(key_id, secret)


def parse_genai_content(value: object) -> str:
    """Give ``redact`` or ``withhold``.

    Raises:
        ValueError: For anything else.
    """
    word = str(value).strip().lower()
    if word not in {"redact", "withhold"}:
        raise ValueError("must be redact or withhold")
    return word


def parse_log_format(value: object) -> str:
    """Give ``app``, ``json`` or ``console``.

    Raises:
        ValueError: For anything else.
    """
    word = str(value).strip().lower()
    if word not in LOG_FORMATS:
        raise ValueError("must be app, json or console")
    return word


def parse_count(value: object) -> int:
    """Give a whole number of 1 or more.

    Raises:
        ValueError: For anything else.
    """
    text = str(value).strip()
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or int(text) < 1:
        raise ValueError("must be a whole number of 1 or more")
    return int(text)


ALL: tuple[str, ...] = ("all",)


def _itself(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _withheld(value: Any) -> str | None:
    return "(set)" if value else None


def _kinds(patterns: Sequence[Detector]) -> list[str]:
    return [row.kind for row in patterns]


@dataclass(frozen=True, slots=True)
class Option:
    """One setting.

    Attributes:
        name: Its name in ``distribution.discreet`` of the declarative file and as an argument of ``configure()``.
        parse: Gives the value, or raises ValueError with the rule.
        default: In force when no source gives it, or a source gives it wrongly.
        remedy: What to write instead.
        summary: What it decides, for the reference.
        shape: What its parser takes, as JSON Schema.
        sample: How it is written in a file, in YAML.
        names_detectors: Whether its parser takes the known detectors too, as it names kinds and groups.
        by_reference: Whether a file may say only where the value lies, and not hold it.
        shown: Gives what may be shown of a value.
    """

    name: str
    parse: Callable[..., Any]
    default: Any
    remedy: str
    summary: str
    shape: shapes.Shape
    sample: str
    names_detectors: bool = False
    by_reference: bool = False
    shown: Callable[[Any], Any] = _itself

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"DISCREET_{self.name.upper()}"


def _switch(name: str, summary: str, *, default: bool) -> Option:
    return Option(name, parse_switch, default, "Write true or false", summary, shapes.SWITCH, str(not default).lower())


OPTIONS: tuple[Option, ...] = (
    Option(
        "patterns",
        parse_patterns,
        (),
        "Give kind, pattern, example and near_miss of each",
        "More detectors: a list of mappings with kind, pattern, example, near_miss; from the environment as JSON.",
        shape=shapes.PATTERNS,
        sample='[{kind: staff_id, pattern: "S-[0-9]{6}", example: S-123456, near_miss: S-12}]',
        shown=_kinds,
    ),
    Option(
        "detectors",
        parse_detectors,
        ALL,
        "Name kinds or groups that `discreet detectors` lists, or leave it out for all",
        "Which detectors look at text, by kind or group. Sensitive keys are redacted whichever are chosen.",
        names_detectors=True,
        shape=shapes.NAMES,
        sample="[email, card, secret]",
    ),
    Option(
        "actions",
        parse_actions,
        {},
        f"Write kind=action with one of {', '.join(ACTIONS)}",
        "What is done with a kind or group that is found; redact by default.",
        names_detectors=True,
        shape=shapes.ACTIONS_BY_NAME,
        sample="{email: pseudonymize, card: mask}",
    ),
    Option(
        "pseudonym_key",
        parse_pseudonym_key,
        None,
        "Write id:base64 of 16 bytes or more, or file:/path",
        "Key for pseudonymize: id:base64 of 16 random bytes or more, or file: and the path of a file of such lines.",
        shape=shapes.KEY,
        sample="${file:/run/secrets/pseudonym_key}",
        by_reference=True,
        shown=_withheld,
    ),
    Option(
        "genai_content",
        parse_genai_content,
        "redact",
        "Write redact or withhold",
        "What happens to prompts and completions: what is private in them is redacted, or they are withheld whole.",
        shape=shapes.choice("redact", "withhold"),
        sample="withhold",
    ),
    Option(
        "classify",
        parse_classify,
        (),
        "Give conditions, and category or level or both, of each rule",
        "Rules that say what a record is, before the built-in ones: a list of mappings; from the environment as JSON.",
        shape=shapes.RULES,
        sample='[{name: payments, logger: "shop.pay*", category: audit, level: confidential}]',
    ),
    Option(
        "cardinality_limit",
        parse_count,
        2000,
        "Write a whole number of 1 or more",
        "Most series of one metric; measurements with more sets of attributes go to one overflow series.",
        shape=shapes.COUNT,
        sample="500",
    ),
    Option(
        "honeytokens",
        parse_honeytokens,
        (),
        "List the planted values, or write file:/path with one in each line",
        "Planted values whose appearance in telemetry is an alarm: a list, or file: and the path of a file of lines.",
        shape=shapes.TEXTS,
        sample="file:/run/secrets/honeytokens",
        shown=_withheld,
    ),
    Option(
        "baggage_keys",
        parse_keys,
        (),
        "Write keys such as tenant, app.*, with commas between them",
        "Keys of the baggage that may go out with calls, as names or globs; no other entry does.",
        shape=shapes.TEXTS,
        sample="[tenant, app.*]",
    ),
    Option(
        "baggage_hosts",
        parse_hosts,
        (),
        "Write inventory, *.internal, orders.example.org:8443, 10.0.0.0/8 or [::1]:8080, with commas between them",
        "Hosts that baggage may go to: names, globs, addresses or networks; * for all that are known.",
        shape=shapes.TEXTS,
        sample='[inventory, "*.internal:8443", 10.0.0.0/8]',
    ),
    _switch("output", "Redact the text that stdlib logging writes to its handlers.", default=True),
    Option(
        "log_format",
        parse_log_format,
        "app",
        "Write app, json or console",
        "What stdlib logging writes to streams and files: as the app formats it, JSON lines, or compact and coloured.",
        shape=shapes.choice(*LOG_FORMATS),
        sample="json",
    ),
    _switch("log_correlation", "Add trace_id to the app's own log lines within a span.", default=True),
    _switch("response_header", "Answer requests with the traceresponse header.", default=True),
    _switch("process_metrics", "Report process.* metrics by psutil.", default=True),
    _switch("system_metrics", "Report system.* metrics by psutil.", default=True),
    _switch("strict", "For tests and CI: raise where production withholds a record.", default=False),
)
