"""A fingerprint of an error: the same wherever and whenever the same code fails in the same way.

It is made of the type, the app's own frames (module path and function, each once, in order), the types of the causes
and, for an exception group, of its members. Not of line numbers, messages, addresses, nor of where app and virtual
environment lie. Where there is no frame of the app's, those of installed packages count, and where there is none of
these either, all do. Comprehensions are left out, as CPython 3.12 has no frames for them.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.errors.places import OWN, Roots, place_of
from discreet.errors.reading import read

if TYPE_CHECKING:
    from discreet.errors.reading import Told

LENGTH: Final = 16
LONGEST: Final = 128 * 1024
"""Characters of a traceback that are read, from its end: there is the exception that was raised last."""

_UNNAMED_MODULES: Final = ("builtins.", "__main__.")
_INLINED: Final = frozenset({"<listcomp>", "<dictcomp>", "<setcomp>"})
_MANY_DIGITS: Final = re.compile(r"\d{7}")


class Fingerprint(NamedTuple):
    """What identifies an error.

    Attributes:
        code: 16 hexadecimal digits, of which no seven in a row are decimal: no detector takes it for a number.
        type: The type of the exception, with its module unless that is `builtins` or `__main__`.
        ending: Equal for two records of one exception, whatever part of its traceback each holds; for this process.
    """

    code: str
    type: str
    ending: int


def fingerprint(text: str, kind: str = "", message: str = "", roots: Roots | None = None) -> Fingerprint:
    """Give the fingerprint of an error by its traceback as text, as `traceback.format_exception` gives it.

    Args:
        text: The traceback; may be empty.
        kind: The type, where it is known apart; it counts where the text has none.
        message: The message, where it is known apart; it is part of `ending` only, and only without a text.
        roots: The folders that modules are found in; else those of this process.
    """
    told = read(tail(text))
    kind = _type(told.type or kind)
    parts = _parts(told._replace(type=kind), roots or Roots.here())
    ending = told.ending if told.frames else (kind, told.ending[1] or message)
    return Fingerprint(_code("\n".join(parts)), kind, hash(ending))


def tail(text: str) -> str:
    """Give what is read of a traceback: the whole, or the last lines of one that is too long."""
    return text if len(text) <= LONGEST else text[-LONGEST:].partition("\n")[2]


def _parts(told: Told, roots: Roots) -> list[str]:
    members = {"\n".join(_parts(member, roots)) for member in told.members}
    causes = [f"cause {_type(cause)}" for cause in told.causes]
    return [_type(told.type), *_frames(told, roots), *causes, *(f"member {member}" for member in sorted(members))]


def _frames(told: Told, roots: Roots) -> list[str]:
    placed = [(place_of(file, roots), function) for file, function in told.frames if function not in _INLINED]
    closest = min((place.whose for place, _ in placed), default=OWN)
    frames = (f"{place.path}:{function}" for place, function in placed if place.whose == closest)
    return list(dict.fromkeys(frames))  # each once: a recursion is as deep as it happens to be


def _type(kind: str) -> str:
    for module in _UNNAMED_MODULES:
        kind = kind.removeprefix(module)
    return kind


def _code(text: str) -> str:
    while True:
        digest = sha256(text.encode("utf-8", "replace")).hexdigest()
        for begin in range(len(digest) - LENGTH + 1):
            code = digest[begin : begin + LENGTH]
            if not _MANY_DIGITS.search(code):
                return code
        text = digest  # one in billions
