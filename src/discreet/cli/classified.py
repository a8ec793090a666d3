"""What a record is, for `discreet explain --classify`: category, level, which rule and row said so, what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from discreet.classification import Subject, classify, level_of
from discreet.policy import action_on, period_of

if TYPE_CHECKING:
    from discreet.policy import Policy


class Told(NamedTuple):
    """What a record is, and why.

    Attributes:
        category: One of the categories.
        level: The level it is exported with.
        rule: The rule that gave category and level: "explicit", the name of a configured or of a built-in one.
        raised_by: What raised the level above that: a row of the catalogue, an event, or the kinds found; else "".
        action: What becomes of it by `level_actions`; "" where that is not set.
        held_back: Names in `exporters` under which it is held back; "" where there is none.
        retention: How long it is to be kept; "" where nothing says so.
    """

    category: str
    level: str
    rule: str
    raised_by: str
    action: str = ""
    held_back: str = ""
    retention: str = ""


def told(subject: Subject, policy: Policy) -> Told:
    """Give what the guard would stamp on a record of these names and raw attributes."""
    found: set[str] = set()
    calling = subject.kind in {"client", "producer"}
    clean: dict[str, Any] = policy.redactor.attributes(subject.attributes, found, calling=calling)
    answer = classify(subject._replace(attributes=clean), policy.classify)
    level, by = level_of(found), answer.raised_by
    if level > answer.level:
        by = ", ".join(sorted(kind for kind in found if level_of({kind}) is level))
    given = Told(answer.category, max(level, answer.level).label, answer.rule, by)
    return given._replace(
        action=action_on(policy.level_actions, given.level, given.category) if policy.level_actions else "",
        held_back=", ".join(name for name, above in policy.ceilings.above() if above == given.level),
        retention=period_of(policy.retention, given.category, given.level) or "",
    )
