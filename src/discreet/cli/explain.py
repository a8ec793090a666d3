"""`discreet explain`: which detector found what where, and which rule left a look-alike alone."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from discreet.cli.policy import policy_of_environment
from discreet.cli.table import table
from discreet.redaction import explain as explain_value

if TYPE_CHECKING:
    from discreet.redaction import Finding

_COLUMNS = ("place", "kind", "detector", "level", "proof", "outcome", "why")


@click.command()
@click.argument("text", required=False)
@click.option("--key", help="The name the value stands under, such as user.email.")
@click.option("--record", is_flag=True, help="TEXT is a JSON object: explain its values under their keys.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON in place of a table.")
def explain(text: str | None, *, key: str | None, record: bool, as_json: bool) -> None:
    """Say of TEXT (or standard input) what is found in it, by which detector, where and why; the value is not shown.

    Look-alikes are listed too, with the rule that leaves them alone. Exit status 0 if something is redacted, else 1.
    """
    given = sys.stdin.read() if text is None else text
    value: object = given.rstrip("\n")
    if record:
        try:
            value = json.loads(given)
        except ValueError:
            raise click.ClickException("--record: the input is not JSON") from None
    findings = explain_value(value, key, policy_of_environment().redactor)
    if as_json:
        click.echo(json.dumps([finding._asdict() for finding in findings], indent=2))
    else:
        click.echo(table(_COLUMNS, [_cells(finding) for finding in findings]) if findings else "Nothing is found.")
    raise SystemExit(0 if any(finding.outcome == "redacted" for finding in findings) else 1)


def _cells(finding: Finding) -> tuple[str, ...]:
    where = f"{finding.path} {finding.start}-{finding.end}".strip()
    return (where, finding.kind, finding.detector, finding.level, finding.proof, finding.outcome, finding.why)
