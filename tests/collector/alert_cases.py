"""Cases of alerts, as `alert_cases/*.yaml` has them, and as promtool takes them.

A case has series by the minute, the alert that it is about, when that is quiet, and when it fires, with what. Long ones
say that rules are evaluated `every` 5 minutes, which is faster; their times are then multiples of that. What all
alerts of a rule share (severity, category, group, environment, runbook) is added from the rule.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FOLDER = Path(__file__).parent / "alert_cases"


def cases() -> list[dict[str, Any]]:
    """Give the cases of all files; all their values are texts, as YAML would take 0x60 for a number."""
    texts = [file.read_text() for file in sorted(FOLDER.glob("*.yaml"))]
    return [case for text in texts for case in yaml.load(text, Loader=yaml.BaseLoader)]


def minutes(time: str) -> int:
    """Give the minutes of a time such as 50m."""
    return int(time.removesuffix("m"))


def needed(case: Mapping[str, Any], groups: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the groups that a case needs: of its alert or samples, and of what they read. Others only take time."""
    wanted: list[Mapping[str, Any]] = []
    sought = [
        group for group in groups if _has_alert(group, case.get("alert")) or _records(group, str(case.get("samples")))
    ]
    while sought:
        group = sought.pop()
        if group not in wanted:
            wanted.append(group)
            texts = " ".join(rule["expr"] for rule in group["rules"])
            sought += [other for other in groups if _records(other, texts)]
    return [group for group in groups if group in wanted]


def _has_alert(group: Mapping[str, Any], alert: str | None) -> bool:
    return any(rule.get("alert") == alert for rule in group["rules"] if "alert" in rule)


def _records(group: Mapping[str, Any], texts: str) -> bool:
    return any(rule["record"] in texts for rule in group["rules"] if "record" in rule)


def write(folder: Path, groups: Sequence[Mapping[str, Any]]) -> list[Path]:
    """Write files for `promtool test rules` to a folder, one for each set of groups, and give their paths."""
    alerts = {rule["alert"]: rule for group in groups for rule in group["rules"] if "alert" in rule}
    tests: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for case in cases():
        wanted = needed(case, groups)
        rules = folder / f"{'-'.join(group['name'].removeprefix('discreet-') for group in wanted)}.rules.yaml"
        rules.write_text(yaml.safe_dump({"groups": wanted}))
        tests.setdefault((rules.name, case.get("every", "1m")), []).append(_native(case, alerts))
    files = []
    for (name, every), some in tests.items():
        files.append(folder / name.replace("rules.yaml", f"{every}.test.yaml"))
        order = [group["name"] for group in yaml.safe_load((folder / name).read_text())["groups"]]
        document = {"rule_files": [name], "evaluation_interval": every, "group_eval_order": order, "tests": some}
        files[-1].write_text(yaml.safe_dump(document))
    return files


def _native(case: Mapping[str, Any], alerts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "name": case["name"],
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in case["series"].items()],
        "alert_rule_test": list(_alert_tests(case, alerts)),
        "promql_expr_test": list(_samples(case)),
    }


def _alert_tests(case: Mapping[str, Any], alerts: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for time in case.get("quiet", ()):
        yield {"eval_time": time, "alertname": case["alert"]}
    for time, firing in case.get("fires", {}).items():
        rule = alerts[case["alert"]]
        expected = [
            {
                "exp_labels": {**rule["labels"], **{name: text for name, text in one.items() if name != "summary"}},
                "exp_annotations": {**rule["annotations"], "summary": one["summary"]},
            }
            for one in firing
        ]
        yield {"eval_time": time, "alertname": case["alert"], "exp_alerts": expected}


def _samples(case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for expression, samples in case.get("samples", {}).items():
        expected = [{"labels": labels, "value": float(value)} for labels, value in samples.items()]
        yield {"expr": expression, "eval_time": case["at"], "exp_samples": expected}
