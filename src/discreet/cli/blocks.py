"""Lines that belong together: a private key of many lines, a key whose value stands on the next line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_LINES: Final = 400  # of one block; an 8,192-bit key has about 110
_OPENS = re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY|-----BEGIN OpenVPN|---- BEGIN SSH2|PuTTY-User-Key-File-")
_CLOSES = re.compile(rb"-----END [A-Z0-9 ]*PRIVATE KEY|-----END OpenVPN|---- END SSH2|Private-MAC:")
_GOES_ON = re.compile(rb"[\w.\"'-]+:[ ]?[|>]?[+-]?\r?\n\Z")


def blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yields lines, those that belong together as one; never more than a block is held back."""
    held: list[bytes] = []
    closes: re.Pattern[bytes] | None = None
    for line in lines:
        held.append(line)
        if closes is None and len(held) == 1:
            if _OPENS.search(line) and not _CLOSES.search(line):
                closes = _CLOSES
                continue
            if _GOES_ON.search(line):
                continue
        elif closes is not None and not closes.search(line) and len(held) < MOST_LINES:
            continue
        yield b"".join(held)
        held, closes = [], None
    if held:
        yield b"".join(held)
