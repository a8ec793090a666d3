"""`discreet rules`: alert and recording rules for Prometheus, rendered with the thresholds of an environment."""

from __future__ import annotations

from pathlib import Path

import click

from discreet.cli.table import table

FOLDER = "collector/alerts/environments"


@click.group()
def rules() -> None:
    """Render alert rules for Prometheus, list alerts and thresholds."""


@rules.command()
@click.option("--environment", required=True, help="Its name, or the path of its file.")
@click.option("--folder", default=FOLDER, show_default=True, help="Where the files of environments are.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def render(environment: str, folder: str, output: Path | None) -> None:
    """Print the rules of an environment, to be loaded by Prometheus.

    Exit status 0, or 1 with everything that is wrong with the environment's file.
    """
    from discreet.rules import WrongEnvironmentError, read_environment
    from discreet.rules import render as rendered

    is_file = environment.endswith((".yaml", ".yml", ".json"))
    try:
        text = rendered(read_environment(Path(environment) if is_file else Path(folder) / f"{environment}.yaml"))
    except WrongEnvironmentError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        raise SystemExit(1) from None
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


@rules.command(name="list")
@click.option("--markdown", is_flag=True, help="Print the table of the documentation.")
def list_alerts(*, markdown: bool) -> None:
    """List the alerts: name, group, severity, and when each fires."""
    from discreet.rules import alerts
    from discreet.rules import markdown as documented

    if markdown:
        click.echo("\n".join(documented()))
    else:
        rows = [(name, group.name, one.severity, one.fires) for name, (group, one) in alerts().items()]
        click.echo(table(("alert", "group", "severity", "fires when"), rows))


@rules.command()
def thresholds() -> None:
    """List the thresholds that a file of an environment sets, with their bounds."""
    from discreet.rules import THRESHOLDS

    rows = [(one.name, one.unit, f"{one.least:g}", f"{one.most:g}", one.what) for one in THRESHOLDS]
    click.echo(table(("threshold", "unit", "from", "to", "what"), rows))
