"""The guides name what there is: every variable with its default, every alert, every branch."""

from __future__ import annotations

import re

import pytest
import yaml

from collector.local.collector import BRANCHES
from collector.local.tools import ROOT
from discreet.rules import THRESHOLDS, markdown
from tests.collector.test_alerts import ALERTS

DOCS = ROOT.parent / "docs"
GUIDE = (DOCS / "collector.md").read_text()
CONFIGS = [ROOT / "config.yaml", *sorted((ROOT / "overlays").glob("*.yaml"))]
PAGES = [DOCS / "collector.md", DOCS / "alerts.md", *sorted((DOCS / "runbooks").glob("*.md"))]


def test_every_variable_is_documented_with_its_default() -> None:
    """The table of settings has a row for each variable of the configurations, with the default that they have."""
    used = [re.findall(r"\$\{env:(DISCREET_\w+)(?::-([^$}]+))?", file.read_text()) for file in CONFIGS]
    variables = {(name, default) for found in used for name, default in found}
    assert len(variables) > 10
    for name, default in variables:
        (row,) = [line for line in _rows() if name in line]
        assert default in row, name


def _rows() -> list[str]:
    """Give the rows of the table of settings, one that stands for several variables as often as that."""
    rows = []
    for line in GUIDE.splitlines():
        several = re.search(r"`(DISCREET_\w+)\{([A-Z,]+)\}`", line)
        if several:
            rows += [f"{several[1]}{name}: {line[several.end() :]}" for name in several[2].split(",")]
        elif line.startswith("| `DISCREET_"):
            rows.append(line)
    return rows


def test_every_branch_and_derived_metric_is_documented() -> None:
    """The guide names each branch's file and each metric that is derived."""
    connectors = yaml.safe_load(CONFIGS[0].read_text())["connectors"]["signal_to_metrics"]
    metrics = {metric["name"] for signal in connectors.values() for metric in signal}
    wanted = {f"`{branch}.jsonl`" for branch in BRANCHES} | {f"`{name.replace('.', '_')}_total`" for name in metrics}
    assert [name for name in sorted(wanted) if name not in GUIDE] == []


def test_every_alert_is_listed_with_its_severity() -> None:
    """The table of alerts has a row for each, linked to its runbook, and there is no runbook without an alert."""
    page = (DOCS / "alerts.md").read_text()
    assert "\n".join(markdown()) in page, "write `discreet rules list --markdown` into it"
    for alert, rule in ALERTS.items():
        labels = rule["labels"]
        assert f"| [{alert}](runbooks/{alert}.md) | {labels['group']} | {labels['severity']} |" in page
    assert {file.stem for file in (DOCS / "runbooks").glob("*.md")} == set(ALERTS)


def test_every_threshold_is_documented_with_its_values() -> None:
    """The table of thresholds has a row for each, with what each environment's file sets."""
    page = (DOCS / "alerts.md").read_text()
    files = [ROOT / "alerts" / "environments" / f"{name}.yaml" for name in ("production", "staging", "development")]
    values = [yaml.safe_load(file.read_text())["thresholds"] for file in files]
    for one in THRESHOLDS:
        cells = " | ".join(str(value[one.name]) for value in values)
        assert f"| `{one.name}` | {one.what} | {one.unit} | {cells} |" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: object) -> None:
    """Every relative link of these pages is to a file that exists."""
    file = next(one for one in PAGES if one is page)
    for target in re.findall(r"\]\(([^):#]+)\)", file.read_text()):
        assert (file.parent / target).exists(), target
