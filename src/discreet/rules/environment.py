"""An environment's file: its name, its thresholds, where its runbooks are, and which alerts it does without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from discreet.policy.errors import Problem
from discreet.policy.json_nodes import json_tree
from discreet.policy.nodes import Items, Pairs, Scalar, UnreadableError
from discreet.policy.reading import CannotReadError, read
from discreet.policy.yaml_nodes import yaml_tree
from discreet.rules.groups import GROUPS
from discreet.rules.model import Alert
from discreet.rules.thresholds import THRESHOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from discreet.policy.nodes import Node
    from discreet.rules.thresholds import Threshold

MOST: Final = 64 * 1024
"""Most bytes of a file."""
RUNBOOKS: Final = "docs/runbooks/"
_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,62}")
_PLACE: Final = re.compile(r"[!-~]*")
_BY_NAME: Final = {threshold.name: threshold for threshold in THRESHOLDS}
_ALERTS: Final = frozenset(rule.alert for group in GROUPS for rule in group.rules if isinstance(rule, Alert))


class WrongEnvironmentError(ValueError):
    """Raised for a file from which no rules can be rendered; holds every problem at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, problems)))


@dataclass(frozen=True)
class Environment:
    """What differs between environments.

    Attributes:
        name: Such as "production": the label `deployment_environment_name` of all alerts.
        thresholds: A number for each of `THRESHOLDS`.
        runbooks: What stands before ``<alert>.md`` in links.
        without: Alerts that are left out.
    """

    name: str
    thresholds: Mapping[str, float]
    runbooks: str = RUNBOOKS
    without: frozenset[str] = frozenset()


def read_environment(path: Path) -> Environment:
    """Read an environment's file, YAML unless its name ends in ``.json``.

    Raises:
        WrongEnvironmentError: With all that is wrong with it, each with its line.
    """
    try:
        text = read(str(path), MOST).decode()
    except (CannotReadError, UnicodeDecodeError) as error:
        rule = str(error) if isinstance(error, CannotReadError) else "is not UTF-8 text"
        raise WrongEnvironmentError([Problem(path.name, rule, "Give the path of an environment's file")]) from None
    return environment_of(text, path.name)


def environment_of(text: str, name: str = "environment.yaml") -> Environment:
    """Give the environment of a text, JSON where `name` ends so, else YAML.

    Raises:
        WrongEnvironmentError: With all that is wrong with it, each with its line.
    """
    try:
        root = json_tree(text) if name.endswith(".json") else yaml_tree(text)
    except UnreadableError as error:
        raise WrongEnvironmentError([Problem(f"{name}:{error.line}", error.rule, error.remedy)]) from None
    reader = _Reader(name)
    found = reader.environment(root)
    if reader.problems:
        raise WrongEnvironmentError(reader.problems)
    return found


class _Reader:
    """Takes a tree apart, and notes what is wrong."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.problems: list[Problem] = []

    def _wrong(self, line: int, key: str, rule: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self._name}:{line}: {key}" if key else f"{self._name}:{line}", rule, remedy))

    def environment(self, root: Node | None) -> Environment:
        known = ("environment", "runbooks", "without", "thresholds")
        top = dict(self._pairs(root, "", known))
        return Environment(
            self._text(top.get("environment"), "environment", _NAME, "production"),
            dict(self._thresholds(top.get("thresholds"))),
            self._text(top["runbooks"], "runbooks", _PLACE, RUNBOOKS) if "runbooks" in top else RUNBOOKS,
            frozenset(self._alerts(top.get("without"))),
        )

    def _pairs(self, node: Node | None, where: str, known: tuple[str, ...]) -> Iterator[tuple[str, Node]]:
        """Yields what stands under known keys, each once."""
        if not isinstance(node, Pairs):
            self._wrong(node.line if node else 1, where, "must be a mapping", f"Its keys are {', '.join(known)}")
            return
        seen = set()
        for key, value in node.nodes:
            word = key.value if isinstance(key, Scalar) else None
            if word not in known:
                self._wrong(key.line, where, "has a key that is none", f"Keys are {', '.join(known)}")
            elif word in seen:
                self._wrong(key.line, str(word), "stands twice", "Leave one")
            else:
                seen.add(word)
                yield str(word), value

    def _text(self, node: Node | None, key: str, shape: re.Pattern[str], such_as: str) -> str:
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, str) and shape.fullmatch(value):
            return value
        self._wrong(node.line if node else 1, key, "must be a word", f"Write one such as {such_as}")
        return ""

    def _alerts(self, node: Node | None) -> Iterator[str]:
        if node is not None and not isinstance(node, Items):
            self._wrong(node.line, "without", "must be a list of alerts", "Name alerts, or leave it out")
            return
        for item in node.nodes if node is not None else ():
            value = item.value if isinstance(item, Scalar) else None
            if value in _ALERTS:
                yield str(value)
            else:
                self._wrong(item.line, "without", "must name alerts", "`discreet rules list` prints their names")

    def _thresholds(self, node: Node | None) -> Iterator[tuple[str, float]]:
        missing = dict(_BY_NAME)
        for key, value in self._pairs(node, "thresholds", tuple(_BY_NAME)):
            threshold = missing.pop(key)
            number = value.value if isinstance(value, Scalar) else None
            if isinstance(number, bool) or not isinstance(number, (int, float)) or not _within(number, threshold):
                self._wrong(
                    value.line,
                    key,
                    f"must be a number from {threshold.least:g} to {threshold.most:g}",
                    f"It is {threshold.what}, in {threshold.unit}",
                )
            else:
                yield key, number
        if isinstance(node, Pairs) and missing:
            self._wrong(node.line, "thresholds", f"lacks {', '.join(missing)}", "Set each: none has a default")


def _within(number: float, threshold: Threshold) -> bool:
    return threshold.least <= number <= threshold.most
