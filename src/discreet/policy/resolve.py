"""One precedence function over all sources: default < declarative file < environment < argument."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from discreet.policy.errors import Problem
from discreet.policy.known import known_with
from discreet.policy.options import OPTIONS, Option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMES = tuple(option.name for option in OPTIONS)


def resolve(
    *,
    file: Mapping[str, Any] | None = None,
    file_place: str = "distribution.discreet",
    environ: Mapping[str, str] | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], list[Problem]]:
    """Give the value of every option, and what was wrong with the sources.

    A wrong value is never guessed at: the option keeps what the next weaker source gives.
    """
    file, environ, arguments = file or {}, environ or {}, arguments or {}
    sources: tuple[dict[str, tuple[str, Any]], ...] = (
        {name: (f"{file_place}.{name}", value) for name, value in file.items()},
        {option.name: (option.variable, environ[option.variable]) for option in OPTIONS if option.variable in environ},
        {name: (f"configure({name}=...)", value) for name, value in arguments.items() if value is not None},
    )
    settings = {option.name: option.default for option in OPTIONS}
    problems = [*_unknown(file, file_place), *_unknown(arguments, "configure()")]
    for option in OPTIONS:  # in their order: patterns bring names that the next ones may use
        for source in sources:
            if option.name in source:
                place, value = source[option.name]
                _apply(option, place, value, settings, problems)
    return settings, problems


def _apply(option: Option, place: str, value: object, settings: dict[str, Any], problems: list[Problem]) -> None:
    try:
        if option.names_detectors:
            settings[option.name] = option.parse(value, known_with(settings["patterns"]))
        else:
            settings[option.name] = option.parse(value)
    except ValueError as error:
        problems.append(Problem(place, str(error), option.remedy))


def _unknown(source: Mapping[str, Any], place: str) -> Iterator[Problem]:
    for name in source:
        if name not in _NAMES:
            near = difflib.get_close_matches(str(name), _NAMES, 1)
            remedy = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(_NAMES)}"
            yield Problem(place, "has an option that is not known", remedy)
