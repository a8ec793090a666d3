"""Markers: what stands where a private value stood. They say the kind and never echo the value."""

from __future__ import annotations

import re
from typing import Final

# Letters and underscores only, so that nobody hides a number in what looks like a marker.
MARKER: Final = re.compile(r"(\[(?:REDACTED|WITHHELD):[a-z][a-z_]{0,39}\])")


def marker(kind: str) -> str:
    """Gives what replaces a value of a kind: `[REDACTED:email]`."""
    return f"[REDACTED:{kind}]"


def withheld(reason: str) -> str:
    """Gives what replaces something that could not be looked at: `[WITHHELD:depth]`."""
    return f"[WITHHELD:{reason}]"


def is_marker(text: str) -> bool:
    """Says whether a text is one marker and nothing else."""
    return text.startswith(("[REDACTED:", "[WITHHELD:")) and MARKER.fullmatch(text) is not None


def has_marker(text: str) -> bool:
    """Says cheaply whether a text may hold a marker."""
    return "[REDACTED:" in text or "[WITHHELD:" in text
