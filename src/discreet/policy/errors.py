"""Configuration errors: each names the place, the rule and the remedy, never the value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the configuration.

    Attributes:
        place: Where it stands, such as ``DISCREET_DETECTORS`` or ``otel.yaml: distribution.discreet.output``.
        rule: What would be right there.
        remedy: What to do about it.
    """

    place: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        """Give the problem as one line."""
        stop = "" if self.rule.endswith("?") else "."
        return f"{self.place}: {self.rule}{stop} {self.remedy}"


class WrongItems(ValueError):  # noqa: N818 - what it holds are the errors
    """Raised by an option's parser for items of a list or mapping that are wrong.

    Attributes:
        faults: For each, its place in the list, counted from 1, and the rule; never the value.
    """

    def __init__(self, faults: Sequence[tuple[int, str]]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(rule for _, rule in faults))


class StrictError(RuntimeError):
    """Raised where the policy is strict and something is withheld because it could not be cleaned.

    Attributes:
        signal: What was withheld: "span", "log", "metric", "headers", "attributes".
        place: The function of ours that failed.
        rule: The reason, as `discreet.records.withheld` counts it, and the type of the error. Never the value.
    """

    def __init__(self, signal: str, place: str, rule: str) -> None:
        self.signal, self.place, self.rule = signal, place, rule
        super().__init__(f"{signal} withheld at {place}: {rule}")


class ConfigurationError(ValueError):
    """Raised by `discreet.configure` when its arguments are wrong; holds every problem at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, problems)))
