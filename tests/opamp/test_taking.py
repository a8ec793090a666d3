"""What a remote gives, in a process whose own configuration changes too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import discreet
from discreet import runtime
from discreet.metrics.counts import COUNTS
from discreet.policy import Problem, current
from discreet.policy.offered import offered
from discreet.reload import configuration

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "zoe@example.org 4111111111111111"


def document(**options: Any) -> Any:
    """Give what a remote offers with these options."""
    return offered({"discreet": (json.dumps(options).encode(), "application/json")})


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a process that keeps e-mail addresses and masks cards."""
    path = tmp_path / "discreet.json"
    path.write_text(json.dumps({"actions": {"email": "keep", "card": "mask"}}))
    monkeypatch.setenv("DISCREET_CONFIG", str(path))
    runtime.arm()
    return path


def outcomes() -> tuple[int, int]:
    """Give how many configurations were swapped in, and how many refused."""
    reloads = COUNTS.snapshot()["reloads"]
    return reloads["swapped",], reloads["refused",]


def test_it_is_in_force_until_it_is_taken_back(own: Path) -> None:
    """Counted as reloads are."""
    before = outcomes()
    assert discreet.redact(TEXT) == "zoe@example.org ****1111"
    assert runtime.apply_remote(document(actions={"email": "redact"})) == ()
    assert discreet.redact(TEXT) == "[REDACTED:email] ****1111"
    (problem,) = runtime.apply_remote(document(actions={"card": "keep"}))
    assert problem.rule == "may only be tightened by a remote: card"
    assert discreet.redact(TEXT) == "[REDACTED:email] ****1111"
    assert runtime.apply_remote(None) == ()
    assert discreet.redact(TEXT) == "zoe@example.org ****1111"
    assert outcomes() == (before[0] + 2, before[1] + 1)


def test_a_reload_keeps_it(own: Path) -> None:
    """On top of what the file says now."""
    runtime.apply_remote(document(actions={"email": "redact"}))
    own.write_text(json.dumps({"actions": {"card": "drop"}}))
    assert runtime.reload() == ()
    assert current().redactor.actions.dropped == {"card"}
    assert "email" not in current().redactor.actions.kept


def test_a_reload_that_is_stricter_ends_it(own: Path) -> None:
    """It would loosen then, and is refused; once it would not, it counts again."""
    runtime.apply_remote(document(actions={"email": "mask"}))
    own.write_text(json.dumps({"actions": {"email": "drop"}}))
    assert runtime.reload() == ()
    assert current().redactor.actions.dropped == {"email"}
    assert [problem.place for problem in runtime._configuration.refused()] == ["OpAMP:1: actions"]
    own.write_text(json.dumps({"actions": {"email": "keep"}}))
    assert runtime.reload() == ()
    assert runtime._configuration.refused() == ()
    assert "email" not in current().redactor.actions.kept


def test_what_was_refused_counts_once_the_file_lets_it(own: Path) -> None:
    """By ``opamp_may_loosen``, without a word from the server."""
    assert len(runtime.apply_remote(document(actions={"card": "keep"}))) == 1
    own.write_text(json.dumps({"opamp_may_loosen": True}))
    assert runtime.reload() == ()
    assert discreet.redact(TEXT) == "[REDACTED:email] 4111111111111111"


def test_what_fails_on_trial_is_refused(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled and tried with made-up values before it counts."""
    wrong = Problem("The configuration", "lets canaries leave raw: card", "Take out patterns")
    monkeypatch.setattr(configuration, "tried", lambda _: wrong)
    assert runtime.apply_remote(document(actions={"email": "redact"})) == (wrong,)
    assert discreet.redact(TEXT) == "zoe@example.org ****1111"


def test_what_fails_to_settle_is_refused(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is in it: the last good one stays in force."""

    def fails(*_: Any) -> Any:
        raise TypeError

    monkeypatch.setattr(configuration, "_settled", fails)
    (problem,) = runtime.apply_remote(document(actions={"email": "redact"}))
    assert str(problem) == "OpAMP: cannot be settled (TypeError). Take out what was added last"
    assert discreet.redact(TEXT) == "zoe@example.org ****1111"


def test_what_is_in_force_says_where_it_came_from(own: Path) -> None:
    """As `discreet config show` has it; nothing but defaults where nothing was armed."""
    runtime.apply_remote(document(actions={"email": "redact"}))
    assert runtime._configuration.found().origins["actions"] == "OpAMP:1: actions"
    runtime.reset()
    assert set(runtime._configuration.found().origins.values()) == {"default"}
