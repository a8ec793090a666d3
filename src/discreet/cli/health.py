"""`discreet health`: what a process says of its health, for people and for exec probes."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from typing import Any

import click

from discreet.cli.table import table

_COLUMNS = ("check", "status", "critical", "observed", "output")
_TIMEOUT = 5.0


@click.command()
@click.argument("url", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as it is.")
def health(url: str | None, *, as_json: bool) -> None:
    """Ask a process for its health, at URL; by default http://127.0.0.1:PORT/readyz with DISCREET_HEALTH_PORT.

    Exit status 0 if it passes or warns, 1 if it fails, 2 if there is no answer.
    """
    status, said = _asked(url or _default())
    if as_json:
        click.echo(json.dumps(said))
    else:
        click.echo(f"{said['status']}\n")
        click.echo(table(_COLUMNS, [_cells(name, one) for name, (one, *_) in said.get("checks", {}).items()]))
    raise SystemExit(0 if status == 200 else 1)  # noqa: PLR2004


def _default() -> str:
    port = os.environ.get("DISCREET_HEALTH_PORT", "0")
    if port in {"", "0"}:
        _give_up("give a URL, or set DISCREET_HEALTH_PORT as the process has it")
    return f"http://127.0.0.1:{port}/readyz"


def _asked(url: str) -> tuple[int, dict[str, Any]]:
    if not url.startswith(("http://", "https://")):
        _give_up("the URL must begin with http:// or https://")
    try:
        try:
            with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310 - looked at above
                status, body = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        said = json.loads(body)
        if status not in {200, 503} or "status" not in said:
            _give_up(f"what answers there (status {status}) is not the health of a process")
    except (OSError, ValueError) as error:
        _give_up(f"no answer ({type(error).__name__})")
    return status, said


def _give_up(why: str) -> None:
    click.echo(f"discreet health: {why}", err=True)
    raise SystemExit(2)


def _cells(name: str, one: dict[str, Any]) -> tuple[str, ...]:
    observed = f"{one['observedValue']:g} {one['observedUnit']}" if "observedValue" in one else ""
    return name, one["status"], "yes" if one["critical"] else "no", observed, one.get("output", "")
