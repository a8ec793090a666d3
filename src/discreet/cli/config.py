"""`discreet config`: what is set and where it came from, whether files are right, and their schema."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from discreet.cli.table import table
from discreet.policy import gather_again
from discreet.policy.files import document
from discreet.policy.overlays import ATTRIBUTES, VARIABLE
from discreet.policy.resolve import settle
from discreet.policy.schema import schema as json_schema
from discreet.policy.showing import shown, values
from discreet.policy.sources import FILE_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discreet.policy import Problem
    from discreet.policy.documents import Document
    from discreet.policy.gather import Gathered

_COLUMNS = ("option", "value", "from")
_WRONG, _UNREADABLE = 1, 2


@click.group()
def config() -> None:
    """Show what is set and where it came from, check files, print their schema."""


@config.command()
@click.argument("file", required=False)
@click.option("--environment", help="Take this for the deployment.environment.name.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON in place of a table.")
def show(file: str | None, *, environment: str | None, as_json: bool) -> None:
    """List each option with its value, secrets withheld, and where it came from.

    FILE takes the place of DISCREET_CONFIG. What is wrong goes to standard error. Exit status 0 if nothing is, else 1.
    """
    environ = {**os.environ, **({FILE_VARIABLE: file} if file else {})}
    found = gather_again(
        environ=environ,
        declarative=environ.get("OTEL_CONFIG_FILE"),
        resource={ATTRIBUTES[0]: environment} if environment else None,
    )
    if environment:
        found = found._replace(environment=found.environment._replace(origin="--environment"))
    click.echo(json.dumps(shown(found), indent=2, ensure_ascii=False) if as_json else "\n".join(_lines(found)))
    _say(found.problems)
    raise SystemExit(_WRONG if found.problems else 0)


def _lines(found: Gathered) -> Iterator[str]:
    name, origin = found.environment
    yield f"environment: {name} ({origin})" if name else f"environment: none ({ATTRIBUTES[0]} in {VARIABLE})"
    yield ""
    yield table(_COLUMNS, [(name, _cell(value), found.origins[name]) for name, value in values(found).items()])


def _cell(value: Any) -> str:
    """Give a value as a cell of the table: as YAML would have it, on one line."""
    if value in (None, [], {}):
        return "-"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}={word}" for name, word in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)


@config.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--offline", is_flag=True, help="Do not follow references: variables and secrets need not be there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON in place of lines.")
def check(files: tuple[str, ...], *, offline: bool, as_json: bool) -> None:
    """Name every error of each FILE: file, line, option, rule and remedy; every environment of it is checked.

    Exit status 0 if there is none, 1 if there is one, 2 if a file cannot be read.
    """
    read = [document(file, os.environ, name=file, follow=not offline) for file in files]
    problems = [problem for found in read for problem in _problems(found)]
    if as_json:
        click.echo(json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False))
    else:
        _say(problems)
    unreadable = not all(found.readable for found in read)
    raise SystemExit(_UNREADABLE if unreadable else _WRONG if problems else 0)


def _problems(found: Document) -> list[Problem]:
    """Give what is wrong with a file by itself, and under each of its environments, in the order of its lines."""
    problems = list(found.problems)
    for overlay in (None, *found.overlays.values()):
        problems += settle((found.options, overlay) if overlay else (found.options,)).problems
    return sorted(dict.fromkeys(problems), key=_line)


def _line(problem: Problem) -> int:
    match = re.search(r":([0-9]+)(?::|$)", problem.place)
    return int(match[1]) if match else 0


def _say(problems: list[Problem] | tuple[Problem, ...]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


@config.command()
@click.option("--markdown", is_flag=True, help="Print the reference of the options for the documentation.")
def schema(*, markdown: bool) -> None:
    """Print the JSON Schema (draft 2020-12) of a configuration file, for editors."""
    if markdown:
        from discreet.policy.reference import reference

        click.echo("\n".join(reference()).rstrip())
    else:
        click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
