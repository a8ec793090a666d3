"""`discreet detectors`, and what all commands share: help and version."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

import discreet
from discreet.cli import main
from discreet.detectors import groups
from discreet.policy import known_detectors
from tests.cli.running import run

ROWS = known_detectors()


def detectors(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["detectors", *arguments])


def test_the_table_has_every_detector() -> None:
    """A line for each, under the names of the columns."""
    lines = detectors().stdout.splitlines()
    assert lines[0].split() == ["group", "kind", "detector", "level", "proof", "source"]
    assert [line.split()[2] for line in lines[1:]] == [row.name for row in ROWS]


@pytest.mark.parametrize("group", groups(ROWS))
def test_a_group_may_be_chosen(group: str) -> None:
    """Only the rows of that group, all of them."""
    lines = detectors("--group", group).stdout.splitlines()[1:]
    assert {line.split()[0] for line in lines} == {group}
    assert len(lines) == sum(row.group == group for row in ROWS)


def test_an_unknown_group_names_those_that_are_known() -> None:
    """Status 1, and a message with every group and not the name that was given."""
    done = detectors("--group", "hunter2")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: --group: use one of ")
    assert all(group in done.stderr for group in groups(ROWS))
    assert "hunter2" not in done.stderr


def test_json_has_what_a_program_needs() -> None:
    """A list of objects with pattern and words, of one group or of all."""
    rows = json.loads(detectors("--json").stdout)
    assert [row["name"] for row in rows] == [row.name for row in ROWS]
    assert set(rows[0]) == {"name", "kind", "group", "level", "proof", "words", "pattern", "source"}
    network = json.loads(detectors("--json", "--group", "network").stdout)
    assert {row["kind"] for row in network} == {"ip_address"}


def test_markdown_is_a_page_with_a_table_for_each_group() -> None:
    """Headings in the order of the table, and a row with as many cells as the header for each detector."""
    lines = detectors("--markdown").stdout.splitlines()
    assert lines[0] == "# Detectors"
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == list(groups(ROWS))
    rows = [line for line in lines if line.startswith("| `")]
    assert len(rows) == len(ROWS)
    assert {row.replace("\\|", "").count("|") for row in rows} == {6}


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ([], ["--version", "--help", "redact", "explain", "detectors"]),
        (["redact"], ["--jsonl", "--help", "[SOURCE]"]),
        (["explain"], ["--key", "--record", "--json", "--help", "[TEXT]"]),
        (["detectors"], ["--group", "--json", "--markdown", "--help"]),
    ],
)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_names_every_option(command: list[str], options: list[str], flag: str) -> None:
    """Each command says what it takes, with status 0."""
    done = CliRunner().invoke(main, [*command, flag])
    assert done.exit_code == 0
    assert all(option in done.stdout for option in options)


def test_the_version_is_that_of_the_package() -> None:
    """A process says name and version."""
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"discreet, version {discreet.__version__}\n".encode())


def test_an_unknown_command_ends_with_two() -> None:
    """As usual for commands that are used wrongly."""
    assert CliRunner().invoke(main, ["scrub"]).exit_code == 2
