"""The guides name what there is: every variable with its default, every alert, every branch."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
import yaml

from collector.local.collector import BRANCHES
from collector.local.tools import ROOT, run_tool
from discreet.rules import THRESHOLDS
from tests.collector.test_alerts import ALERTS, RULES
from tests.docs.consoles import fenced, printed
from tests.docs.write_alerts import page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
    text = (DOCS / "alerts.md").read_text()
    for alert, rule in ALERTS.items():
        labels = rule["labels"]
        assert f"| [{alert}](runbooks/{alert}.md) | {labels['group']} | {labels['severity']} |" in text
    assert {file.stem for file in (DOCS / "runbooks").glob("*.md")} == set(ALERTS)


def test_tables_of_alerts_and_thresholds_are_not_stale() -> None:
    """The page is what `make rules` writes, with a row for each threshold."""
    text = (DOCS / "alerts.md").read_text()
    assert page(text) == text, "run `make rules`"
    assert text.count("<!-- generated") == 2
    assert [one.name for one in THRESHOLDS if f"| `{one.name}` |" not in text] == []


def test_rules_are_rendered_as_the_page_says(tools: Callable[[str], str], tmp_path: Path) -> None:
    """Its commands render the rules and check them, in a copy of the folder."""
    tools("promtool")
    shutil.copytree(ROOT / "alerts" / "environments", tmp_path / "collector" / "alerts" / "environments")
    (block,) = fenced((DOCS / "alerts.md").read_text(), "console")
    given, told = printed(block, tmp_path)
    assert given == told
    assert (tmp_path / "collector" / "alerts" / RULES.name).read_text() == RULES.read_text()


@pytest.mark.parametrize("page_of", PAGES, ids=lambda file: file.name)
def test_links_lead_somewhere(page_of: object) -> None:
    """Every relative link of these pages is to a file that exists."""
    file = next(one for one in PAGES if one is page_of)
    for target in re.findall(r"\]\(([^):#]+)\)", file.read_text()):
        assert (file.parent / target).exists(), target


def test_queries_of_runbooks_are_queries(tools: Callable[[str], str], tmp_path: Path) -> None:
    """Each query in a runbook is PromQL, as promtool takes it."""
    queries = [
        (file.name, query.replace("…", "x").replace("<label>", "le").replace("<metric>", "up"))
        for file in sorted((DOCS / "runbooks").glob("*.md"))
        for query in re.findall(r"`((?:[a-z_]+\(|sum by|count by|[\w:]+\{)[^`]*)`", " ".join(file.read_text().split()))
    ]
    assert len(queries) > 15
    rules = [{"record": f"query:{number}", "expr": query} for number, (_, query) in enumerate(queries)]
    path = tmp_path / "queries.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))
    assert f"SUCCESS: {len(queries)} rules found" in run_tool(tools("promtool"), "check", "rules", path)
