"""Texts in which something was found: what became of them, by a digest, so that no private value is kept.

The same address stands in many records of a request, and need not be found each time. The digest is keyed by random
bytes that never leave the process.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import Final

_MOST: Final = 4096
_LONGEST: Final = 512
_KEY: Final = os.urandom(32)
_SIZE: Final = 16  # bytes of a digest: two texts that share one are not to be expected


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE, key=_KEY).digest()


class Answers:
    """The last few thousand answers of one redactor. Bounded in number and length."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[str, frozenset[str]]] = {}

    def get(self, text: str, found: set[str]) -> str:
        """Gives the clean text, adding the kinds found; the empty text where there is no answer."""
        if len(text) > _LONGEST or not self._known:
            return ""
        answer = self._known.get(_digest(text))
        if answer is None:
            return ""
        found |= answer[1]
        return answer[0]

    def keep(self, text: str, clean: str, kinds: set[str]) -> None:
        """Keeps an answer."""
        if len(text) > _LONGEST:
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[_digest(text)] = (clean, frozenset(kinds))
