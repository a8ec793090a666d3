"""What a rule is. In its texts ``<name>`` stands for a threshold of that name, which each environment sets."""

from __future__ import annotations

from typing import NamedTuple


class Recording(NamedTuple):
    """A series that is computed at each evaluation.

    Attributes:
        record: Its name, ``level:metric:operations``, as Prometheus advises.
        expr: PromQL.
    """

    record: str
    expr: str


class Alert(NamedTuple):
    """A condition that somebody is told of.

    Attributes:
        alert: Its name, which is that of its runbook too.
        severity: "critical" (somebody gets up), "warning" (somebody looks in working hours), or "none".
        category: "api", "security" or "system": who is told.
        expr: PromQL, true for as long as it lasts.
        summary: One line, a template of Prometheus.
        fires: When it fires, for the documentation, after the word "when".
        over: When it is over, for the documentation.
        wait: How long it must last (``for``). Empty for what has happened, of which one is enough.
        keep: How long it goes on firing when it has ceased (``keep_firing_for``).
    """

    alert: str
    severity: str
    category: str
    expr: str
    summary: str
    fires: str
    over: str
    wait: str = ""
    keep: str = ""


class Group(NamedTuple):
    """Rules that are evaluated one after another.

    Attributes:
        name: The value of the label `group` of its alerts.
        about: One line.
        rules: Recordings before what reads them.
    """

    name: str
    about: str
    rules: tuple[Recording | Alert, ...]
