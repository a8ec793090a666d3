"""Turns the tables into the JSON that Grafana reads, by Grafana's own library."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from grafana_foundation_sdk.builders import common, prometheus, stat, table, timeseries
from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import BigValueColorMode, DataSourceRef, LegendPlacement
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    DynamicConfigValue,
    MatcherConfig,
    Threshold,
    ThresholdsMode,
    VariableRefresh,
    VariableSort,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

if TYPE_CHECKING:
    from deploy.dashboards.model import Dashboard, Panel

TAG = "discreet"
SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")
STEPS = {
    "": [Threshold(color="blue")],
    "zero": [Threshold(color="green"), Threshold(value=0.000001, color="red")],
    "one": [Threshold(color="red"), Threshold(value=1, color="green")],
}
HEIGHTS = {"stat": 4, "timeseries": 8, "table": 8}
KINDS = {"stat": stat.Panel, "timeseries": timeseries.Panel, "table": table.Panel}


def as_json(dashboard: Dashboard) -> str:
    """Give the file that Grafana provisions, the same text for the same tables."""
    return json.dumps(_built(dashboard), cls=JSONEncoder, indent=2, sort_keys=True) + "\n"


def _built(dashboard: Dashboard) -> Any:
    builder = (
        builders.Dashboard(dashboard.title)
        .uid(dashboard.uid)
        .description(dashboard.description)
        .tags([TAG])
        .refresh("30s")
        .time("now-1h", "now")
        .timezone("browser")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .readonly()
        .link(
            builders.DashboardLink("Discreet")
            .type(DashboardLinkType.DASHBOARDS)
            .tags([TAG])
            .as_dropdown(True)
            .keep_time(True)
        )
        .with_variable(builders.DatasourceVariable("datasource").label("Prometheus").type("prometheus"))
    )
    if dashboard.service:
        builder = builder.with_variable(_services(dashboard.service))
    for row in dashboard.rows:
        builder = builder.with_row(builders.Row(row.title))
        for panel in row.panels:
            builder = builder.with_panel(_panel(panel))
    return builder.build()


def _services(metric: str) -> builders.QueryVariable:
    return (
        builders.QueryVariable("service")
        .label("Service")
        .datasource(SOURCE)
        .query(f"label_values({metric}, service_name)")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".*")
    )


def _panel(panel: Panel) -> Any:
    builder = (
        KINDS[panel.kind]()
        .title(panel.title)
        .description(panel.description)
        .datasource(SOURCE)
        .unit(panel.unit)
        .min(0)
        .height(HEIGHTS[panel.kind])
        .span(panel.width)
        .thresholds(builders.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(STEPS[panel.good]))
    )
    if panel.most is not None:
        builder = builder.max(panel.most)
    if panel.none:
        builder = builder.no_value(panel.none)
    for number, query in enumerate(panel.queries):
        target = prometheus.Dataquery().expr(query.expr).legend_format(query.legend).ref_id(chr(ord("A") + number))
        builder = builder.with_target(_asked(target, panel.kind))
    return _dressed(builder, panel)


def _asked(target: prometheus.Dataquery, kind: str) -> prometheus.Dataquery:
    if kind == "timeseries":
        return target.range()
    return target.instant().format(PromQueryFormat.TABLE if kind == "table" else PromQueryFormat.TIME_SERIES)


def _dressed(builder: Any, panel: Panel) -> Any:
    """Give what only one kind of panel has."""
    if panel.kind == "stat":
        return builder.color_mode(BigValueColorMode.BACKGROUND if panel.good else BigValueColorMode.VALUE)
    if panel.kind == "table":
        hidden = [DynamicConfigValue(id_val="custom.hideFrom.viz", value=True)]
        return builder.with_override(MatcherConfig(id_val="byName", options="Time"), hidden)
    return builder.fill_opacity(10).legend(
        common.VizLegendOptions().show_legend(True).placement(LegendPlacement.BOTTOM).calcs(["lastNotNull", "max"])
    )
