"""`discreet redact`, in a process where pipes and bytes matter, in this one elsewhere."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from discreet.cli import main
from tests.cli.running import DISCREET, KEY_LINES, run

MAIL = b"mail zoe@example.org"
CLEAN = b"mail [REDACTED:email]"


def redact(given: bytes, *arguments: str, **variables: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["redact", *arguments], input=given, env=variables)


def test_a_line_comes_out_before_the_next_goes_in() -> None:
    """A pipe streams: each line is answered while the input is still open."""
    with subprocess.Popen([str(DISCREET), "redact"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(b"%d %b\n" % (number, MAIL))
            process.stdin.flush()
            assert process.stdout.readline() == b"%d %b\n" % (number, CLEAN)
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.mark.parametrize("form", [[], ["--jsonl"]])
def test_a_reader_that_has_enough_ends_it_quietly(form: list[str]) -> None:
    """With `| head` the command ends with status 0 and says nothing."""
    command = [str(DISCREET), "redact", *form]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(b'{"n": 1}\n')
        process.stdin.flush()
        process.stdout.readline()
        process.stdout.close()
        process.stdin.write(b'{"n": 2}\n' * 3)
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(10) == 0


def test_order_is_kept() -> None:
    """Lines leave in the order in which they came, none lost."""
    given = b"".join(b"%d %b\n" % (number, MAIL if number % 3 else b"ok") for number in range(1_000))
    assert redact(given).stdout_bytes == given.replace(MAIL, CLEAN)


def test_a_private_key_of_many_lines_goes_as_a_whole() -> None:
    """The lines of a PEM block become one marker; those round it stay."""
    assert redact(b"before\n" + KEY_LINES + b"after\n").stdout_bytes == b"before\n[REDACTED:private_key]\nafter\n"


def test_a_private_key_that_is_cut_off_goes_too() -> None:
    """A PEM block without its end leaves nothing of itself."""
    cut = KEY_LINES[: KEY_LINES.index(b"-----END")]
    assert redact(b"before\n" + cut).stdout_bytes == b"before\n[REDACTED:private_key]\n"


def test_a_value_on_the_next_line_goes() -> None:
    """A key that ends its line is read together with the next one, as in YAML."""
    assert redact(b"password:\n  hunter2\nok\n").stdout_bytes == b"password:\n  [REDACTED:password]\nok\n"


@pytest.mark.parametrize(
    ("given", "left"),
    [
        (b"\xff\xfe " + MAIL + b" \xe9\n", b"\xff\xfe " + CLEAN + b" \xe9\n"),
        ("señor ".encode() + MAIL + b"\n", "señor ".encode() + CLEAN + b"\n"),
        (MAIL + b"\r\nok\r\n", CLEAN + b"\r\nok\r\n"),
        (b"ok\n" + MAIL, b"ok\n" + CLEAN),
        (b"", b""),
        (b"\n\r\n\n", b"\n\r\n\n"),
        (b"a\x00b " + MAIL + b"\n", b"a\x00b " + CLEAN + b"\n"),
    ],
    ids=["no UTF-8", "UTF-8", "CRLF", "no last newline", "empty", "blank lines", "zero byte"],
)
def test_bytes_round_a_finding_stay(given: bytes, left: bytes) -> None:
    """Strange bytes, line ends and their absence survive."""
    done = redact(given)
    assert (done.exit_code, done.stdout_bytes, done.stderr) == (0, left, "")


def test_bytes_survive_a_real_pipe() -> None:
    """What holds within one process holds between processes."""
    done = run("redact", given=b"\xff " + MAIL + b"\r\n" + MAIL)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"\xff " + CLEAN + b"\r\n" + CLEAN, b"")


def test_its_own_output_is_left_alone() -> None:
    """A second pass changes nothing."""
    once = redact(MAIL + b"\npassword=hunter2\n" + KEY_LINES).stdout_bytes
    assert redact(once).stdout_bytes == once


def test_a_file_may_be_named(tmp_path: Path) -> None:
    """A file is read and not changed; one that is not there ends the command with 2."""
    path = tmp_path / "app.log"
    path.write_bytes(MAIL + b"\n")
    assert redact(b"", str(path)).stdout_bytes == CLEAN + b"\n"
    assert path.read_bytes() == MAIL + b"\n"
    missing = redact(b"", str(tmp_path / "missing.log"))
    assert missing.exit_code == 2
    assert "No such file" in missing.stderr


@pytest.mark.parametrize(
    "line",
    [
        b'{"n":1,  "ok" : true}\n',
        b'{"b": 1.10, "a": "\\u00e9", "nothing": null}\r\n',
        b"[]\n",
        b"42\n",
        b"\n",
        b'{"cut": "no newline"}',
    ],
)
def test_clean_lines_of_json_are_the_same_bytes(line: bytes) -> None:
    """A line in which nothing is found is not written anew."""
    assert redact(line, "--jsonl").stdout_bytes == line


def test_keys_of_json_tell() -> None:
    """Values go by the keys above them, numbers and lists too; keys, order and other values stay."""
    given = {"n": 1.5, "user": {"name": "Zoe", "pin": 4711, "id": 7}, "password": ["a", "b"], "é": "zoe@example.org"}
    left = {
        "n": 1.5,
        "user": {"name": "[REDACTED:name]", "pin": "[REDACTED:pin]", "id": 7},
        "password": ["[REDACTED:password]", "[REDACTED:password]"],
        "é": "[REDACTED:email]",
    }
    done = redact(json.dumps(given).encode() + b"\n", "--jsonl")
    assert done.stdout_bytes.decode() == json.dumps(left, ensure_ascii=False) + "\n"
    assert done.stderr == ""


def test_what_is_no_json_is_redacted_as_text_and_counted() -> None:
    """Broken lines leave redacted, in their place, and are counted on standard error without being quoted."""
    given = b'{"a": 1}\nlogin of zoe@example.org\n{"password": "hunter2"\n{"a": 2}\n'
    done = redact(given, "--jsonl")
    left = b'{"a": 1}\nlogin of [REDACTED:email]\n{"password": "[REDACTED:password]"\n{"a": 2}\n'
    assert (done.exit_code, done.stdout_bytes) == (0, left)
    assert done.stderr.startswith("discreet redact: 2 ")
    assert "zoe" not in done.stderr


def test_json_that_is_no_object_is_redacted_too() -> None:
    """Lists, texts and numbers by themselves are values like any other."""
    given = b'["zoe@example.org", 7]\n"zoe@example.org"\n4111111111111111\n'
    left = b'["[REDACTED:email]", 7]\n"[REDACTED:email]"\n"[REDACTED:card]"\n'
    assert redact(given, "--jsonl").stdout_bytes == left


def test_json_that_is_too_deep_is_no_json() -> None:
    """A line that nests beyond what can be read is redacted as text."""
    given = b"[" * 100_000 + b'"zoe@example.org"\n'
    done = redact(given, "--jsonl")
    assert b"zoe@" not in done.stdout_bytes
    assert done.stderr.startswith("discreet redact: 1 ")


def test_the_policy_is_that_of_the_environment() -> None:
    """Detectors, actions and patterns of the variables are in force."""
    patterns = '[{"kind": "staff_id", "pattern": "STF-[0-9]{4}", "example": "STF-1044", "near_miss": "STF-x"}]'
    done = redact(
        b"from 8.8.8.8 by STF-1044 for zoe@example.org\n",
        DISCREET_PATTERNS=patterns,
        DISCREET_ACTIONS="network=truncate",
        DISCREET_DETECTORS="network",
    )
    assert done.stdout_bytes == b"from 8.8.8.0 by [REDACTED:staff_id] for zoe@example.org\n"


WRONG = [
    ("DISCREET_DETECTORS", "emial", "unknown detector (the name at place 1): did you mean 'email'?", "Name kinds"),
    ("DISCREET_ACTIONS", "email=burnt", "the action at place 1 must be one of redact, mask", "Write kind=action"),
    ("DISCREET_PSEUDONYM_KEY", "k1:aHVudGVyMg==", "use 16 random bytes or more", "Write id:base64"),
    ("DISCREET_PSEUDONYM_KEY", "file:/no/hunter2", "names a file that cannot be read", "Write id:base64"),
    ("DISCREET_PATTERNS", '[{"kind": "hunter_two"}]', "pattern 1: pattern: give it", "Give kind, pattern"),
    ("DISCREET_PATTERNS", "hunter2", "must be a list in JSON", "Give kind, pattern"),
    ("DISCREET_GENAI_CONTENT", "hunter2", "must be redact or withhold", "Write redact or withhold"),
    ("DISCREET_OUTPUT", "perhaps", "must be true or false", "Write true or false"),
]


@pytest.mark.parametrize("command", ["redact", "explain"])
@pytest.mark.parametrize(("variable", "value", "rule", "remedy"), WRONG)
def test_a_wrong_variable_ends_the_command(command: str, variable: str, value: str, rule: str, remedy: str) -> None:
    """The message names place, rule and remedy and not the value, and nothing is written."""
    done = CliRunner().invoke(main, [command], input=MAIL, env={variable: value})
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Error: {variable}: ")
    assert rule in done.stderr
    assert remedy in done.stderr
    assert value not in done.stderr


def test_all_wrong_variables_are_said_at_once() -> None:
    """Two problems are two lines, and a process ends with 1 too."""
    done = run("redact", given=MAIL, DISCREET_DETECTORS="emial", DISCREET_OUTPUT="perhaps")
    assert (done.returncode, done.stdout) == (1, b"")
    first, second = done.stderr.splitlines()
    assert first.startswith(b"Error: DISCREET_DETECTORS: ")
    assert second.startswith(b"DISCREET_OUTPUT: ")
