"""A compact line for the terminal of who develops."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from discreet.guard.parts import CATEGORY, SECURITY_LEVEL
from discreet.guard.servers import READERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RESET, _DIM, _BOLD = "\x1b[0m", "\x1b[2m", "\x1b[1m"
_COLOURS: Final = ((17, "\x1b[31m"), (13, "\x1b[33m"), (9, "\x1b[32m"), (1, "\x1b[36m"))
"""From which severity number on, and the colour: red, yellow, green, cyan."""

_USUAL: Final = ("application", "internal")
_INDENT: Final = "\n    "
# What would move the cursor, change colours or ring (ECMA-48: C0 and C1), and what would turn the line round
# (Unicode, "Bidirectional Character Types"): a message says it in its spelling.
_CONTROLS: Final = {
    code: ascii(chr(code))[1:-1]
    for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    if chr(code) not in "\t\n"
}


def has_colours(stream: Any) -> bool:
    """Say whether a stream shows colours: a terminal, unless ``NO_COLOR`` (no-color.org) or ``TERM=dumb`` is set."""
    try:
        return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    except Exception:
        return False


def told(fields: Mapping[str, Any], *, coloured: bool) -> str:
    """Give the fields of a record as a line; tracebacks and what else has lines of its own follow, indented."""
    paint = _painted if coloured else _bare
    severity = fields.get("severity_text", "")
    first = " ".join(
        [
            paint(_local(fields["timestamp"]), _DIM),
            paint(_shown(f"{severity:<5}"), _colour(fields.get("severity_number", 0))),
            paint(_shown(fields.get("logger", "")), _BOLD),
            _shown(fields.get("body", "")),
            *(f"{paint(_shown(f'{name}='), _DIM)}{_shown(value)}" for name, value in _pairs(fields)),
        ]
    )
    trace = fields.get("exception.stacktrace")
    return f"{first}{_INDENT}{_shown(trace)}" if trace else first


def _pairs(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if fields.get("logger") not in READERS:  # there the body says the same
        yield from fields.get("attributes", {}).items()
    about = fields[CATEGORY], fields[SECURITY_LEVEL]
    if about != _USUAL:
        yield "class", "/".join(about)
    if "trace_id" in fields:
        yield "trace_id", fields["trace_id"]


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text.strip("\n").translate(_CONTROLS).replace("\n", _INDENT)


def _local(timestamp: str) -> str:
    return datetime.fromisoformat(timestamp.replace("Z", "+00:00")).astimezone().strftime("%H:%M:%S.%f")[:-3]


def _colour(number: int) -> str:
    return next((colour for least, colour in _COLOURS if number >= least), _DIM)


def _painted(text: str, colour: str) -> str:
    return f"{colour}{text}{_RESET}" if text else ""


def _bare(text: str, _colour: str) -> str:
    return text
