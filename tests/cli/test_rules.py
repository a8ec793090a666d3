"""`discreet rules`: rules rendered from an environment's file, and what is wrong with such a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner, Result

from discreet.cli import main
from discreet.rules import GROUPS, THRESHOLDS, Alert, WrongEnvironmentError, alerts, environment_of, render, resolved

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "collector" / "alerts"
ENVIRONMENTS = {file.stem: file for file in sorted((ALERTS / "environments").glob("*.yaml"))}
PRODUCTION = ENVIRONMENTS["production"].read_text()


def rules(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["rules", *arguments])


def _rendered(name: str) -> Path:
    return ALERTS / ("discreet.rules.yaml" if name == "production" else f"discreet.{name}.rules.yaml")


def test_there_is_an_environment_for_each_file_of_rules() -> None:
    """Three environments, and the rules of each."""
    assert set(ENVIRONMENTS) == {"development", "staging", "production"}
    assert set(ALERTS.glob("*.rules.yaml")) == {_rendered(name) for name in ENVIRONMENTS}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_rendered_rules_are_not_stale(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of rules are what the command prints, called from the top of the checkout."""
    monkeypatch.chdir(ROOT)
    done = rules("render", "--environment", name)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == _rendered(name).read_text(), f"render {name} anew: docs/alerts.md says how"


def test_output_goes_to_a_file(tmp_path: Path) -> None:
    """With `--output` nothing is printed; the environment may be a path, in JSON too."""
    given = tmp_path / "qa.json"
    given.write_text(json.dumps({**yaml.safe_load(PRODUCTION), "environment": "qa", "runbooks": "https://r.example/"}))
    done = rules("render", "--environment", str(given), "--output", str(tmp_path / "out.yaml"))
    assert (done.exit_code, done.output) == (0, "")
    document = yaml.safe_load((tmp_path / "out.yaml").read_text())
    (withheld,) = [r for g in document["groups"] for r in g["rules"] if r.get("alert") == "RecordsWithheld"]
    assert withheld["labels"]["deployment_environment_name"] == "qa"
    assert withheld["annotations"]["runbook_url"] == "https://r.example/RecordsWithheld.md"


def test_every_threshold_is_read_by_a_rule_and_every_name_in_a_rule_is_one() -> None:
    """No threshold is without effect: another value makes other rules. What stands in no file is in no rule."""
    given = yaml.safe_load(PRODUCTION)
    before = render(environment_of(PRODUCTION))
    assert "<" not in "".join(rule.expr for g in resolved(environment_of(PRODUCTION)) for rule in g.rules).replace(
        " < 300", ""
    )
    for one in THRESHOLDS:
        changed = {
            **given["thresholds"],
            one.name: one.most if given["thresholds"][one.name] != one.most else one.least,
        }
        assert render(environment_of(yaml.safe_dump({**given, "thresholds": changed}))) != before, one.name


def test_the_documented_thresholds_are_those_of_the_rule() -> None:
    """What the documentation names as a threshold of an alert stands in its expression, or in what that reads."""
    recorded = {rule.record: rule.expr for group in GROUPS for rule in group.rules if not isinstance(rule, Alert)}
    names = {one.name for one in THRESHOLDS}
    for _, rule in alerts().values():
        text = rule.expr + "".join(expr for name, expr in recorded.items() if name in rule.expr)
        told = set(rule.fires.split("`")[1::2])
        assert told <= names
        assert all(f"<{name}>" in text for name in told), rule.alert


def test_alerts_that_an_environment_does_without_are_left_out() -> None:
    """`without` takes alerts away, and leaves what is recorded."""
    given = yaml.safe_load(PRODUCTION)
    text = render(environment_of(yaml.safe_dump({**given, "without": ["LatencyHigh", "LatencyVeryHigh"]})))
    assert "alert: LatencyHigh" not in text
    assert "record: service:request_duration_seconds:p95_5m" in text
    assert text.count("- alert:") == render(environment_of(PRODUCTION)).count("- alert:") - 2


