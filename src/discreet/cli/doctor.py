"""`discreet doctor`: what telemetry there is, whether it is guarded, and what of the canaries would have left."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from discreet.cli.table import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_NOT_ACTIVE = {
    "place": "guard",
    "rule": "is NOT ACTIVE in that command: no process of it reported, and whatever telemetry it has leaves raw",
    "remedy": "Start it with opentelemetry-instrument, or call discreet.configure() in it; or give it more --timeout",
}


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--json", "as_json", is_flag=True, help="Print JSON in place of tables.")
@click.option("--timeout", default=30.0, show_default=True, type=click.FloatRange(min=1), help="Seconds to wait.")
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def doctor(*, as_json: bool, timeout: float, command: tuple[str, ...]) -> None:
    """Check the guard here, or in the processes of COMMAND, such as `discreet doctor -- python app.py`.

    Names every provider, processor, reader and exporter, and by what it is guarded; sends made-up private values of
    every kind through the live guard, and prints what of them would have left. Nothing of it reaches an exporter.

    COMMAND is started, left to set itself up, and ended by SIGTERM; what it writes goes to standard error.

    Exit status 0 if all is guarded and nothing would leave, 1 if not, 2 if that could not be found out.
    """
    reports, obstacles = _of_command(command, timeout) if command else ([_here()], [])
    problems = list(_unique(problem for report in reports for problem in report["problems"]))
    if not reports and not obstacles:
        problems = [_NOT_ACTIVE]
    obstacles += [_FAILED for report in reports if not report["looked"]][:1]
    if as_json:
        healthy = not problems and not obstacles
        found = {"healthy": healthy, "problems": problems, "not_looked": obstacles, "processes": reports}
        click.echo(json.dumps(found, indent=2))
    else:
        click.echo("\n\n".join(_sections(reports, problems, obstacles)))
    raise SystemExit(1 if any(problem["place"] != "doctor" for problem in problems) else 2 if obstacles else 0)


_FAILED = "The doctor itself failed; please report that."


def _unique(problems: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Give each problem once, though each process of a command may have it."""
    seen: set[tuple[str, ...]] = set()
    for problem in problems:
        if tuple(problem.values()) not in seen:
            seen.add(tuple(problem.values()))
            yield problem


def _here() -> dict[str, Any]:
    from discreet import runtime
    from discreet.guard.doctor import doctor as examine

    runtime.arm("discreet doctor")
    return examine().as_dict()


def _of_command(command: Sequence[str], timeout: float) -> tuple[list[dict[str, Any]], list[str]]:
    """Give what the processes of a command reported, and in words why that may not be all."""
    from discreet.cli.visit import visit

    try:
        visited = visit(command, timeout)
    except OSError as error:
        return [], [f"The command cannot be started ({type(error).__name__})."]
    obstacles = []
    if visited.status:
        obstacles.append(f"The command ended by itself with status {visited.status}; its own output says why.")
    elif visited.reports and not visited.complete:
        obstacles.append(f"The command was not set up within {timeout:g} s; give it more --timeout.")
    return visited.reports, obstacles


def _sections(
    reports: Sequence[Mapping[str, Any]], problems: Sequence[Mapping[str, str]], obstacles: Sequence[str]
) -> Iterator[str]:
    for report in reports:
        if len(reports) > 1:
            yield f"PROCESS {report['pid']}"
        yield f"Guard: {'armed by ' + report['armed_by'] if report['armed_by'] else 'NOT ARMED'}"
        rows = [
            (net["net"], net["signals"], net["state"] if net["whole"] else f"{net['state']} (NOT WHOLE)")
            for net in report["nets"]
        ]
        yield table(("net", "guards", "state"), rows)
        parts = [_part(part) for part in report["parts"]]
        yield table(("part", "signal", "type", "endpoint", "guarded"), parts) if parts else _NO_PARTS
        if report["outcomes"]:
            yield table(("signal", "place", "by", "canaries", "would have left"), list(_places(report["outcomes"])))
    notes = [f"NOTE: {_line(note)}" for report in reports for note in report["notes"]]
    yield from dict.fromkeys(notes)
    yield from (f"PROBLEM: {_line(problem)}" for problem in problems)
    yield from (f"COULD NOT LOOK: {obstacle}" for obstacle in obstacles)
    if not problems and not obstacles:
        said = sum(len(report["outcomes"]) for report in reports)
        yield f"OK: every part is guarded, and of {said} canaries none would have left."


_NO_PARTS = "No providers in this process. Give a command to look into: discreet doctor -- COMMAND"


def _part(part: Mapping[str, Any]) -> tuple[str, ...]:
    role = f"{part['role']} {part['provider']}" if part["role"] == "provider" else f"  {part['role']}"
    if part["role"] == "provider" and part["in_force"]:
        role += " (global)"
    net = part["net"] or ("NO" if part["provider"] else "no provider holds it")
    return (role, part["signal"], part["type"], part["endpoint"], net)


def _places(outcomes: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, ...]]:
    """Give one row for each place, result and set of nets: most places have the same result by every net."""
    nets: dict[tuple[str, str, str], list[str]] = {}
    kinds: dict[tuple[str, str, str], list[str]] = {}
    for outcome in outcomes:
        row = (outcome["signal"], outcome["place"], outcome["result"])
        nets.setdefault(row, []).append(outcome["net"])
        kinds.setdefault(row, []).append(outcome["kind"])
    for row, passed in nets.items():
        signal, place, result = row
        named = f": {', '.join(dict.fromkeys(kinds[row]))}" if result in ("LEAKS", "kept by policy") else ""
        yield signal, place, ", ".join(dict.fromkeys(passed)), str(len(kinds[row])), f"{_WORDS[result]}{named}"


_WORDS = {
    "LEAKS": "LEAKS",
    "kept by policy": "kept by policy",
    "redacted": "nothing raw: redacted",
    "clean": "nothing raw: taken out",
    "withheld": "nothing raw: the record is withheld",
    "nothing": "nothing: it is not sent at all",
}


def _line(problem: Mapping[str, str]) -> str:
    return f"{problem['place']}: {problem['rule']}. {problem['remedy']}."
