"""`discreet config`: what is set and whence, whether files are right, and the schema."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from discreet.cli import main
from discreet.policy import OPTIONS
from tests.cli.running import run
from tests.policy.broken import BROKEN, SECRET

KEY = "k1:aHVudGVyMmh1bnRlcjJodW50ZXIy"
TEXT = """\
detectors: [email, card]
pseudonym_key: ${env:KEY}
honeytokens: [hunter2-hunter2]
environments:
  test:
    output: false
"""


def config(*arguments: str, **variables: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["config", *arguments], env=variables)


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Give the path of a file that is right where KEY is set."""
    file = tmp_path / "d.yaml"
    file.write_text(TEXT)
    return str(file)


def rows(done: Result) -> dict[str, list[str]]:
    """Give value and origin by option of a table."""
    lines = [line.split(maxsplit=1) for line in done.stdout.splitlines()[3:]]
    return {name: [cell.strip() for cell in rest.split("  ") if cell.strip()] for name, rest in lines}


def test_show_says_each_value_and_where_it_came_from(path: str) -> None:
    """File and line, variable or default; keys and planted values are withheld."""
    done = config("show", DISCREET_CONFIG=path, KEY=KEY, DISCREET_STRICT="true")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("environment: none")
    shown = rows(done)
    assert list(shown) == [option.name for option in OPTIONS]
    assert shown["detectors"] == ["email, card", "d.yaml:1: detectors"]
    assert shown["pseudonym_key"] == ["(set)", "d.yaml:2: pseudonym_key"]
    assert shown["honeytokens"] == ["(set)", "d.yaml:3: honeytokens"]
    assert shown["strict"] == ["true", "DISCREET_STRICT"]
    assert shown["output"] == ["true", "default"]
    assert SECRET not in done.stdout
    assert KEY not in done.stdout


@pytest.mark.parametrize("as_option", [True, False])
def test_show_knows_the_environment(path: str, as_option: bool) -> None:
    """From the resource, or as asked for; a file may be given in place of the variable's."""
    resource = {} if as_option else {"OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test"}
    done = config("show", path, *(["--environment", "test"] if as_option else []), KEY=KEY, **resource)
    assert done.stdout.startswith(f"environment: test ({'--environment' if as_option else 'OTEL_RESOURCE_ATTRIBUTES'})")
    assert rows(done)["output"] == ["false", "d.yaml:6: environments.test.output"]


def test_show_reads_the_declarative_file(tmp_path: Path) -> None:
    """Its options, and its environment."""
    path = tmp_path / "otel.yaml"
    path.write_text(
        'file_format: "1.0"\nresource: {attributes_list: deployment.environment.name=test}\n'
        "distribution:\n  discreet:\n    environments: {test: {output: false}}\n"
    )
    done = config("show", OTEL_CONFIG_FILE=str(path))
    assert done.stdout.startswith("environment: test (OTEL_CONFIG_FILE)")
    assert rows(done)["output"] == ["false", "otel.yaml:5: distribution.discreet.environments.test.output"]


def test_show_ends_with_one_where_something_is_wrong(path: str) -> None:
    """The table is what would be in force, the problem goes to standard error."""
    done = config("show", path)
    assert done.exit_code == 1
    assert "d.yaml:2: pseudonym_key: needs the variable KEY" in done.stderr
    assert rows(done)["pseudonym_key"] == ["-", "default"]


def test_show_in_json_is_for_programs(path: str) -> None:
    """Environment, options with value and origin, and problems."""
    shown = json.loads(config("show", path, "--json", "--environment", "test", KEY=KEY).stdout)
    assert shown["environment"] == {"name": "test", "from": "--environment"}
    assert shown["options"]["output"] == {"value": False, "from": "d.yaml:6: environments.test.output"}
    assert shown["options"]["detectors"]["value"] == ["email", "card"]
    assert shown["options"]["pseudonym_key"]["value"] == "(set)"
    assert shown["problems"] == []


