"""The option `classify`: rules that say what a record is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from discreet.classification import rule_of
from discreet.policy.errors import WrongItems
from discreet.policy.tightening import Raising

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from discreet.classification import ConfiguredRule


def parse_classify(value: object) -> tuple[dict[str, str], ...]:
    """Give the rules of a list of mappings, or of the JSON text of one, checked and as they were written.

    Raises:
        ValueError: Naming the place in the list, the field and the rule.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise ValueError("must be a list in JSON") from None
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list of rules")  # noqa: TRY004 - one error type for every bad value
    faults = []
    for place, row in enumerate(value, 1):
        try:
            rule_of(row, place)
        except ValueError as error:
            faults.append((place, f"rule {place}: {error}"))
    if faults:
        raise WrongItems(faults)
    return tuple(dict(row) for row in value)


def compiled_rules(rows: Sequence[Mapping[str, str]]) -> tuple[ConfiguredRule, ...]:
    """Give the rules in the form in which records are asked."""
    rules = (rule_of(row, place) for place, row in enumerate(rows, 1))
    return tuple(rule._replace(raises=isinstance(row, Raising)) for rule, row in zip(rules, rows, strict=True))
