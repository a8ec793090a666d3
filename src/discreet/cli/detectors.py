"""`discreet detectors`: the table of detectors, for people, programs and the documentation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from discreet.cli.policy import policy_of_environment
from discreet.cli.table import table
from discreet.detectors import groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from discreet.detectors import Detector

_COLUMNS = ("group", "kind", "detector", "level", "proof", "source")


@click.command()
@click.option("--group", "group", help="Only the detectors of one group.")
@click.option("--json", "form", flag_value="json", help="Print JSON in place of a table.")
@click.option("--markdown", "form", flag_value="markdown", help="Print the reference page of the documentation.")
def detectors(*, group: str | None, form: str | None) -> None:
    """List what is looked for: groups and kinds are the names that DISCREET_DETECTORS and DISCREET_ACTIONS take."""
    known = policy_of_environment().redactor.detectors
    rows = [row for row in known if group in {None, row.group}]
    if not rows:
        raise click.ClickException(f"--group: use one of {', '.join(groups(known))}")
    if form == "json":
        click.echo(json.dumps([_fields(row) for row in rows], indent=2, ensure_ascii=False))
    elif form == "markdown":
        click.echo("\n".join(markdown(rows)))
    else:
        click.echo(table(_COLUMNS, [(r.group, r.kind, r.name, r.level, r.proof, r.source) for r in rows]))


def _fields(row: Detector) -> dict[str, Any]:
    names = ("name", "kind", "group", "level", "proof", "words", "pattern", "source")
    return {name: getattr(row, name) for name in names}


def markdown(rows: Sequence[Detector]) -> Iterator[str]:
    """Yields the lines of the reference: a table for each group."""
    yield "# Detectors"
    yield ""
    yield "Printed by `discreet detectors --markdown`. Proof is what makes a match one: its *shape* alone, a *word*"
    yield "within 40 characters, or a telling *key*. How to choose and add detectors: [detection.md](detection.md)."
    for group in groups(rows):
        yield from ("", f"## {group}", "", "| kind | detector | level | proof | source |", "|---|---|---|---|---|")
        for row in (row for row in rows if row.group == group):
            source = row.source.replace("|", "\\|")
            yield f"| `{row.kind}` | {row.name} | {row.level} | {row.proof} | {source} |"
