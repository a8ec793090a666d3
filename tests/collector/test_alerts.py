"""The shipped alert rules and the configurations of Prometheus and Alertmanager, judged by their own tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from collector.local.alerting import minutes_to_seconds
from collector.local.tools import ROOT, run_tool
from tests.collector.alert_cases import cases, minutes, write
from tests.collector.inhibition import causes, matches

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RULES = ROOT / "alerts" / "discreet.rules.yaml"
ALL_RULES = sorted((ROOT / "alerts").glob("*.rules.yaml"))
ALERTMANAGER = ROOT / "alertmanager.yaml"
GROUPS: list[dict[str, Any]] = yaml.safe_load(RULES.read_text())["groups"]
ALERTS = {rule["alert"]: rule for group in GROUPS for rule in group["rules"] if "alert" in rule}
LABELS = {name: {**rule["labels"], "alertname": name} for name, rule in ALERTS.items()}
ALWAYS = {"Watchdog"}
CAUSES = {"Watchdog", "CollectorDown"}
"""Nothing is the cause of these."""


@pytest.mark.parametrize("rules", ALL_RULES, ids=lambda file: file.name)
def test_the_rules_are_sound(tools: Callable[[str], str], rules: Path) -> None:
    """`promtool check rules` finds nothing, with every lint on and fatal."""
    run_tool(tools("promtool"), "check", "rules", "--lint=all", "--lint-fatal", rules)


def test_every_alert_fires_and_stays_quiet_as_its_cases_say(tools: Callable[[str], str], tmp_path: Path) -> None:
    """`promtool test rules` passes."""
    run_tool(tools("promtool"), "test", "rules", *write(tmp_path, GROUPS))


def test_prometheus_accepts_its_configuration(tools: Callable[[str], str]) -> None:
    """`promtool check config` passes, and finds the rules."""
    assert "1 rule files found" in run_tool(tools("promtool"), "check", "config", ROOT / "prometheus.yaml")


@pytest.mark.parametrize("config", [ALERTMANAGER, ROOT / "alertmanager.example.yaml"], ids=lambda file: file.name)
def test_alertmanager_accepts_its_configuration(tools: Callable[[str], str], config: Path) -> None:
    """`amtool check-config` passes."""
    run_tool(tools("amtool"), "check-config", config)


def test_alerts_reach_the_receiver_for_their_category(tools: Callable[[str], str]) -> None:
    """Security alerts go to `security`, the watchdog to `watchdog`, everything else to `operators`."""
    routes = [tools("amtool"), "config", "routes", "test", f"--config.file={ALERTMANAGER}"]
    for alert in ALERTS:
        category = ALERTS[alert]["labels"]["category"]
        wanted = "watchdog" if alert == "Watchdog" else "security" if category == "security" else "operators"
        labels = [f"{name}={value}" for name, value in LABELS[alert].items()]
        assert run_tool(*routes, f"--verify.receivers={wanted}", *labels).splitlines()[0] == wanted


@pytest.mark.parametrize(
    ("labels", "receivers"),
    [
        ({"alertname": "Watchdog", "severity": "none"}, "dead-mans-switch"),
        ({"alertname": "CollectorDown", "severity": "critical", "category": "system"}, "automated-response,on-call"),
        ({"alertname": "HoneytokenSeen", "severity": "critical", "category": "security"}, "security-on-call"),
        ({"alertname": "FailedLogins", "severity": "warning", "category": "security"}, "security"),
        ({"alertname": "LatencyHigh", "severity": "warning", "category": "api"}, "chat"),
    ],
    ids=str,
)
def test_the_example_routes_by_severity(tools: Callable[[str], str], labels: dict[str, str], receivers: str) -> None:
    """What a machine may mend goes to it and to people; warnings go to the chat, critical ones to who is on call."""
    example = ROOT / "alertmanager.example.yaml"
    given = [f"{name}={value}" for name, value in labels.items()]
    routes = [tools("amtool"), "config", "routes", "test", f"--config.file={example}"]
    assert run_tool(*routes, f"--verify.receivers={receivers}", *given).splitlines()[0] == receivers


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_says_how_bad_it_is_and_what_to_do(alert: str) -> None:
    """Each alert has a severity, a category, its group, a summary and a runbook that exists and is about it."""
    labels, annotations = ALERTS[alert]["labels"], ALERTS[alert]["annotations"]
    assert labels["severity"] in ({"none"} if alert in ALWAYS else {"critical", "warning"})
    assert labels["category"] in {"api", "security", "system"}
    assert any(labels["group"] == group["name"].removeprefix("discreet-") for group in GROUPS)
    assert labels["deployment_environment_name"] == "production"
    assert annotations["summary"]
    runbook = (ROOT.parent / annotations["runbook_url"]).read_text()
    assert runbook.startswith(f"# {alert}\n")
    if alert not in ALWAYS:
        assert f"**{labels['severity'].capitalize()}, category {labels['category']}.**" in runbook
        assert "\nLook:\n" in runbook
        assert "\nThen: " in runbook


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_waits_or_stays(alert: str) -> None:
    """What lasts waits before it fires (`for`); what has happened is told at once and stays (`keep_firing_for`)."""
    rule = ALERTS[alert]
    has_happened = any(word in rule["expr"] for word in ("increase(", "resets("))
    assert ("for" in rule) == (not has_happened and alert not in ALWAYS)
    if "increase(" in rule["expr"]:
        assert "keep_firing_for" in rule


def test_every_alert_has_cases_in_which_it_fires_and_is_quiet_before_and_after() -> None:
    """The cases see each alert fire, and all but the watchdog stay quiet before it and after it."""
    fired, before, after = set(), set(), set()
    for case in cases():
        quiet = [minutes(time) for time in case.get("quiet", ())]
        for time in case.get("fires", ()):
            fired.add(case["alert"])
            before |= {case["alert"]} if quiet and min(quiet) < minutes(time) else set()
            after |= {case["alert"]} if quiet and max(quiet) > minutes(time) else set()
    assert fired == set(ALERTS)
    assert before == after == set(ALERTS) - ALWAYS


def test_every_recorded_quantile_is_tested() -> None:
    """The cases read every recording of durations."""
    read = " ".join(expression for case in cases() for expression in case.get("samples", {}))
    recorded = [rule["record"] for group in GROUPS for rule in group["rules"] if "record" in rule]
    durations = [name for name in recorded if "duration" in name and "bucket" not in name]
    assert len(durations) == 12
    assert [name for name in durations if name not in read] == []


def test_alerts_on_events_see_the_first_one() -> None:
    """A rule over `increase` has the term for a series that is born with its first event, over the same window."""
    rules = [rule["expr"] for rule in ALERTS.values() if "increase(" in rule["expr"]]
    assert len(rules) > 10
    for expression in rules:
        for metric, window in re.findall(r"increase\(([^\[]+)\[(\w+)\]\)", expression):
            assert f"({metric} unless last_over_time({metric}[1h] offset {window}))" in expression


def test_every_alert_is_held_back_by_its_cause_but_those_of_security() -> None:
    """Each is held back by another, none by itself, no two by each other; of security only by another of security."""
    held = causes(yaml.safe_load(ALERTMANAGER.read_text())["inhibit_rules"], LABELS)
    security = {name for name, labels in LABELS.items() if labels["category"] == "security"}
    assert {alert for alert, by in held.items() if not by} - security == CAUSES
    for alert, by in held.items():
        assert not by - security or alert not in security
        assert alert not in by
        assert not [cause for cause in by if alert in held[cause]]


def test_inhibition_goes_by_labels_that_both_have() -> None:
    """A label that has to be equal is one that both alerts have: where neither has it, any two would be equal."""
    for rule in yaml.safe_load(ALERTMANAGER.read_text())["inhibit_rules"]:
        concerned = [
            name
            for name in ALERTS
            if matches(rule["source_matchers"], LABELS[name]) or matches(rule["target_matchers"], LABELS[name])
        ]
        for label in rule.get("equal", ()):
            of_collector = label in {"instance", "exporter"}
            assert [name for name in concerned if not of_collector and label not in _read(name)] == []
            assert [name for name in concerned if of_collector and LABELS[name]["group"] != "collector"] == []


def _read(alert: str) -> str:
    """Give the expression of an alert, and of what it reads that is recorded."""
    expression = str(ALERTS[alert]["expr"])
    recorded = {rule["record"]: rule["expr"] for group in GROUPS for rule in group["rules"] if "record" in rule}
    return expression + "".join(str(text) for name, text in recorded.items() if name in expression)


def test_rules_for_tests_differ_in_durations_only() -> None:
    """Rendered with a second for each minute the rules keep their metrics, names and thresholds."""
    shortened = minutes_to_seconds(RULES.read_text())
    durations = re.compile(r"(\[|offset |for: )(\d+)[smhd]\b")
    assert durations.sub(r"\1", shortened) == durations.sub(r"\1", RULES.read_text())
    assert "[10s]" in shortened
    assert "offset 10s" in shortened
    assert "keep_firing_for: 10s" in shortened
    assert "[72m]" in shortened
    assert not re.search(r"(\[|offset |for: )\d+[hd]", shortened)
