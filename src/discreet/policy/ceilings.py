"""The option `exporters`: the highest level of a record that each exporter may be handed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.classification import Level
from discreet.policy.errors import WrongItems
from discreet.policy.level_actions import LEVELS
from discreet.policy.words import pairs_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

FIELD: Final = "max_level"
OTHERS: Final = "*"
NAME: Final = r"[A-Za-z0-9_.:*?/-]{1,200}"
_PLAIN: Final = re.compile(r"[a-z0-9_]+")
_KNOWN: Final = ("console", "otlp", "otlp_proto_grpc", "otlp_proto_http", "otlp_grpc", "otlp_http", "zipkin")
_NEAR: Final = 0.8


class Ceiling(NamedTuple):
    """The ceiling of an exporter: the name it was given under, and the highest level that passes."""

    name: str
    level: Level


def parse_exporters(value: object) -> dict[str, str]:
    """Give level by name of the exporter, from a mapping, from JSON, or from ``console=internal,otlp=confidential``.

    Each member is ``{max_level: internal}``, or the level alone.

    Raises:
        ValueError: With the place in the mapping and the rule, without the value.
    """
    ceilings: dict[str, str] = {}
    faults: list[tuple[int, str]] = []
    for place, (name, given) in enumerate(pairs_of(value, "must be a mapping of exporter to max_level"), 1):
        try:
            _check(name, ceilings)
            ceilings[name] = _level(given)
        except ValueError as error:
            faults.append((place, f"the exporter at place {place} {error}"))
    if faults:
        raise WrongItems(faults)
    return ceilings


def _check(name: str, known: Collection[str]) -> None:
    if not re.fullmatch(NAME, name):
        raise ValueError("must be named as in OTEL_*_EXPORTER, by its class or by module:class, with * for any text")
    if name in known:
        raise ValueError("stands here again")
    if _PLAIN.fullmatch(name) and name not in _KNOWN:
        near = difflib.get_close_matches(name, _KNOWN, 1, _NEAR)
        if near:
            raise ValueError(f"is not known: did you mean {near[0]}?")


def _level(given: object) -> str:
    if isinstance(given, Mapping):
        if set(given) != {FIELD}:
            raise ValueError(f"must have {FIELD}, and nothing else")
        given = given[FIELD]
    if not isinstance(given, str) or given not in LEVELS:
        raise ValueError(f"must have a {FIELD} that is one of {', '.join(LEVELS)}")
    return given


@dataclass(frozen=True, slots=True)
class Ceilings:
    """All ceilings; false where there is none."""

    rules: tuple[Ceiling, ...] = ()

    @classmethod
    def of(cls, levels: Mapping[str, str]) -> Ceilings:
        """Give the ceilings of what `parse_exporters` gave."""
        return cls(tuple(Ceiling(name, Level.parse(level)) for name, level in levels.items()))

    def __bool__(self) -> bool:
        """Say whether there is a ceiling."""
        return bool(self.rules)

    def over(self, names: Collection[str]) -> Ceiling | None:
        """Give the lowest ceiling that fits one of the names of an exporter, else that of ``*``, else None."""
        found = [rule for rule in self.rules if rule.name != OTHERS and self._fits(rule, names)]
        return _lowest(found or [rule for rule in self.rules if rule.name == OTHERS])

    @staticmethod
    def _fits(rule: Ceiling, names: Collection[str]) -> bool:
        return any(fnmatchcase(name, rule.name) for name in names)

    def strictest(self) -> Ceiling | None:
        """Give the lowest ceiling of all: that of an exporter whose names cannot be told."""
        return _lowest(self.rules)

    def above(self) -> Iterator[tuple[str, str]]:
        """Yield each name with each level that is held back there."""
        for rule in self.rules:
            for level in Level:
                if level > rule.level:
                    yield rule.name, level.label


def _lowest(rules: Collection[Ceiling]) -> Ceiling | None:
    return min(rules, key=lambda rule: rule.level, default=None)
