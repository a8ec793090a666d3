"""Where settings come from: what each source gives, and the place of each value in it."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, NamedTuple

from discreet.policy.errors import Problem
from discreet.policy.options import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

NAMES = tuple(option.name for option in OPTIONS)
FILE_VARIABLE = "DISCREET_CONFIG"
_NEAR = 0.9  # of a variable: others use the prefix for theirs


class Given(NamedTuple):
    """A value that a source gives.

    Attributes:
        value: As it stands there, references followed.
        place: Where, such as ``DISCREET_OUTPUT`` or ``discreet.yaml:3: output``.
        items: The places of its items, where they are known one by one.
    """

    value: object
    place: str
    items: tuple[str, ...] = ()

    def place_of(self, item: int) -> str:
        """Give the place of an item, counted from 1; that of the whole where it is not known."""
        return self.items[item - 1] if 0 < item <= len(self.items) else self.place


class Source(NamedTuple):
    """One source: what it gives by name of the option, and what is wrong with it as such."""

    given: Mapping[str, Given]
    problems: tuple[Problem, ...] = ()


def of_mapping(values: Mapping[str, Any], place: str) -> Source:
    """Give a source of a mapping: option and value."""
    given = {name: Given(value, f"{place}.{name}") for name, value in values.items()}
    return Source(given, tuple(unknown(values, place)))


def of_environment(environ: Mapping[str, str]) -> Source:
    """Give a source of the ``DISCREET_*`` variables."""
    given = {
        option.name: Given(environ[option.variable], option.variable)
        for option in OPTIONS
        if option.variable in environ
    }
    return Source(given, tuple(_misspelt(environ)))


def of_arguments(arguments: Mapping[str, Any]) -> Source:
    """Give a source of arguments of ``configure()``; None stands for not given."""
    given = {name: Given(value, f"configure({name}=...)") for name, value in arguments.items() if value is not None}
    return Source(given, tuple(unknown(arguments, "configure()")))


def unknown(names: Iterable[object], place: str, known: Sequence[str] = NAMES) -> Iterator[Problem]:
    """Yield a problem for each name that is not known, with the nearest that is."""
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, 1)
            remedy = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}"
            yield Problem(place, "has an option that is not known", remedy)


def _misspelt(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each variable that is nearly one of ours; others may use the prefix for theirs."""
    known = [FILE_VARIABLE, *(option.variable for option in OPTIONS)]
    for name in environ:
        if name.startswith("DISCREET_") and name not in known:
            near = difflib.get_close_matches(name, known, 1, _NEAR)
            if near:
                yield Problem(name, "is a variable that is not known", f"Did you mean {near[0]}?")
