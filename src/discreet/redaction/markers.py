"""Markers: what stands where a private value stood. They say the kind and never echo the value."""

from __future__ import annotations

import re
from typing import Final

# Letters and underscores only, so that nobody hides a number in what looks like a marker.
MARKER: Final = re.compile(
    r"(\[(?:REDACTED|WITHHELD):[a-z][a-z_]{0,39}\]|\[PSEUDONYM:[a-z][a-z_]{0,39}:[a-z]{1,12}[0-9]{0,3}:[a-p]{24}\])"
)
FAILED: Final = "failed"
"""Among the kinds found: code failed on a value, which left as a marker, so that nobody knows what it held."""
_MASKED = re.compile(r"[*]{3,}[0-9A-Za-z]{0,4}")
_OPENINGS: Final = ("[REDACTED:", "[WITHHELD:", "[PSEUDONYM:")


def marker(kind: str) -> str:
    """Gives what replaces a value of a kind: `[REDACTED:email]`."""
    return f"[REDACTED:{kind}]"


def withheld(reason: str) -> str:
    """Gives what replaces something that could not be looked at: `[WITHHELD:depth]`."""
    return f"[WITHHELD:{reason}]"


def pseudonym(kind: str, key_id: str, letters: str) -> str:
    """Gives what stands for a value that stays recognisable: `[PSEUDONYM:email:k1:abcdefghijklmnopabcdefgh]`."""
    return f"[PSEUDONYM:{kind}:{key_id}:{letters}]"


def is_marker(text: str) -> bool:
    """Says whether a text is one marker and nothing else."""
    return text.startswith(_OPENINGS) and MARKER.fullmatch(text) is not None


def is_masked(text: str) -> bool:
    """Says whether a text is what masking leaves: `****1111`."""
    return text.startswith("***") and _MASKED.fullmatch(text) is not None


def has_marker(text: str) -> bool:
    """Says cheaply whether a text may hold a marker."""
    return "[" in text and any(opening in text for opening in _OPENINGS)
