"""What a dashboard is made of: tables of rows, panels and queries, without Grafana."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["stat", "timeseries", "table"]


@dataclass(frozen=True)
class Query:
    """One question to Prometheus.

    Attributes:
        expr: PromQL; `$service` is the variable of the dashboard, `$__rate_interval` and `$__range` are Grafana's.
        legend: The name of its series, with labels in double braces.
    """

    expr: str
    legend: str = ""


@dataclass(frozen=True)
class Panel:
    """One panel.

    Attributes:
        title: Its title; unique in its dashboard.
        queries: What it asks.
        description: What to make of it.
        unit: Grafana's name of the unit.
        kind: A figure of now, a course of time, or a table of now.
        width: Of 24 columns.
        most: The upper end of the axis; None for as much as there is.
        good: For figures: what is good; green there and red elsewhere.
        none: What a figure says without data.
    """

    title: str
    queries: tuple[Query, ...]
    description: str = ""
    unit: str = "short"
    kind: Kind = "timeseries"
    width: int = 8
    most: float | None = None
    good: Literal["", "zero", "one"] = ""
    none: str = ""


@dataclass(frozen=True)
class Row:
    """Panels under one heading."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Dashboard:
    """One dashboard.

    Attributes:
        uid: Its id in Grafana, and the name of its file.
        title: Its title.
        description: What it is for.
        rows: Its rows.
        service: The metric whose services can be chosen by `$service`; empty for a dashboard of all.
    """

    uid: str
    title: str
    description: str
    rows: tuple[Row, ...]
    service: str = ""

    @property
    def panels(self) -> list[Panel]:
        """Every panel."""
        return [panel for row in self.rows for panel in row.panels]
