"""A changed configuration comes into force while the process runs; a bad one does not."""

from __future__ import annotations

import json
import os
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest

import discreet
from discreet import runtime
from discreet.guard.stamps import stamp, subject
from discreet.metrics.counts import COUNTS
from discreet.policy import current
from discreet.policy.refused import refused
from discreet.reload import configuration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EMAIL = "zoe.canary@example.org"
KEY = "k1:MDAwMDAwMDAwMDAwMDAwMA=="
OTHER_KEY = "k2:MTExMTExMTExMTExMTExMQ=="


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for a file to settle, and none starts the thread: they look by themselves."""
    monkeypatch.setattr(configuration, "_SETTLED", 0)
    monkeypatch.setenv("DISCREET_RELOAD_INTERVAL", "0")
    monkeypatch.setenv("DISCREET_RELOAD_ON_HANGUP", "never")


def _renamed(path: Path, content: str) -> None:
    """Write as most editors do: beside, then renamed."""
    beside = path.with_suffix(".new")
    beside.write_text(content)
    beside.replace(path)


def _armed(path: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> None:
    path.write_text(json.dumps({"cardinality_limit": 10, **options}))
    monkeypatch.setenv("DISCREET_CONFIG", str(path))
    runtime.arm()
    COUNTS.reset()


def _reloads() -> tuple[int, int]:
    counts = COUNTS.snapshot()["reloads"]
    return counts["swapped",], counts["refused",]


def _write_in_place(path: Path, content: str) -> None:
    path.write_text(content)


def _swapped_link(path: Path, content: str) -> None:
    """Swap as Kubernetes does: ``..data`` leads to another directory, by one rename; the path stays a link."""
    data = path.parent / "..data"
    new = path.parent / f"..{len(list(path.parent.iterdir()))}"
    new.mkdir()
    (new / path.name).write_text(content)
    beside = path.parent / "..data_tmp"
    beside.symlink_to(new.name)
    beside.replace(data)


def _copied_over(path: Path, content: str) -> None:
    """Write as a file of the same size, with the time of the old one kept."""
    before = path.stat()
    beside = path.with_suffix(".new")
    beside.write_text(content)
    os.utime(beside, ns=(before.st_atime_ns, before.st_mtime_ns))
    beside.replace(path)


@pytest.mark.parametrize("write", [_renamed, _write_in_place, _swapped_link, _copied_over])
def test_a_good_change_is_in_force(
    write: Callable[[Path, str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the file was changed, it is read once, put in force and counted."""
    path = tmp_path / "discreet.json"
    if write is _swapped_link:
        path.symlink_to("..data/discreet.json")
        _swapped_link(path, "{}")
    _armed(path, monkeypatch)
    write(path, '{"cardinality_limit": 20}')
    runtime._look()
    runtime._look()
    assert current().cardinality_limit == 20
    assert _reloads() == (1, 0)


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that changes again within a moment waits for the next look."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch)
    _renamed(path, '{"cardinality_limit": 20}')

    def written(_seconds: float) -> None:
        _renamed(path, '{"cardinality_limit": 30, "output": false}')

    with monkeypatch.context() as patch:
        patch.setattr("time.sleep", written)
        runtime._look()
    assert current().cardinality_limit == 10
    runtime._look()
    assert current().cardinality_limit == 30
    assert _reloads() == (1, 0)


def test_a_bad_change_is_refused_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The last good one stays; log, count and doctor say so until a good one comes."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch)
    _renamed(path, '{"cardinality_limit": "none"}')
    runtime._look()
    runtime._look()
    assert current().cardinality_limit == 10
    assert _reloads() == (0, 1)
    assert caplog.text.count("the configuration before stays in force") == 1
    assert any("cardinality_limit" in note.place for note in discreet.doctor(canaries=False).notes)
    _renamed(path, '{"cardinality_limit": 30}')
    runtime._look()
    assert current().cardinality_limit == 30
    assert not any("cardinality_limit" in note.place for note in discreet.doctor(canaries=False).notes)


