"""The table of options: every setting has one row here, whichever source it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from discreet.detectors import DETECTORS, detectors_named

if TYPE_CHECKING:
    from collections.abc import Callable

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


def parse_detectors(value: object) -> tuple[str, ...]:
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
        return ALL_DETECTORS
    return tuple(dict.fromkeys(detector.kind for detector in detectors_named(names)))


ALL_DETECTORS: tuple[str, ...] = tuple(dict.fromkeys(detector.kind for detector in DETECTORS))


@dataclass(frozen=True, slots=True)
class Option:
    """One setting.

    Attributes:
        name: Its name in ``distribution.discreet`` of the declarative file and as an argument of ``configure()``.
        parse: Gives the value, or raises ValueError with the rule.
        default: In force when no source gives it, or a source gives it wrongly.
        remedy: What to write instead.
        summary: What it decides, for the reference.
    """

    name: str
    parse: Callable[[object], Any]
    default: Any
    remedy: str
    summary: str

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"DISCREET_{self.name.upper()}"


_SWITCH = "Write true or false"

OPTIONS: tuple[Option, ...] = (
    Option(
        "detectors",
        parse_detectors,
        ALL_DETECTORS,
        f"Choose from {', '.join(ALL_DETECTORS)}, or leave it out for all",
        "Which detectors look at text. Sensitive keys are redacted whichever are chosen.",
    ),
    Option("output", parse_switch, True, _SWITCH, "Redact the text that stdlib logging writes to its handlers."),
    Option("log_correlation", parse_switch, True, _SWITCH, "Add trace_id to the app's own log lines within a span."),
    Option("response_header", parse_switch, True, _SWITCH, "Answer requests with the traceresponse header."),
    Option("process_metrics", parse_switch, True, _SWITCH, "Report process.* metrics by psutil."),
    Option("system_metrics", parse_switch, True, _SWITCH, "Report system.* metrics by psutil."),
)
