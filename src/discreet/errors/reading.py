"""Reads a traceback as CPython 3.10 to 3.13 writes it: type, frames, causes, and the members of an exception group.

Lines of the message are never looked at but for the type that the first one begins with, so that what they say, and
what redaction makes of it, changes nothing here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What `traceback.TracebackException.format` writes between an exception and the one that came of it.
_LINKS: Final = frozenset(
    {
        "The above exception was the direct cause of the following exception:",
        "During handling of the above exception, another exception occurred:",
    }
)
_HEADS: Final = ("Traceback (most recent call last):", "Exception Group Traceback (most recent call last):")
_FRAME: Final = re.compile(r'  File "(.*)", line \d+, in (.*)')
_TYPE: Final = re.compile(r"([^\W\d][\w.<>]*)(?::|$)")
_FIRST_MEMBER: Final = re.compile(r"\+-\+-{16} (?:\d+|\.\.\.) -{16}")
_NEXT_MEMBER: Final = re.compile(r"  \+-{16} (?:\d+|\.\.\.) -{16}")
_OWN_MARGINS: Final = ("  | ", "  + ")
_DEEPEST: Final = 12
"""Groups in groups; `traceback` itself stops after 10."""


class Frame(NamedTuple):
    """A line of a traceback that names a place: file and function, as they stand there."""

    file: str
    function: str


class Told(NamedTuple):
    """What a traceback tells.

    Attributes:
        type: The type of the exception, with its module unless that is `builtins` or `__main__`; may be empty.
        frames: From the outermost call to the place where it was raised.
        causes: The types of the exceptions that it came of, the first of them first.
        members: Where it is a group, what it tells of each member.
        ending: The last place and the first line of the message, raw: what two tellings of one exception share.
    """

    type: str
    frames: tuple[Frame, ...] = ()
    causes: tuple[str, ...] = ()
    members: tuple[Told, ...] = ()
    ending: tuple[str, str] = ("", "")


def read(text: str) -> Told:
    """Give what a traceback tells. Anything may be given: what is no traceback tells nothing."""
    return _read(text.replace("\r\n", "\n").split("\n"), 0)


def _read(lines: Sequence[str], depth: int) -> Told:
    *causes, last = [_block(block, depth) for block in _blocks(lines)]
    return last._replace(causes=tuple(cause.type for cause in causes if cause.type))


def _blocks(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """Give the lines of each exception of a chain; the last one is what was raised in the end."""
    begin = 0
    for number, line in enumerate(lines):
        if line in _LINKS:
            yield lines[begin:number]
            begin = number + 1
    yield lines[begin:]


def _block(lines: Sequence[str], depth: int) -> Told:
    begin = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    lines = lines[begin:]
    if lines and lines[0].startswith(_OWN_MARGINS):
        lines = _without_margin(lines)
    members = next((number for number, line in enumerate(lines) if _FIRST_MEMBER.fullmatch(line)), len(lines))
    told = _plain(lines[:members])
    if members == len(lines) or depth >= _DEEPEST:
        return told
    return told._replace(members=tuple(_members(lines[members + 1 :], depth + 1)))


def _plain(lines: Sequence[str]) -> Told:
    """Read frames and type; all frames are indented, and the first line that is not begins with the type."""
    frames: list[Frame] = []
    place = ""
    for line in lines[1:] if lines and lines[0] in _HEADS else lines:
        if not line.startswith("  "):
            kind = _TYPE.match(line)
            return Told(kind[1] if kind else "", tuple(frames), ending=(place, line))
        if match := _FRAME.fullmatch(line):
            frames.append(Frame(match[1], match[2]))
            place = line
    return Told("", tuple(frames), ending=(place, ""))


def _members(lines: Sequence[str], depth: int) -> Iterator[Told]:
    begin = 0
    for number, line in enumerate([*lines, ""]):
        if number == len(lines) or _NEXT_MEMBER.fullmatch(line) or not line.startswith("  "):
            yield _read(_without_margin(lines[begin:number]), depth)
            begin = number + 1
            if not line.startswith("  "):
                return


def _without_margin(lines: Sequence[str]) -> list[str]:
    """Take one level of an exception group's margin off; deeper levels keep theirs, two characters shorter."""
    return [line[4:] if line.startswith(_OWN_MARGINS) else line[2:] for line in lines]