def test_a_file_that_vanishes_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What it said stays in force until it is back."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch)
    path.unlink()
    for _ in range(3):
        runtime._look()
    assert current().cardinality_limit == 10
    assert caplog.text.count("does not exist") == 1
    assert [problem.rule for problem in refused()] == ["does not exist"]
    path.write_text('{"cardinality_limit": 40}')
    runtime._look()
    assert current().cardinality_limit == 40
    assert refused() == ()


def test_what_is_wrong_elsewhere_hinders_no_reload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong variable was said at start, and no file can mend it."""
    path = tmp_path / "discreet.json"
    monkeypatch.setenv("DISCREET_OUTPUT", "perhaps")
    _armed(path, monkeypatch)
    _renamed(path, '{"cardinality_limit": 20}')
    assert runtime.reload() == ()
    assert current().cardinality_limit == 20


def test_a_variable_that_the_new_file_makes_wrong_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names a kind whose pattern the new file lacks: nothing is guessed."""
    path = tmp_path / "discreet.json"
    row = {"kind": "ticket", "pattern": "TCK-[0-9]{4}", "example": "TCK-1234", "near_miss": "TCK-x"}
    monkeypatch.setenv("DISCREET_DETECTORS", "ticket")
    _armed(path, monkeypatch, patterns=[row])
    _renamed(path, "{}")
    assert [problem.place for problem in runtime.reload()] == ["DISCREET_DETECTORS"]
    assert [detector.kind for detector in current().redactor.detectors] == ["ticket"]


def test_configure_after_a_reload_keeps_what_was_reloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the file said at start does not come back, and an argument stays above the file in later reloads."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch, genai_content="redact")
    _renamed(path, '{"cardinality_limit": 20, "genai_content": "withhold"}')
    runtime._look()
    discreet.configure(signals=(), instrument=False, cardinality_limit=30)
    assert (current().cardinality_limit, current().redactor.genai_content) == (30, "withhold")
    _renamed(path, '{"cardinality_limit": 40, "genai_content": "redact"}')
    runtime._look()
    assert (current().cardinality_limit, current().redactor.genai_content) == (30, "redact")


def test_what_waits_for_a_start_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An option that is read at start only is named when it is changed, and not when it is as it was at start."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch)
    _renamed(path, '{"system_metrics": false}')
    assert runtime.reload() == ()
    assert caplog.text.count("system_metrics was changed, and takes effect when the process starts anew") == 1
    assert runtime.reload() == ()
    _renamed(path, '{"system_metrics": true}')
    assert runtime.reload() == ()
    assert caplog.text.count("system_metrics was changed") == 1


DECLARATIVE = """\
file_format: "1.0"
resource: {{attributes: [{{name: service.name, value: {service}}}]}}
distribution:
  discreet:
    cardinality_limit: {limit}
"""


def test_of_a_declarative_file_our_part_is_reloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A change of any other part is said to wait for the next start, once; a change of lines alone is none."""
    path = tmp_path / "otel.yaml"
    path.write_text(DECLARATIVE.format(service="shop", limit=10))
    assert runtime.use_file(str(path)) is not None
    _renamed(path, "# ours\n" + DECLARATIVE.format(service="shop", limit=20))
    runtime._look()
    assert current().cardinality_limit == 20
    assert "takes effect" not in caplog.text
    _renamed(path, DECLARATIVE.format(service="store", limit=30))
    runtime._look()
    runtime._look()
    assert current().cardinality_limit == 30
    assert caplog.text.count("OTEL_CONFIG_FILE says beside distribution.discreet was changed, and takes effect") == 1
    _renamed(path, DECLARATIVE.format(service="shop", limit=40))
    runtime._look()
    assert caplog.text.count("distribution.discreet was changed") == 1, "it is again as it was at the start"


@pytest.mark.parametrize("form", ["${file:%s}", "file:%s", "${env:WHERE}"])
def test_files_referred_to_are_looked_at(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is mounted as a file is a part of the configuration: a new one is in force without more."""
    key, path = tmp_path / "key", tmp_path / "discreet.json"
    key.write_text(KEY)
    monkeypatch.setenv("WHERE", f"file:{key}")
    written = form % key if "%" in form else form
    _armed(path, monkeypatch, actions={"email": "pseudonymize"}, pseudonym_key=written)
    assert "k1" in str(discreet.redact(EMAIL))
    _renamed(key, OTHER_KEY)
    runtime._look()
    assert "k2" in str(discreet.redact(EMAIL))
    assert _reloads() == (1, 0)


