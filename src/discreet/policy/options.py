"""The table of options: every setting has one row here, whichever source it comes from."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from discreet.detectors import DetectorError, detector_of, detectors_named, kinds_of, nearest, planted_detectors
from discreet.policy.outgoing import parse_hosts, parse_keys
from discreet.redaction import ACTIONS, PseudonymKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from discreet.detectors import Detector

_TRUE = frozenset({"true", "1", "on", "yes"})
_FALSE = frozenset({"false", "0", "off", "no"})


def parse_switch(value: object) -> bool:
    """Give a boolean from a boolean or one of the usual words.

    Raises:
        ValueError: With the rule, without the value.
    """
    word = str(value).strip().lower()
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
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, (list, tuple)):
        raise ValueError("must be a list of detector names")  # noqa: TRY004 - one error type for every bad value
    names = tuple(str(word).strip() for word in words if str(word).strip())
    if not names:
        raise ValueError("must name at least one detector, or be left out for all of them")
    if names == ("all",):
        return ALL
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
    for place, (name, action) in enumerate(pairs, 1):
        kinds = kinds_of(name.strip(), known)
        if not kinds:
            raise ValueError(nearest(name.strip(), place, known))
        if action.strip() not in ACTIONS:
            raise ValueError(f"the action at place {place} must be one of {', '.join(ACTIONS)}")
        actions.update(dict.fromkeys(kinds, action.strip()))
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
    for place, row in enumerate(value, 1):
        try:
            found.append(detector_of(row))
        except DetectorError as error:
            raise ValueError(f"pattern {place}: {error}") from None
    return tuple(found)


def parse_honeytokens(value: object) -> tuple[str, ...]:
    """Give the planted values of a list, of comma-separated text, or of the lines of the file that ``file:`` names.

    Raises:
        ValueError: With the rule; no value is quoted.
    """
    if isinstance(value, str) and value.startswith("file:"):
        value = _lines(value)
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, (list, tuple)) or not all(isinstance(word, str) for word in words):
        raise ValueError("must be a list of texts")
    values = tuple(word.strip() for word in words if word.strip())
    try:
        planted_detectors(values)
    except DetectorError as error:
        raise ValueError(str(error)) from None
    return values


def _lines(value: str) -> list[str]:
    """Give the words of the file that ``file:/path`` names."""
    try:
        return Path(value.removeprefix("file:")).read_text(encoding="utf-8").split()
    except (OSError, ValueError) as error:
        raise ValueError(f"names a file that cannot be read ({type(error).__name__})") from None


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


@dataclass(frozen=True, slots=True)
class Option:
    """One setting.

    Attributes:
        name: Its name in ``distribution.discreet`` of the declarative file and as an argument of ``configure()``.
        parse: Gives the value, or raises ValueError with the rule.
        default: In force when no source gives it, or a source gives it wrongly.
        remedy: What to write instead.
        summary: What it decides, for the reference.
        names_detectors: Whether its parser takes the known detectors too, as it names kinds and groups.
    """

    name: str
    parse: Callable[..., Any]
    default: Any
    remedy: str
    summary: str
    names_detectors: bool = False

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"DISCREET_{self.name.upper()}"


_SWITCH = "Write true or false"

OPTIONS: tuple[Option, ...] = (
    Option(
        "patterns",
        parse_patterns,
        (),
        "Give kind, pattern, example and near_miss of each",
        "More detectors: a list of mappings with kind, pattern, example, near_miss; from the environment as JSON.",
    ),
    Option(
        "detectors",
        parse_detectors,
        ALL,
        "Name kinds or groups that `discreet detectors` lists, or leave it out for all",
        "Which detectors look at text, by kind or group. Sensitive keys are redacted whichever are chosen.",
        names_detectors=True,
    ),
    Option(
        "actions",
        parse_actions,
        {},
        f"Write kind=action with one of {', '.join(ACTIONS)}",
        "What is done with a kind or group that is found; redact by default.",
        names_detectors=True,
    ),
    Option(
        "pseudonym_key",
        parse_pseudonym_key,
        None,
        "Write id:base64 of 16 bytes or more, or file:/path",
        "Key for pseudonymize: id:base64 of 16 random bytes or more, or file: and the path of a file of such lines.",
    ),
    Option(
        "genai_content",
        parse_genai_content,
        "redact",
        "Write redact or withhold",
        "What happens to prompts and completions: what is private in them is redacted, or they are withheld whole.",
    ),
    Option(
        "cardinality_limit",
        parse_count,
        2000,
        "Write a whole number of 1 or more",
        "Most series of one metric; measurements with more sets of attributes go to one overflow series.",
    ),
    Option(
        "honeytokens",
        parse_honeytokens,
        (),
        "List the planted values, or write file:/path with one in each line",
        "Planted values whose appearance in telemetry is an alarm: a list, or file: and the path of a file of lines.",
    ),
    Option(
        "baggage_keys",
        parse_keys,
        (),
        "Write keys such as tenant, app.*, with commas between them",
        "Keys of the baggage that may go out with calls, as names or globs; no other entry does.",
    ),
    Option(
        "baggage_hosts",
        parse_hosts,
        (),
        "Write inventory, *.internal, orders.example.org:8443, 10.0.0.0/8 or [::1]:8080, with commas between them",
        "Hosts that baggage may go to: names, globs, addresses or networks; * for all that are known.",
    ),
    Option("output", parse_switch, True, _SWITCH, "Redact the text that stdlib logging writes to its handlers."),
    Option("log_correlation", parse_switch, True, _SWITCH, "Add trace_id to the app's own log lines within a span."),
    Option("response_header", parse_switch, True, _SWITCH, "Answer requests with the traceresponse header."),
    Option("process_metrics", parse_switch, True, _SWITCH, "Report process.* metrics by psutil."),
    Option("system_metrics", parse_switch, True, _SWITCH, "Report system.* metrics by psutil."),
    Option("strict", parse_switch, False, _SWITCH, "For tests and CI: raise where production withholds a record."),
)
