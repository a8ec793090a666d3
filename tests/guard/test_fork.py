"""Forks, threads, signals and cancellation in the middle of our work: nothing hangs, and what leaves is clean."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
from typing import Any

import pytest
from opentelemetry.sdk.trace import SpanProcessor

from discreet import guard
from discreet.policy import current
from tests.guard.memory import EMAIL, logged, traced

FORKS = int(os.environ.get("FAULT_FORKS", "200"))


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()
    current()  # compiled, as arming does


def _ends(child: int) -> int:
    """Give the exit code of a child; one that hangs is killed, and that fails."""
    watchdog = threading.Timer(60, os.kill, (child, signal.SIGKILL))
    watchdog.start()
    try:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    finally:
        watchdog.cancel()


def test_a_fork_while_a_thread_scans() -> None:
    """A child forked in the middle of a scan scans by itself, and does not hang."""
    stop = threading.Event()

    def scan() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            current().redactor.text(f"order {number} of {EMAIL} and more words {number}", set())

    thread = threading.Thread(target=scan)
    thread.start()
    try:
        for number in range(FORKS):
            child = os.fork()
            if child == 0:
                text = current().redactor.text(f"child {number} of {EMAIL}", set())
                os._exit(0 if text == f"child {number} of [REDACTED:email]" else 1)
            assert _ends(child) == 0
    finally:
        stop.set()
        thread.join()


def test_a_child_exports_by_providers_of_its_parent() -> None:
    """As under gunicorn's preload: providers are built before the fork, and each child exports its own, clean."""
    provider, kept = traced()
    logs, kept_logs = logged()
    for _ in range(5):
        child = os.fork()
        if child == 0:
            provider.get_tracer("t").start_span(f"for {EMAIL}").end()
            logs.get_logger("t").emit(body=EMAIL)
            done = provider.force_flush() and logs.force_flush()
            names = [span.name for span in kept.records]
            bodies = [record.log_record.body for record in kept_logs.records]
            os._exit(0 if done and names == ["for [REDACTED:email]"] and bodies == ["[REDACTED:email]"] else 1)
        assert _ends(child) == 0


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(method: str, tmp_path: Any) -> None:
    """A worker of each start method logs clean text and ends."""
    program = tmp_path / "program.py"
    program.write_text(
        textwrap.dedent(
            f"""
            import logging, multiprocessing
            import discreet.guard
            def work(number):
                discreet.guard.install()
                logging.basicConfig()
                logging.getLogger("w").warning("for %s", "{EMAIL}")
            if __name__ == "__main__":
                discreet.guard.install()
                context = multiprocessing.get_context("{method}")
                workers = [context.Process(target=work, args=(n,)) for n in range(2)]
                for worker in workers: worker.start()
                for worker in workers: worker.join()
                raise SystemExit(sum(worker.exitcode for worker in workers))
            """
        )
    )
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("for [REDACTED:email]") == 2
    assert EMAIL not in done.stderr


def test_threads_at_interpreter_shutdown() -> None:
    """Daemon threads that log and end spans while the interpreter exits neither keep it nor write anything raw."""
    program = f"""
import logging, threading, time
import discreet.guard
from tests.guard.memory import logged, traced
discreet.guard.install()
logging.basicConfig()
provider, kept = traced()
def work():
    while True:
        logging.warning("for %s", "{EMAIL}")
        provider.get_tracer("t").start_span("{EMAIL}").end()
for _ in range(4):
    threading.Thread(target=work, daemon=True).start()
time.sleep(0.5)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-500:]
    assert "[REDACTED:email]" in done.stderr
    assert EMAIL not in done.stderr


def test_threads_within_a_scan_at_interpreter_shutdown() -> None:
    """A daemon thread that is in google-re2's C++ while the interpreter ends does not take the process down."""
    program = """
import threading, time
from discreet.policy import current
redactor = current().redactor
def work(thread):
    number = 0
    while True:
        number += 1
        redactor.text(f"for {number} {thread} " + "and so on at 17:30 in 10.0.0.1 " * 20, set())
for thread in range(6):
    threading.Thread(target=work, args=(thread,), daemon=True).start()
time.sleep(0.15)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-500:]


def test_a_signal_handler_that_logs_and_ends_spans() -> None:
    """A handler that interrupts our work and does the same neither hangs nor loses anything."""
    provider, kept = traced()
    tracer, handled = provider.get_tracer("t"), []

    def handler(*_: Any) -> None:
        handled.append(1)
        tracer.start_span(f"signal {EMAIL}").end()

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
    try:
        for number in range(300):
            tracer.start_span(f"work {number}", attributes={"to": EMAIL}).end()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    provider.force_flush()
    assert len(kept.records) == 300 + len(handled)
    assert "canary" not in " ".join(span.name for span in kept.records)


def test_a_span_whose_task_is_cancelled() -> None:
    """Cancellation passes through a span, which leaves clean."""
    provider, kept = traced()

    async def work() -> None:
        with provider.get_tracer("t").start_as_current_span(EMAIL):
            await asyncio.sleep(60)

    async def main() -> None:
        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    provider.force_flush()
    assert [span.name for span in kept.records] == ["[REDACTED:email]"]


class Talking(SpanProcessor):
    """A processor that logs and starts spans of its own while it is handed one, three deep."""

    def __init__(self, provider: Any, logger: logging.Logger) -> None:
        self.provider, self.logger, self.depth = provider, logger, 0

    def on_end(self, span: Any) -> None:
        if self.depth < 3:
            self.depth += 1
            self.logger.warning("saw %s", span.name)
            self.provider.get_tracer("t").start_span(f"inner {EMAIL}").end()


def test_a_processor_that_logs_and_starts_spans(caplog: pytest.LogCaptureFixture) -> None:
    """Work of ours that begins within work of ours is done as well."""
    provider, kept = traced()
    provider.add_span_processor(Talking(provider, logging.getLogger("talking")))
    provider.get_tracer("t").start_span(EMAIL).end()
    provider.force_flush()
    assert sorted(span.name for span in kept.records) == ["[REDACTED:email]", *["inner [REDACTED:email]"] * 3]
    assert "canary" not in caplog.text
