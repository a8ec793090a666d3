"""What is counted: whether a secret is still readable, and how much else was lost."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RUN = 5  # consecutive characters of a secret that give it away
_MARKER = re.compile(r"\[(?:REDACTED|WITHHELD)[^\]]*\]|REDACTED")


def leaves(value: Any) -> Iterator[str]:
    """The texts in a value, numbers included, in order."""
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from leaves(item)
    else:
        yield value if isinstance(value, str) else json.dumps(value, default=str)


def as_text(body: str | dict[str, Any]) -> str:
    """The body's values as one text."""
    return body if isinstance(body, str) else "\x1e".join(leaves(body))


def leak(before: str, after: str, secrets: Sequence[str]) -> str:
    """``""``, ``"part"`` or ``"whole"``: what is left of the secrets, beyond what the rest of the text holds anyway."""
    rest = before
    for secret in sorted(secrets, key=len, reverse=True):
        rest = rest.replace(secret, "\x00")
    after = _MARKER.sub("\x00", after)
    worst = ""
    for secret in secrets:
        # A short value may well stand elsewhere too: "42" in a time. A long one that does is the same secret.
        spared = before.count(secret) - secrets.count(secret) if len(secret) <= RUN else rest.count(secret)
        if after.count(secret) > spared:
            return "whole"
        if len(secret) > RUN and _grams_left(secret, rest, after):
            worst = "part"
    return worst


def _grams_left(secret: str, rest: str, after: str) -> bool:
    grams = {secret[at : at + RUN] for at in range(len(secret) - RUN + 1)}
    return any(gram in after and after.count(gram) > rest.count(gram) for gram in grams)


def lost(before: str, after: str, secrets: Sequence[str], also: Sequence[str]) -> int:
    """How many characters outside the secrets are gone."""
    if before == after:
        return 0
    kept = bytearray(len(before))
    for text in (*secrets, *also):
        at = before.find(text) if text else -1
        while at >= 0:
            kept[at : at + len(text)] = b"\x01" * len(text)
            at = before.find(text, at + len(text))
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    inner, changed = before[start : len(before) - end], _MARKER.sub("\x00", after[start : len(after) - end])
    for block in SequenceMatcher(None, inner, changed, autojunk=False).get_matching_blocks():
        kept[start + block.a : start + block.a + block.size] = b"\x01" * block.size
    kept[:start] = b"\x01" * start
    if end:
        kept[len(before) - end :] = b"\x01" * end
    return kept.count(0)


def _common(first: str, second: str) -> int:
    size = min(len(first), len(second))
    return next((at for at in range(size) if first[at] != second[at]), size)
