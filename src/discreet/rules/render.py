"""Rules as a file for Prometheus, and as a table for the documentation."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from discreet.rules.groups import GROUPS
from discreet.rules.model import Alert, Group, Recording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discreet.rules.environment import Environment

_THRESHOLD: Final = re.compile(r"<([a-z][a-z0-9_]*)>")


def alerts() -> dict[str, tuple[Group, Alert]]:
    """Give all alerts by name, with their groups, in order."""
    return {rule.alert: (group, rule) for group in GROUPS for rule in group.rules if isinstance(rule, Alert)}


def resolved(environment: Environment) -> tuple[Group, ...]:
    """Give the rules of an environment: thresholds in their places, without the alerts that it does without."""

    def put(text: str) -> str:
        return _THRESHOLD.sub(lambda found: _number(environment.thresholds[found[1]]), text)

    def settle(rule: Recording | Alert) -> Recording | Alert:
        if isinstance(rule, Recording):
            return rule._replace(expr=put(rule.expr))
        return rule._replace(expr=put(rule.expr), summary=put(rule.summary))

    kept = (
        (group, [r for r in group.rules if isinstance(r, Recording) or r.alert not in environment.without])
        for group in GROUPS
    )
    return tuple(group._replace(rules=tuple(map(settle, rules))) for group, rules in kept if rules)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def render(environment: Environment) -> str:
    """Give the rules of an environment as a file that Prometheus loads."""
    return "\n".join(_lines(environment)) + "\n"


def _lines(environment: Environment) -> Iterator[str]:
    yield f"# Rendered by `discreet rules render --environment {environment.name}`. Thresholds are set in its file;"
    yield "# docs/alerts.md is the guide."
    yield "groups:"
    for group in resolved(environment):
        yield f"  - name: discreet-{group.name}"
        yield "    rules:"
        for rule in group.rules:
            yield from _recording(rule) if isinstance(rule, Recording) else _alert(rule, group, environment)


def _expression(expression: str) -> Iterator[str]:
    yield "        expr: |"
    yield from (f"          {line}" for line in expression.splitlines())


def _recording(rule: Recording) -> Iterator[str]:
    yield f"      - record: {rule.record}"
    yield from _expression(rule.expr)


def _alert(rule: Alert, group: Group, environment: Environment) -> Iterator[str]:
    yield f"      - alert: {rule.alert}"
    yield from _expression(rule.expr)
    if rule.wait:
        yield f"        for: {rule.wait}"
    if rule.keep:
        yield f"        keep_firing_for: {rule.keep}"
    yield "        labels:"
    yield f"          severity: {rule.severity}"
    yield f"          category: {rule.category}"
    yield f"          group: {group.name}"
    yield f"          deployment_environment_name: {environment.name}"
    yield "        annotations:"
    yield f"          summary: {json.dumps(rule.summary, ensure_ascii=False)}"
    yield f"          runbook_url: {json.dumps(f'{environment.runbooks}{rule.alert}.md')}"


def markdown() -> Iterator[str]:
    """Yields the lines of the documentation's table of alerts, a row for each."""
    yield "| alert | group | severity | fires when | is over |"
    yield "|---|---|---|---|---|"
    for name, (group, rule) in alerts().items():
        yield f"| [{name}](runbooks/{name}.md) | {group.name} | {rule.severity} | {rule.fires} | {rule.over} |"