def test_planted_values_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that is added to their file is looked for at once."""
    planted, path = tmp_path / "planted", tmp_path / "discreet.json"
    planted.write_text("planted-value-0001\n")
    monkeypatch.setenv("DISCREET_HONEYTOKENS", f"file:{planted}")
    _armed(path, monkeypatch)
    planted.write_text("planted-value-0001\nplanted-value-0002\n")
    runtime._look()
    assert discreet.redact("planted-value-0002") == "[REDACTED:honeytoken]"


def test_files_of_others_are_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that a variable of the app names may change all the time."""
    database, path = tmp_path / "app.db", tmp_path / "discreet.json"
    database.write_text("a")
    monkeypatch.setenv("DATABASE_URL", f"file:{database}")
    _armed(path, monkeypatch)
    database.write_text("another")
    runtime._look()
    assert _reloads() == (0, 0)


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        ({}, {"email", "card", "ssn", "jwt", "aws_access_key", "password"}),
        ({"detectors": ["email", "card"]}, {"email", "card"}),
        ({"detectors": ["email", "card"], "actions": {"email": "keep"}}, {"card"}),
        ({"actions": {"card": "mask", "email": "truncate"}}, {"email", "ssn"}),
    ],
)
def test_what_fails_its_canaries_is_refused(
    options: dict[str, Any], kinds: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind in force is tried, whichever others are off or kept; a policy that lets one through is named by it."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch)
    monkeypatch.setattr("discreet.redaction.Redactor.text", lambda _self, text, _found: text)
    _renamed(path, json.dumps({"cardinality_limit": 20, **options}))
    (problem,) = runtime.reload()
    assert kinds <= set(problem.rule.removeprefix("lets canaries leave raw: ").split(", "))
    off = {"email", "card", "ssn"} - kinds if "detectors" in options else set()
    assert not off & set(problem.rule.removeprefix("lets canaries leave raw: ").split(", "))
    assert current().cardinality_limit == 10


def test_the_guard_is_checked_after_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A guard that somebody has replaced since is said by the reload."""
    from opentelemetry.sdk.trace import SynchronousMultiSpanProcessor

    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(SynchronousMultiSpanProcessor, "on_end", lambda _self, _span: None)
        assert runtime.reload() == ()
    assert "SynchronousMultiSpanProcessor.on_end: is not the guard's" in caplog.text


def test_reloads_do_not_interleave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many ask at once, none puts in force what it read before another one: the last file stays."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch, detectors=["email"])
    stop = Event()

    def reload() -> None:
        while not stop.is_set():
            runtime.reload()

    threads = [Thread(target=reload) for _ in range(4)]
    for thread in threads:
        thread.start()
    behind = []
    for limit in range(20, 40):
        _renamed(path, json.dumps({"cardinality_limit": limit, "detectors": ["email"]}))
        runtime.reload()
        behind += [limit for _ in range(20) if current().cardinality_limit != limit]
    stop.set()
    for thread in threads:
        thread.join()
    assert behind == []
    assert current().cardinality_limit == 39
    assert _reloads()[1] == 0


def test_the_level_of_a_pattern_is_reloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of one's own that was rated higher raises the next record higher; one that was rated lower does not."""
    path = tmp_path / "discreet.json"
    row = {"kind": "wire", "pattern": "WIRE-[0-9]{4}", "example": "WIRE-1234", "near_miss": "WIRE-x"}

    def level() -> str:
        held: dict[str, Any] = {}
        stamp(subject("log", None, "", None, {}), held, {"wire"}, current(), again=True)
        return str(held["discreet.security_level"])

    _armed(path, monkeypatch, patterns=[{**row, "level": "confidential"}])
    assert level() == "confidential"
    for rated in ("restricted", "confidential"):
        _renamed(path, json.dumps({"patterns": [{**row, "level": rated}]}))
        runtime._look()
        assert level() == rated
