"""`discreet explain`: which detector found what where, and which rule left a look-alike alone."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from discreet.classification import KINDS, SEVERITIES, Subject
from discreet.cli.classified import told
from discreet.cli.policy import policy_of_environment
from discreet.cli.table import table
from discreet.redaction import explain as explain_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.redaction import Finding

_FOLLOWING = ("action", "held_back", "retention")  # columns that are there where something is configured
_COLUMNS = ("place", "kind", "detector", "level", "proof", "outcome", "why")


@click.command()
@click.argument("text", required=False)
@click.option("--key", help="The name the value stands under, such as user.email.")
@click.option("--record", is_flag=True, help="TEXT is a JSON object: explain its values under their keys.")
@click.option("--classify", is_flag=True, help="TEXT is a JSON object of attributes: say what such a record is.")
@click.option("--scope", default="", help="With --classify: its instrumentation scope, or its logger.")
@click.option("--name", default="", help="With --classify: its event name, or that of the span.")
@click.option("--kind", type=click.Choice(KINDS), help="With --classify: a span of this kind; else it is a log record.")
@click.option("--severity", type=click.Choice(tuple(SEVERITIES)), help="With --classify: its severity.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON in place of a table.")
def explain(
    text: str | None, *, key: str | None, record: bool, as_json: bool, classify: bool, **about: str | None
) -> None:
    """Say of TEXT (or standard input) what is found in it, by which detector, where and why; the value is not shown.

    Look-alikes are listed too, with the rule that leaves them alone. Exit status 0 if something is redacted, else 1.
    With --classify it says category and level of a record, which rule and row of the catalogue gave them, and what
    follows by level_actions, exporters and retention.
    """
    given = sys.stdin.read() if text is None else text
    if classify:
        _classify(_read(given, "--classify"), about, as_json=as_json)
        return
    value = _read(given, "--record") if record else given.rstrip("\n")
    findings = explain_value(value, key, policy_of_environment().redactor)
    if as_json:
        click.echo(json.dumps([finding._asdict() for finding in findings], indent=2))
    else:
        click.echo(table(_COLUMNS, [_cells(finding) for finding in findings]) if findings else "Nothing is found.")
    raise SystemExit(0 if any(finding.outcome == "redacted" for finding in findings) else 1)


def _read(given: str, option: str) -> object:
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        raise click.ClickException(f"{option}: the input is not JSON") from None


def _classify(record: object, about: Mapping[str, str | None], *, as_json: bool) -> None:
    if not isinstance(record, dict):
        raise click.ClickException("--classify: the input is not a JSON object")
    scope, name, kind = about["scope"] or "", about["name"] or "", about["kind"]
    severity = SEVERITIES.get(about["severity"] or "", 0)
    subject = Subject("span" if kind else "log", scope, name, kind, record, severity=severity)
    answer = told(subject, policy_of_environment())
    shown = {name: said for name, said in answer._asdict().items() if said or name not in _FOLLOWING}
    click.echo(json.dumps(shown) if as_json else table(tuple(shown), [tuple(shown.values())]))


def _cells(finding: Finding) -> tuple[str, ...]:
    where = f"{finding.path} {finding.start}-{finding.end}".strip()
    return (where, finding.kind, finding.detector, finding.level, finding.proof, finding.outcome, finding.why)
