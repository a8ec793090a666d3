"""`make demo-collector`: the clinic through a real collector, Prometheus and Alertmanager, to a webhook.

Runs the clinic under `opentelemetry-instrument` with its telemetry sent to the collector, checks what the collector
wrote, and provokes two alerts: the clinic fails requests, and a service without Discreet sends private data past the
library. Prints each alert as it fires and resolves; one minute of the shipped rules lasts a second here. Ends with
status 0 only if all of that was seen.
"""

import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx
from demo import processes

from collector.local.alerting import alerting
from collector.local.collector import collector
from collector.local.processes import ServerError
from collector.local.tools import ToolMissingError
from collector.local.webhook import Notice, Webhook
from demo_collector import checks
from demo_collector.running import INTRUDER, Clinic, clinic, send_raw_span

if TYPE_CHECKING:
    from collector.local.collector import Collector

SECONDS = 170
ALERTS = ("RequestErrorRateHigh", "SecondGateFoundData")


class Clock:
    """Seconds since the start, and what is left of the time that all may take."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._speaking = threading.Lock()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def left(self, most: float) -> float:
        """Give the seconds that a wait may take: `most`, or what is left."""
        return max(0.0, min(most, SECONDS - self.seconds))

    def say(self, progress: str) -> None:
        """Print a line of progress, from whichever thread."""
        with self._speaking:
            print(f"{self.seconds:6.1f} s  {progress}", flush=True)


def main() -> int:
    """Run it all, print what is seen, and give the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    clock = Clock()
    try:
        with tempfile.TemporaryDirectory(prefix="demo-collector-") as folder:
            wrong = _run(Path(folder), clock)
    except (ToolMissingError, ServerError, processes.ServerError, httpx.HTTPError) as error:
        wrong = [str(error)]
    for complaint in wrong:
        print(f"FAILED: {complaint}", file=sys.stderr)
    if not wrong:
        clock.say("Nothing private reached the collector's files; both alerts fired and resolved.")
    return 1 if wrong else 0


def _run(folder: Path, clock: Clock) -> list[str]:
    """Start everything, and give what is wrong, one sentence each."""
    clock.say("starting the collector")
    with collector(folder) as running, Webhook(_printer(clock)) as webhook:
        clock.say("starting Prometheus and Alertmanager")
        with alerting(folder, running, webhook.url):
            clock.say("starting the clinic under opentelemetry-instrument")
            with clinic(folder, running.endpoint) as service:
                wrong = [*_check_files(running, service, clock), *_provoke(running, service, webhook, clock)]
                clock.say("checking the collector's files once more")
                private = [*service.private, INTRUDER]
            return [*wrong, *checks.complaints(running, private, "clinic")]


def _check_files(running: "Collector", service: Clinic, clock: Clock) -> Iterator[str]:
    clock.say("sending the morning's traffic: every patient registers, logs in, books, pays and is looked for")
    trace_ids = [step.trace_id for step in service.traffic.run()]
    arrived = checks.wait_until(lambda: not checks.lost_requests(running, trace_ids), clock.left(20))
    checks.wait_until(lambda: running.written("metrics"), clock.left(10))
    clock.say(f"the clinic answered {len(trace_ids)} requests; in the collector's files are:")
    checks.print_summary(running)
    if not arrived:
        yield f"no span of {len(checks.lost_requests(running, trace_ids))} requests arrived"
    wrong = list(checks.complaints(running, service.private, "clinic"))
    if not wrong:
        clock.say(f"none of {len(service.private)} private values is there; every span and log record is classified")
    yield from wrong


def _provoke(running: "Collector", service: Clinic, webhook: Webhook, clock: Clock) -> Iterator[str]:
    clock.say("a kiosk without Discreet sends a span with an e-mail address in it")
    send_raw_span(running.endpoint)
    clock.say("the clinic is asked for everybody's insurance; for every second patient it fails")
    with service.asked_for_insurance():
        yield from _missing(webhook.wait_for, "firing", clock.left(60))
    clock.say("nobody asks any more; waiting until the alerts are over")
    yield from _missing(webhook.wait_for, "resolved", clock.left(60))


def _missing(wait_for: Callable[[str, str, float], bool], status: str, seconds: float) -> Iterator[str]:
    deadline = time.monotonic() + seconds
    for alert in ALERTS:
        if not wait_for(alert, status, max(0.0, deadline - time.monotonic())):
            yield f"{alert} was not told as {status}"


def _printer(clock: Clock) -> Callable[[Notice], None]:
    """Give what prints each notice that the webhook gets; the watchdog's, which comes on and on, once."""
    seen: set[str] = set()

    def show(notice: Notice) -> None:
        if notice.alert == "Watchdog" and "Watchdog" in seen:
            return
        seen.add(notice.alert)
        severity = notice.labels["severity"]
        clock.say(f"{notice.status.upper():<9} {notice.alert} ({severity}): {notice.annotations['summary']}")

    return show


if __name__ == "__main__":
    sys.exit(main())
