"""What the corpus is made of: a record, and a piece of text that knows its secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


@dataclass(frozen=True)
class Piece:
    """A text, the secrets in it exactly as they stand there, and what may go along with them (``BEGIN`` lines)."""

    text: str
    secrets: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def mapped(self, change: Callable[[str], str]) -> Piece:
        """The piece under an encoding that works letter by letter, such as JSON's or that of URLs."""
        return Piece(change(self.text), tuple(map(change, self.secrets)), tuple(map(change, self.also)))

    def within(self, template: str) -> Piece:
        """The piece in place of ``{m}`` in a template; every other brace stays as it is."""
        return Piece(template.replace("{m}", self.text), self.secrets, self.also)


@dataclass(frozen=True)
class Drawn:
    """A value that was drawn: how it is spelled, the words that may introduce it, whether it needs one of them."""

    text: str
    words: tuple[str, ...] = ()
    alone: bool = True


@dataclass(frozen=True)
class Kind:
    """A kind of value by its parts: how to draw it, the keys it stands under, the sentences it occurs in."""

    name: str
    draw: Callable[[Random], Drawn]
    keys: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    text: bool = True


@dataclass(frozen=True)
class Composed:
    """A kind whose surroundings belong to it, such as a password inside a URL."""

    name: str
    make: Callable[[Random], Piece]


@dataclass(frozen=True)
class Record:
    """One text, or one set of attributes, with its labels. A clean record has none."""

    kind: str
    body: str | dict[str, Any]
    secrets: tuple[str, ...]
    source: str
    also: tuple[str, ...] = ()
