"""A wrong configuration: all that is wrong is said, nothing is quoted, and the app runs on, redacted."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from discreet import runtime
from discreet.policy import Policy, current, files, gather_again
from tests.policy.broken import BROKEN, SECRET

PRIVATE = "zoe@example.org 4111111111111111"


def messages(path: Path) -> list[str]:
    """Give what is said of a file, in the environment `test`."""
    found = gather_again(
        environ={"DISCREET_CONFIG": str(path), "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test"}
    )
    return [str(problem) for problem in found.problems]


@pytest.mark.parametrize("case", BROKEN)
def test_every_error_is_said_at_once(case: str, tmp_path: Path) -> None:
    """File, line, option, rule and remedy of each, and never the value."""
    wrong = BROKEN[case]
    path = tmp_path / wrong.name
    path.write_bytes(wrong.content)
    said = messages(path)
    assert said == list(wrong.messages)
    assert SECRET not in " ".join(said)


@pytest.mark.parametrize("case", BROKEN)
def test_the_app_runs_on_redacted(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The guard is armed, each message is one line of the log, and private text is redacted."""
    wrong = BROKEN[case]
    path = tmp_path / wrong.name
    path.write_bytes(wrong.content)
    monkeypatch.setenv("DISCREET_CONFIG", str(path))
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
    with caplog.at_level(logging.ERROR, "discreet"):
        runtime.arm()
    assert [record.getMessage() for record in caplog.records] == [f"discreet: {line}" for line in wrong.messages]
    assert current().redactor.text(PRIVATE, set()) == "[REDACTED:email] [REDACTED:card]"


def _directory(path: Path) -> None:
    path.mkdir()


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _nothing(_: Path) -> None:
    """Leave the path free."""


UNREADABLE = {
    "nothing there": (_nothing, "does not exist"),
    "a directory": (_directory, "is a directory"),
    "a named pipe": (os.mkfifo, "is not a regular file"),
    "a link to itself": (_loop, "cannot be read (OSError)"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_no_file_is_said(case: str, tmp_path: Path) -> None:
    """Nothing waits for a writer, and the message names variable and file."""
    make, rule = UNREADABLE[case]
    path = tmp_path / "d.yaml"
    make(path)
    assert messages(path) == [f"DISCREET_CONFIG (d.yaml): {rule}. Give the path of a file that can be read"]


def test_a_file_that_may_not_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system says; root may read everything, so the refusal is made."""

    def refuse(*_: object) -> int:
        raise PermissionError

    path = tmp_path / "d.yaml"
    path.write_text("output: false\n")
    monkeypatch.setattr(os, "open", refuse)
    (said,) = messages(path)
    assert "may not be read by this process" in said


def test_a_pattern_whose_time_is_not_linear_is_said(tmp_path: Path) -> None:
    """It would stop the app on a text made for it."""
    path = tmp_path / "d.yaml"
    path.write_text("patterns:\n  - {kind: t, pattern: '(a+)+$', example: aa, near_miss: b}\n")
    (said,) = messages(path)
    assert said.startswith("d.yaml:2: patterns: pattern 1: ")
    assert "a+" not in said


def test_without_pyyaml_the_message_names_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """YAML is an extra; JSON needs nothing."""
    monkeypatch.setitem(sys.modules, "yaml", None)
    path = tmp_path / "d.yaml"
    path.write_text("output: false\n")
    (said,) = messages(path)
    assert said == (
        "DISCREET_CONFIG (d.yaml): needs a package that is not installed. "
        "pip install 'discreet[yaml]', or write JSON and end its name so"
    )
    path = tmp_path / "d.json"
    path.write_text('{"output": false}')
    assert messages(path) == []


def test_a_misspelt_variable_is_said() -> None:
    """One that is nearly ours; what others name with our prefix is theirs."""
    found = gather_again(environ={"DISCREET_DETECTOR": "hunter2", "DISCREET_DOCTOR": "hunter2", "DISCREET_HOME": ""})
    assert [str(problem) for problem in found.problems] == [
        "DISCREET_DETECTOR: is a variable that is not known. Did you mean DISCREET_DETECTORS?"
    ]


def test_settings_that_do_not_compile_leave_the_strictest_in_force(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the compiler of the policy raises, the app runs on redacted."""
    compiled = Policy.compiled

    def fail_for_them(settings: dict[str, Any]) -> Policy:
        if settings["detectors"] == ("email",):  # whoever asks for the defaults meanwhile gets them
            raise RecursionError
        return compiled(settings)

    monkeypatch.setenv("DISCREET_DETECTORS", "email")
    monkeypatch.setattr(Policy, "compiled", fail_for_them)
    with caplog.at_level(logging.ERROR, "discreet"):
        runtime.arm()
    assert [record.getMessage() for record in caplog.records] == [
        "discreet: The configuration: cannot be compiled (RecursionError). Take out patterns; the defaults are in force"
    ]
    assert current().redactor.text(PRIVATE, set()) == "[REDACTED:email] [REDACTED:card]"


def test_a_fault_of_ours_is_said_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody thought of in reading a file does not stop the app either."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    path = tmp_path / "d.yaml"
    path.write_text("output: false\n")
    monkeypatch.setattr(files, "yaml_tree", fail)
    (said,) = messages(path)
    assert said.startswith("DISCREET_CONFIG: cannot be read (ZeroDivisionError). ")
