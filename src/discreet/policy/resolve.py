"""One precedence function over all sources: a later source wins over an earlier one, option by option."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from discreet.policy.errors import Problem, WrongItems
from discreet.policy.known import known_with
from discreet.policy.options import OPTIONS, Option
from discreet.policy.sources import Given, Source, of_arguments, of_environment, of_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT = "default"


class Settled(NamedTuple):
    """The outcome of all sources.

    Attributes:
        settings: The value of every option.
        origins: The place of each value, "default" where no source gave it.
        problems: What was wrong with the sources.
    """

    settings: dict[str, Any]
    origins: dict[str, str]
    problems: list[Problem]


def settle(sources: Iterable[Source]) -> Settled:
    """Give the value of every option from sources, the weakest first.

    A wrong value is never guessed at: the option keeps what the next weaker source gives, at last the default, which
    is the strictest.
    """
    sources = tuple(sources)
    found = Settled(
        {option.name: option.default for option in OPTIONS},
        dict.fromkeys((option.name for option in OPTIONS), DEFAULT),
        [problem for source in sources for problem in source.problems],
    )
    for option in OPTIONS:  # in their order: patterns bring names that the next ones may use
        for source in sources:
            if option.name in source.given:
                _apply(option, source.given[option.name], found)
    return found


def tightened(local: Settled, remote: Source) -> Settled:
    """Give what a remote makes of settled options; its `problems` are those of the remote alone.

    A remote may tighten only, as the row of each option says, unless the local sources let it loosen.
    """
    found = Settled(dict(local.settings), dict(local.origins), list(remote.problems))
    for option in OPTIONS:
        if option.name in remote.given:
            _tighten(option, remote.given[option.name], found)
    return found


def _tighten(option: Option, given: Given, found: Settled) -> None:
    before = found.settings[option.name]
    if option.remote is None:
        remedy = "Take it out, and set it where the process runs"
        found.problems.append(Problem(given.place, "is not taken from a remote", remedy))
    elif _apply(option, given, found) and not found.settings["opamp_may_loosen"]:
        try:
            found.settings[option.name] = option.remote.settled(before, found.settings[option.name])
        except ValueError as error:
            remedy = f"A remote {option.remote.says}; opamp_may_loosen, set where the process runs, lets it do more"
            found.problems.append(Problem(given.place, str(error), remedy))


def resolve(
    *,
    file: Mapping[str, Any] | None = None,
    file_place: str = "distribution.discreet",
    environ: Mapping[str, str] | None = None,
    arguments: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], list[Problem]]:
    """Give the value of every option, and what was wrong with the sources, of what a file held, variables, arguments.

    No file is read here: that is `discreet.policy.gather`.
    """
    found = settle((of_mapping(file or {}, file_place), of_environment(environ or {}), of_arguments(arguments or {})))
    return found.settings, found.problems


def _apply(option: Option, given: Given, found: Settled) -> bool:
    """Put a value in its place, and say whether it is right."""
    known = (known_with(found.settings["patterns"]),) if option.names_detectors else ()
    try:
        found.settings[option.name] = option.parse(given.value, *known)
        found.origins[option.name] = given.place
    except ValueError as error:
        found.problems.extend(Problem(place, rule, option.remedy) for place, rule in _faults(given, error).items())
        return False
    return True


def _faults(given: Given, error: ValueError) -> dict[str, str]:
    """Give by place what is wrong there."""
    rules: dict[str, list[str]] = {}
    for item, rule in error.faults if isinstance(error, WrongItems) else ((0, str(error)),):
        rules.setdefault(given.place_of(item), []).append(rule)
    return {place: "; ".join(dict.fromkeys(several)) for place, several in rules.items()}