def _with(**changes: Any) -> Callable[[], str]:
    return lambda: yaml.safe_dump({**yaml.safe_load(PRODUCTION), **changes})


def _threshold(**changes: Any) -> Callable[[], str]:
    return lambda: yaml.safe_dump(
        {**yaml.safe_load(PRODUCTION), "thresholds": {**yaml.safe_load(PRODUCTION)["thresholds"], **changes}}
    )


WRONG: dict[str, tuple[Callable[[], str], str]] = {
    "nothing": (lambda: "", "must be a mapping"),
    "a list": (lambda: "- a", "must be a mapping"),
    "not YAML": (lambda: "a: [", "is not YAML"),
    "an unknown key": (_with(tresholds={}), "has a key that is none"),
    "no thresholds": (lambda: "environment: qa\n", "thresholds: must be a mapping"),
    "no name": (lambda: PRODUCTION.replace("environment: production\n", ""), "environment: must be a word"),
    "a name that is none": (_with(environment="Pro duction"), "environment: must be a word"),
    "a link with spaces": (_with(runbooks="my runbooks/"), "runbooks: must be a word"),
    "an unknown alert": (_with(without=["Nosuch"]), "without: must name alerts"),
    "alerts that are no list": (_with(without="LatencyHigh"), "without: must be a list"),
    "an unknown threshold": (_threshold(nosuch=1), "thresholds: has a key that is none"),
    "a missing threshold": (lambda: PRODUCTION.replace("  cpu_ratio: 0.9\n", ""), "thresholds: lacks cpu_ratio"),
    "one that is too large": (_threshold(cpu_ratio=90), "cpu_ratio: must be a number from 0.1 to 1"),
    "one that is too small": (_threshold(cpu_ratio=0), "cpu_ratio: must be a number from 0.1 to 1"),
    "one that is a text": (_threshold(cpu_ratio="high"), "cpu_ratio: must be a number"),
    "one that is a truth": (_threshold(cpu_ratio=True), "cpu_ratio: must be a number"),
    "one that is no number": (_threshold(cpu_ratio=float("nan")), "cpu_ratio: must be a number"),
    "one that stands twice": (lambda: f"{PRODUCTION}  cpu_ratio: 0.8\n", "cpu_ratio: stands twice"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_line(text: Callable[[], str], said: str, tmp_path: Path) -> None:
    """Nothing is rendered; the place, the rule and the remedy are told, and the value is not."""
    with pytest.raises(WrongEnvironmentError, match=said):
        environment_of(text(), "qa.yaml")
    file = tmp_path / "qa.yaml"
    file.write_text(text())
    done = rules("render", "--environment", str(file), "--output", str(tmp_path / "out.yaml"))
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith("qa.yaml:")
    assert said in done.stderr
    assert not (tmp_path / "out.yaml").exists()
    assert not any(value in done.stderr for value in ("Nosuch", "Pro duction", "high"))


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Three mistakes, three problems."""
    text = PRODUCTION.replace("cpu_ratio: 0.9", "cpu_ratio: 9").replace("memory_ratio: 0.9", "memory_ratio: 9")
    with pytest.raises(WrongEnvironmentError) as error:
        environment_of(f"{text}  nosuch: 1\n")
    assert len(error.value.problems) == 3


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """The name of the environment leads to a file in the folder."""
    done = rules("render", "--environment", "qa", "--folder", str(tmp_path))
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("qa.yaml: does not exist")


def test_alerts_and_thresholds_are_listed() -> None:
    """A row for each, for people and for the documentation."""
    listed, told = rules("list").stdout, rules("thresholds").stdout
    assert len(listed.splitlines()) == len(alerts()) + 1
    assert [line.split()[0] for line in told.splitlines()[1:]] == [one.name for one in THRESHOLDS]
    assert len(rules("list", "--markdown").stdout.splitlines()) == len(alerts()) + 2
