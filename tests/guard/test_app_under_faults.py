"""An app under load, with faults in random functions of ours: every response is that of a run without us.

Three processes ask the same requests of the same app: bare, under stock OpenTelemetry, and guarded with faults. Compared
are status, headers in their order, and body, byte for byte; but for the clock of ``date``, and the two headers that
Discreet is documented to add (`NOT_COMPARED`).

``FAULT_SECONDS=60 FAULT_SEED=7`` sets how long, and which requests and faults.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from discreet.testing import OtlpReceiver
from tests.guard.load_child import CARDS, SECRET, is_raw
from tests.pipeline.launching import BIN, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = float(os.environ.get("FAULT_SECONDS", "5"))
SEED = int(os.environ.get("FAULT_SEED", str(time.time_ns() % 10**9)))
ROOT = Path(__file__).parents[2]

GUARDED = {
    "OTEL_BSP_SCHEDULE_DELAY": "200",
    "OTEL_BLRP_SCHEDULE_DELAY": "200",
    "OTEL_METRIC_EXPORT_INTERVAL": "500",
    "DISCREET_BAGGAGE_KEYS": "*",
    "DISCREET_BAGGAGE_HOSTS": "*",
}


class Run:
    """What one process saw, wrote and exported."""

    def __init__(self, mode: str, folder: Path, receiver: OtlpReceiver) -> None:
        launcher = [str(BIN / "opentelemetry-instrument")] if mode == "guarded" else []
        command = [*launcher, sys.executable, "-m", "tests.guard.load_child"]
        done = subprocess.run(
            [*command, mode, str(folder), str(SEED), str(SECONDS if mode == "guarded" else 0), receiver.endpoint],
            env=environment(receiver, GUARDED if mode == "guarded" else {}),
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=SECONDS + 120,
            check=False,
        )
        self.written = done.stdout + done.stderr
        assert done.returncode == 0, f"FAULT_SEED={SEED}\n{self.written[-20_000:]}"
        self.found: dict[str, Any] = json.loads((folder / f"{mode}.json").read_text())
        self.exported = [secret for secret in (SECRET, *CARDS) if receiver.contains(secret)]
        self.arrived = {"spans": receiver.spans(), "logs": receiver.logs(), "metrics": receiver.metrics()}

    def told(self, name: str) -> str:
        """Give what was found, with what is needed to see it again."""
        return f"FAULT_SEED={SEED}\n{json.dumps(self.found.get(name), indent=1)}"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Run]]:
    """The three runs."""
    folder, done = tmp_path_factory.mktemp("load"), {}
    for mode in ("bare", "stock", "guarded"):
        with OtlpReceiver() as receiver:
            done[mode] = Run(mode, folder, receiver)
    yield done


def test_what_is_compared_with_is_the_app_alone(runs: dict[str, Run]) -> None:
    """The bare process has neither Discreet nor an OpenTelemetry SDK, the stock one no Discreet, and both leak."""
    bare, stock = runs["bare"], runs["stock"]
    assert (bare.found["modules"], stock.found["modules"]) == ([], ["opentelemetry.sdk"])
    statuses = {answer[0] for answers in bare.found["answers"].values() for answer in answers}
    assert statuses >= {101, 200, 201, 204, 404, 405, 409, 422, 500}
    assert "raised" not in statuses
    assert is_raw(bare.written)
    assert stock.exported == [SECRET, *CARDS]
    assert stock.found["raw_headers"]
    assert not stock.found["different"], stock.told("different")


def test_responses_are_those_without_us(runs: dict[str, Run]) -> None:
    """No response differs, before, under and after the faults, and nothing is raised into the server."""
    guarded = runs["guarded"]
    assert guarded.found["modules"] == ["discreet", "opentelemetry.sdk"]
    for stage in ("quiet", "after"):
        assert not guarded.found[stage]["different"], guarded.told(stage)
    assert not guarded.found["different"], guarded.told("different")
    assert guarded.found["raised"] == runs["bare"].found["raised"] == [], guarded.told("raised")
    assert guarded.found["reached"]


def test_nothing_raw_leaves(runs: dict[str, Run]) -> None:
    """Neither what was exported nor what was logged, sent along with calls or handed to late processors is raw."""
    guarded = runs["guarded"]
    assert guarded.exported == [], f"FAULT_SEED={SEED}"
    lines = [line for line in guarded.written.splitlines() if is_raw(line)]
    assert not lines, f"FAULT_SEED={SEED}\n" + "\n".join(lines[:10])
    assert not guarded.found["raw"], guarded.told("raw")
    assert not guarded.found["raw_headers"], guarded.told("raw_headers")
    assert guarded.found["watched"]
    assert all(guarded.arrived.values())


def test_no_thread_dies(runs: dict[str, Run]) -> None:
    """The workers that export live, and no thread ended by an exception."""
    guarded = runs["guarded"]
    assert not guarded.found["ended"], guarded.told("ended")
    assert "Exception in thread" not in guarded.written, f"FAULT_SEED={SEED}\n{guarded.written[-20_000:]}"
