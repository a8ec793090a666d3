"""Which alerts a configuration of Alertmanager holds back while others fire."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_MATCHER = re.compile(r'(\w+) (=|!=|=~|!~) "([^"]*)"')
_MATCHES: dict[str, Callable[[str, str], bool]] = {
    "=": lambda value, given: value == given,
    "!=": lambda value, given: value != given,
    "=~": lambda value, given: re.fullmatch(given, value) is not None,
    "!~": lambda value, given: re.fullmatch(given, value) is None,
}


def matches(matchers: Iterable[str], labels: Mapping[str, str]) -> bool:
    """Tell whether labels meet all matchers."""
    for matcher in matchers:
        found = _MATCHER.fullmatch(matcher)
        assert found, matcher
        if not _MATCHES[found[2]](labels.get(found[1], ""), found[3]):
            return False
    return True


def causes(rules: Iterable[Mapping[str, Any]], alerts: Mapping[str, Mapping[str, str]]) -> dict[str, set[str]]:
    """Give for each alert those that hold it back, by their labels alone; `alerts` has those by the alert's name."""
    held: dict[str, set[str]] = {name: set() for name in alerts}
    for rule in rules:
        sources = {name for name, labels in alerts.items() if matches(rule["source_matchers"], labels)}
        targets = {name for name, labels in alerts.items() if matches(rule["target_matchers"], labels)}
        assert sources, rule
        assert targets, rule
        for target in targets:
            held[target] |= sources
    return held
