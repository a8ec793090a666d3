"""`discreet explain`: what it says, in both forms, and what it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from discreet.cli import main
from tests.cli.running import run

COLUMNS = ["place", "kind", "detector", "level", "proof", "outcome", "why"]


def explain(*arguments: str, given: str | None = None) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["explain", *arguments], input=given)


def findings(*arguments: str, given: str | None = None) -> list[dict[str, Any]]:
    """Give what it prints in JSON."""
    found: list[dict[str, Any]] = json.loads(explain("--json", *arguments, given=given).stdout)
    return found


def test_the_table_says_which_row_found_what_where_and_why() -> None:
    """One line for each finding, under the names of the columns; status 0."""
    done = explain("mail zoe@example.org, password=hunter2")
    lines = done.stdout.splitlines()
    assert lines[0].split() == COLUMNS
    assert lines[1].split()[:6] == ["5-20", "email", "email", "confidential", "shape", "redacted"]
    assert lines[2].split()[:6] == ["31-38", "password", "password_key", "restricted", "key", "redacted"]
    assert len(lines) == 3
    assert done.exit_code == 0


def test_json_says_the_same() -> None:
    """The same findings as objects, in order."""
    (mail, password) = findings("mail zoe@example.org, password=hunter2")
    assert mail == {
        "path": "",
        "start": 5,
        "end": 20,
        "kind": "email",
        "detector": "email",
        "level": "confidential",
        "proof": "shape",
        "outcome": "redacted",
        "why": "RFC 5321, RFC 5322",
    }
    assert (password["kind"], password["proof"]) == ("password", "key")


def test_a_key_tells() -> None:
    """With --key the whole value is found by the key's row, and the place is the key's."""
    (finding,) = findings("--key", "user.pin", "4711")
    assert (finding["path"], finding["start"], finding["end"], finding["detector"]) == ("user.pin", 0, 4, "pin_key")
    assert explain("--key", "user.pin", "4711").stdout.splitlines()[1].startswith("user.pin 0-4  pin")


def test_a_record_is_explained_value_by_value() -> None:
    """With --record nested values stand under their path, and a half-telling key says that it tells only half."""
    record = {"user": {"pin": 4711, "id": 7}, "note": ["to zoe@example.org"], "office": {"address": "db-1"}}
    found = findings("--record", json.dumps(record))
    assert [(row["path"], row["kind"], row["outcome"]) for row in found] == [
        ("user.pin", "pin", "redacted"),
        ("user.id", "person_id", "left"),
        ("note", "email", "redacted"),
        ("office.address", "address", "left"),
    ]
    assert "only half" in found[3]["why"]


def test_a_look_alike_is_listed_with_its_rule() -> None:
    """What a pattern matches and a check refuses is left, with the rule; status 1, for nothing is redacted."""
    done = explain("order 4111111111111112")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[1].split()[:6] == ["6-22", "card", "card", "restricted", "shape", "left"]
    assert "left by the rule: " in done.stdout


def test_nothing_found_says_so() -> None:
    """A clean text has one line and status 1; in JSON an empty list."""
    done = explain("token expired")
    assert (done.exit_code, done.stdout) == (1, "Nothing is found.\n")
    assert findings("token expired") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["mail zoe.fakenham@example.org, password=Tr0ub4dor, order 4111111111111112, SSN 345-67-8901"],
        ["--key", "password", "Tr0ub4dor"],
        ["--record", '{"password": "Tr0ub4dor", "note": ["zoe.fakenham@example.org"], "n": 4111111111111112}'],
        ["--record", "no JSON Tr0ub4dor"],
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_no_value_is_shown(arguments: list[str], form: list[str]) -> None:
    """Neither the table nor JSON nor a message quotes what was given."""
    done = explain(*form, *arguments)
    for value in ("zoe", "fakenham", "Tr0ub4dor", "411111", "345-67"):
        assert value not in done.output


def test_text_may_come_by_standard_input() -> None:
    """Without TEXT standard input is read, by a process as well; the last newline is none of it."""
    assert [(row["start"], row["end"]) for row in findings(given="zoe@example.org\n")] == [(0, 15)]
    done = run("explain", given=b"zoe@example.org\n")
    assert done.returncode == 0
    assert b"0-15" in done.stdout


def test_a_record_that_is_no_json_ends_with_one() -> None:
    """The message says which option is wrong."""
    done = explain("--record", "zoe")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", "Error: --record: the input is not JSON\n")


def test_what_is_kept_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy of the environment counts: a kind that is kept is not redacted."""
    monkeypatch.setenv("DISCREET_ACTIONS", "email=keep")
    assert [row for row in findings("zoe@example.org") if row["outcome"] == "redacted"] == []
