"""What a record is, for `discreet explain --classify`: category, level, and which rule and row said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from discreet.classification import Subject, classify, level_of

if TYPE_CHECKING:
    from discreet.policy import Policy


class Told(NamedTuple):
    """What a record is, and why.

    Attributes:
        category: One of the categories.
        level: The level it is exported with.
        rule: The rule that gave category and level: "explicit", the name of a configured or of a built-in one.
        raised_by: What raised the level above that: a row of the catalogue, an event, or the kinds found; else "".
    """

    category: str
    level: str
    rule: str
    raised_by: str


def told(subject: Subject, policy: Policy) -> Told:
    """Give what the guard would stamp on a record of these names and raw attributes."""
    found: set[str] = set()
    calling = subject.kind in {"client", "producer"}
    clean: dict[str, Any] = policy.redactor.attributes(subject.attributes, found, calling=calling)
    answer = classify(subject._replace(attributes=clean), policy.classify)
    level, by = level_of(found), answer.raised_by
    if level > answer.level:
        by = ", ".join(sorted(kind for kind in found if level_of({kind}) is level))
    return Told(answer.category, max(level, answer.level).label, answer.rule, by)