@pytest.mark.parametrize("case", BROKEN)
def test_check_names_every_error(case: str, tmp_path: Path) -> None:
    """The messages of the file, by its path as given, in the order of the lines; status 1."""
    wrong = BROKEN[case]
    path = tmp_path / wrong.name
    path.write_bytes(wrong.content)
    done = config("check", str(path))
    whole = f"DISCREET_CONFIG ({wrong.name})"
    expected = [f"{path}{message.removeprefix(whole).removeprefix(wrong.name)}" for message in wrong.messages]
    assert sorted(done.stderr.splitlines()) == sorted(expected)
    assert done.exit_code == (2 if case == "too large" else 1)
    assert SECRET not in done.output


def test_check_goes_by_the_lines_and_says_each_error_once(tmp_path: Path) -> None:
    """Errors at the top are not said again for each environment."""
    path = tmp_path / "d.yaml"
    path.write_text("environments: {a: {strict: 7}, b: {strict: true}}\noutput: 7\nzzz: 1\n")
    done = config("check", str(path))
    assert [line.removeprefix(f"{path}:")[:2] for line in done.stderr.splitlines()] == ["1:", "2:", "3:"]


def test_check_takes_many_files_and_gives_json(path: str, tmp_path: Path) -> None:
    """Place, rule and remedy of each."""
    other = tmp_path / "other.json"
    other.write_text('{"output": 7}')
    done = config("check", path, str(other), "--json", KEY=KEY)
    assert done.exit_code == 1
    assert json.loads(done.stdout) == [
        {"place": f"{other}:1: output", "rule": "must be true or false", "remedy": "Write true or false"}
    ]


def test_check_ends_with_nought_where_all_is_right(path: str) -> None:
    """Saying nothing."""
    done = config("check", path, KEY=KEY)
    assert (done.exit_code, done.output) == (0, "")


def test_check_offline_needs_no_secrets(path: str, tmp_path: Path) -> None:
    """What holds a reference is left alone; what does not is checked."""
    assert config("check", "--offline", path).exit_code == 0
    other = tmp_path / "other.yaml"
    other.write_text("honeytokens: file:/run/nowhere\ndetectors: ['${env:KIND}']\noutput: perhaps\n")
    assert config("check", "--offline", str(other)).stderr == (
        f"{other}:3: output: must be true or false. Write true or false\n"
    )


@pytest.mark.parametrize("arguments", [["check"], ["check", "/nowhere/at/all"], ["check", "/"], ["nonsense"]])
def test_what_cannot_be_checked_ends_with_two(arguments: list[str]) -> None:
    """No file named, none there, a directory, no such command."""
    assert config(*arguments).exit_code == 2


def test_the_schema_is_printed() -> None:
    """As JSON, valid for its draft, in a process of its own."""
    done = run("config", "schema")
    jsonschema.Draft202012Validator.check_schema(json.loads(done.stdout))
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ([], ["show", "check", "schema"]),
        (["show"], ["--environment", "--json", "[FILE]"]),
        (["check"], ["--offline", "--json", "FILE..."]),
        (["schema"], ["--markdown"]),
    ],
)
def test_help_names_every_option(command: list[str], options: list[str]) -> None:
    """Each command says what it takes."""
    done = config(*command, "--help")
    assert done.exit_code == 0
    assert all(option in done.stdout for option in options)


def test_other_commands_go_by_the_file_too(path: str) -> None:
    """The policy of `discreet redact` is that of the file, and what is wrong in it ends the command."""
    given = b"zoe@example.org 4111111111111111 8.8.8.8\n"
    done = run("redact", given=given, DISCREET_CONFIG=path, KEY=KEY)
    assert done.stdout == b"[REDACTED:email] [REDACTED:card] 8.8.8.8\n"
    done = run("redact", given=given, DISCREET_CONFIG=path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"d.yaml:2: pseudonym_key: needs the variable KEY" in done.stderr
