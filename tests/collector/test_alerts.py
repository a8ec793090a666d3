"""The shipped alert rules and the configurations of Prometheus and Alertmanager, judged by their own tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from collector.local.alerting import minutes_to_seconds
from collector.local.tools import ROOT, run_tool

if TYPE_CHECKING:
    from collections.abc import Callable

RULES = ROOT / "alerts" / "discreet.rules.yaml"
TESTS = ROOT / "alerts" / "discreet.test.yaml"
ALERTMANAGER = ROOT / "alertmanager.yaml"


def _alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return [rule for group in groups for rule in group["rules"] if "alert" in rule]


ALERTS = {rule["alert"]: rule for rule in _alerts()}


def test_the_rules_are_sound(tools: Callable[[str], str]) -> None:
    """`promtool check rules` finds nothing, with every lint on and fatal."""
    run_tool(tools("promtool"), "check", "rules", "--lint=all", "--lint-fatal", RULES)


def test_every_alert_fires_and_stays_quiet_as_its_tests_say(tools: Callable[[str], str]) -> None:
    """`promtool test rules` passes."""
    run_tool(tools("promtool"), "test", "rules", TESTS)


def test_prometheus_accepts_its_configuration(tools: Callable[[str], str]) -> None:
    """`promtool check config` passes, and finds the rules."""
    assert "1 rule files found" in run_tool(tools("promtool"), "check", "config", ROOT / "prometheus.yaml")


def test_alertmanager_accepts_its_configuration(tools: Callable[[str], str]) -> None:
    """`amtool check-config` passes."""
    run_tool(tools("amtool"), "check-config", ALERTMANAGER)


@pytest.mark.parametrize("alert", ALERTS)
def test_alerts_reach_the_receiver_for_their_category(tools: Callable[[str], str], alert: str) -> None:
    """Security alerts go to `security`, the watchdog to `watchdog`, everything else to `operators`."""
    category = ALERTS[alert]["labels"]["category"]
    wanted = "watchdog" if alert == "Watchdog" else "security" if category == "security" else "operators"
    labels = [f"{name}={value}" for name, value in {**ALERTS[alert]["labels"], "alertname": alert}.items()]
    routes = [tools("amtool"), "config", "routes", "test", f"--config.file={ALERTMANAGER}"]
    assert run_tool(*routes, f"--verify.receivers={wanted}", *labels).splitlines()[0] == wanted


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_says_how_bad_it_is_and_what_to_do(alert: str) -> None:
    """Each alert has a severity, a category, a summary and a runbook that exists and is about it."""
    labels, annotations = ALERTS[alert]["labels"], ALERTS[alert]["annotations"]
    assert labels["severity"] in {"critical", "warning", "none"}
    assert labels["category"] in {"api", "security", "system"}
    assert annotations["summary"]
    runbook = ROOT.parent / annotations["runbook_url"]
    assert runbook.read_text().startswith(f"# {alert}\n")


def test_every_alert_is_tested_both_ways() -> None:
    """The rule tests see each alert fire at least once, and all but the watchdog stay quiet at least once."""
    cases = [case for test in yaml.safe_load(TESTS.read_text())["tests"] for case in test["alert_rule_test"]]
    fired = {case["alertname"] for case in cases if case.get("exp_alerts")}
    quiet = {case["alertname"] for case in cases if not case.get("exp_alerts")}
    assert fired == set(ALERTS)
    assert quiet == set(ALERTS) - {"Watchdog"}


def test_alerts_on_rare_events_see_the_first_one() -> None:
    """A rule over `increase` has the term for a series that is born with its first event, over the same window."""
    rare = [rule["expr"] for rule in ALERTS.values() if "increase(" in rule["expr"]]
    assert len(rare) == 3
    for expression in rare:
        (metric, window) = re.findall(r"increase\(([^\[]+)\[(\w+)\]\)", expression)[0]
        assert f"{metric} unless {metric} offset {window}" in expression


def test_rules_for_tests_differ_in_durations_only() -> None:
    """Rendered with a second for each minute the rules keep their metrics, names and thresholds."""
    shortened = minutes_to_seconds(RULES.read_text())
    durations = re.compile(r"(\[|offset |for: )(\d+)[smh]\b")
    assert durations.sub(r"\1\2", shortened) == durations.sub(r"\1\2", RULES.read_text())
    assert "[10s]" in shortened
    assert "offset 10s" in shortened
    assert "keep_firing_for: 10s" in shortened
    assert not re.search(r"(\[|offset |for: )\d+m", shortened)
