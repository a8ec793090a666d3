"""An app under load, with faults in random functions of ours: every response is that of a run without us.

Four processes ask the same requests of the same app: bare, under stock OpenTelemetry, and with faults, once guarded by
``opentelemetry-instrument`` and once by `discreet.configure`. Compared are status, headers in their order, and body,
byte for byte; but for the clock of ``date``, and the two headers that Discreet is documented to add (`NOT_COMPARED`).

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
from tests.guard.load_requests import CARDS, SECRET, is_raw
from tests.pipeline.launching import BIN, environment

if TYPE_CHECKING:
    pass

SECONDS = float(os.environ.get("FAULT_SECONDS", "5"))
SEED = int(os.environ.get("FAULT_SEED", str(time.time_ns() % 10**9)))
ROOT = Path(__file__).parents[2]

WITH_FAULTS = ("guarded", "configured")
GUARDED = {
    "OTEL_BSP_SCHEDULE_DELAY": "200",
    "OTEL_BLRP_SCHEDULE_DELAY": "200",
    "OTEL_METRIC_EXPORT_INTERVAL": "500",
    "DISCREET_BAGGAGE_KEYS": "*",
    "DISCREET_BAGGAGE_HOSTS": "*",
    "DISCREET_HONEYTOKENS": CARDS[-1],
}


class Run:
    """What one process saw, wrote and exported."""

    def __init__(self, mode: str, folder: Path, receiver: OtlpReceiver) -> None:
        launcher = [str(BIN / "opentelemetry-instrument")] if mode == "guarded" else []
        with_faults = mode in WITH_FAULTS
        command = [*launcher, sys.executable, "-m", "tests.guard.load_child"]
        done = subprocess.run(
            [*command, mode, str(folder), str(SEED), str(SECONDS if with_faults else 0), receiver.endpoint],
            env=environment(receiver, GUARDED if with_faults else {}),
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
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """The runs, one after another: the first says what the others are compared with."""
    folder, done = tmp_path_factory.mktemp("load"), {}
    for mode in ("bare", "stock", *WITH_FAULTS):
        with OtlpReceiver() as receiver:
            done[mode] = Run(mode, folder, receiver)
    return done


@pytest.fixture(params=WITH_FAULTS)
def faulted(runs: dict[str, Run], request: pytest.FixtureRequest) -> Run:
    """One of the two runs with faults."""
    return runs[request.param]


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
    assert bare.found["raised"] == stock.found["raised"] == []
    assert not stock.found["quiet"]["different"], stock.told("quiet")


def test_responses_are_those_without_us(faulted: Run) -> None:
    """No response differs, before, under and after the faults, and nothing is raised into the server."""
    assert faulted.found["modules"] == ["discreet", "opentelemetry.sdk"]
    for stage in ("quiet", "after"):
        assert not faulted.found[stage]["different"], faulted.told(stage)
    assert not faulted.found["different"], faulted.told("different")
    assert faulted.found["raised"] == [], faulted.told("raised")
    assert len(faulted.found["called"]) > 100
    assert faulted.found["failed"]


def test_nothing_raw_leaves(faulted: Run) -> None:
    """Neither what was exported nor what was logged, sent along with calls or handed to late processors is raw."""
    assert faulted.exported == [], f"FAULT_SEED={SEED}"
    lines = [line for line in faulted.written.splitlines() if is_raw(line)]
    assert not lines, f"FAULT_SEED={SEED}\n" + "\n".join(lines[:10])
    assert not faulted.found["raw"], faulted.told("raw")
    assert not faulted.found["raw_headers"], faulted.told("raw_headers")
    assert faulted.found["watched"]
    assert all(faulted.arrived.values())


def test_no_thread_dies(faulted: Run) -> None:
    """The workers that export live, and no thread ended by an exception."""
    assert not faulted.found["ended"], faulted.told("ended")
    assert "Exception in thread" not in faulted.written, f"FAULT_SEED={SEED}\n{faulted.written[-20_000:]}"
