"""A changed configuration comes into force while the process runs; a bad one does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from threading import Event, Thread
from typing import TYPE_CHECKING

import discreet
from discreet import runtime
from discreet.metrics.counts import COUNTS
from discreet.policy import current
from discreet.policy.watch import signatures

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SWAPS = int(os.environ.get("DISCREET_RELOADS", "20"))


def _replace(path: Path, content: str) -> None:
    """Write as editors do: beside, then renamed."""
    beside = path.with_suffix(".new")
    beside.write_text(content)
    beside.replace(path)


def _armed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _replace(path, '{"cardinality_limit": 10, "reload_interval": 0}')
    monkeypatch.setenv("DISCREET_CONFIG", str(path))
    runtime.arm()
    COUNTS.reset()


def test_a_good_change_is_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file renamed into place is read, put in force and counted."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch)
    _replace(path, '{"cardinality_limit": 20, "reload_interval": 0}')
    runtime._look()
    runtime._look()
    assert current().cardinality_limit == 20
    assert COUNTS.snapshot()["reloads"] == {("swapped",): 1, ("refused",): 0}


def test_a_bad_change_is_refused_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The last good one stays; log, count and doctor say so until a good one comes."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch)
    _replace(path, '{"cardinality_limit": "none"}')
    runtime._look()
    runtime._look()
    assert current().cardinality_limit == 10
    assert COUNTS.snapshot()["reloads"] == {("swapped",): 0, ("refused",): 1}
    assert caplog.text.count("the configuration before stays in force") == 1
    assert any("cardinality_limit" in note.place for note in discreet.doctor(canaries=False).notes)
    _replace(path, '{"cardinality_limit": 30, "reload_interval": 0}')
    runtime._look()
    assert current().cardinality_limit == 30
    assert not any("cardinality_limit" in note.place for note in discreet.doctor(canaries=False).notes)


def test_what_waits_for_a_start_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An option that is read at start only is named when it is changed."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch)
    _replace(path, '{"system_metrics": false, "reload_interval": 0}')
    assert runtime.reload() == ()
    assert "system_metrics was changed" in caplog.text


def test_a_link_swap_of_kubernetes_shows(tmp_path: Path) -> None:
    """The path stays, and what its directory's link leads to is another."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "discreet.json").write_text("{}")
    data, path = tmp_path / "..data", tmp_path / "discreet.json"
    data.symlink_to("one")
    path.symlink_to("..data/discreet.json")
    before = signatures([str(path)])
    beside = tmp_path / "..data_tmp"
    beside.symlink_to("two")
    beside.replace(data)
    assert signatures([str(path)]) != before


def test_files_referred_to_are_looked_at(tmp_path: Path) -> None:
    """A key that is mounted as a file is a part of the configuration."""
    key, path = tmp_path / "key", tmp_path / "discreet.json"
    key.write_text("a")
    path.write_text(json.dumps({"pseudonym_key": f"${{file:{key}}}"}))
    before = signatures([str(path)])
    _replace(key, "b")
    assert set(before) == {str(path), str(key)}
    assert signatures([str(path)]) != before


PROCESS = """
import os, pathlib, sys, time
from discreet import runtime
from discreet.policy import current
path = pathlib.Path(sys.argv[1])
runtime.arm()
def wait():
    while current().cardinality_limit != 77:
        time.sleep(0.05)
child = os.fork()
if child:
    new = path.with_suffix(".new")
    new.write_text('{"cardinality_limit": 77, "reload_interval": 1}')
    new.replace(path)
wait()
if not child:
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_process_and_forked_child_follow_the_file(tmp_path: Path) -> None:
    """In a real process, the thread of parent and of child puts the new file in force."""
    path = tmp_path / "discreet.json"
    path.write_text('{"cardinality_limit": 10, "reload_interval": 1}')
    ran = subprocess.run(
        [sys.executable, "-c", PROCESS, str(path)],
        env={**os.environ, "DISCREET_CONFIG": str(path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.stdout == "7\n", ran.stderr


def test_text_is_redacted_whole_across_swaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the policy is swapped, eight threads redact, and none sees a raw value or an error."""
    path = tmp_path / "discreet.json"
    _armed(path, monkeypatch)
    stop, wrong = Event(), []

    def emit() -> None:
        while not stop.is_set():
            try:
                text = str(discreet.redact("mail jane@example.org card 4111111111111111"))
            except Exception as error:
                wrong.append(repr(error))
            else:
                if "jane" in text or "41111" in text:
                    wrong.append(text)

    threads = [Thread(target=emit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for number in range(1, SWAPS + 1):
        _replace(path, json.dumps({"cardinality_limit": number, "reload_interval": 0}))
        runtime._look()
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert COUNTS.snapshot()["reloads"] == {("swapped",): SWAPS, ("refused",): 0}
