"""What the guard costs: records through the SDK's batch processors and the OTLP encoder, as ratios to the bare SDK.

    python tests/bench/pipeline.py [ROUNDS]

Prints for logs and spans, clean and one in ten with findings, the median of the ratios to the bare SDK within the same
round; rounds are interleaved, and the bare SDK runs twice in each (A/A), so that the noise is seen beside the cost.
Process CPU time, all threads, exporter included, network left out.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from discreet import guard

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDS = 2000
RESOURCE = Resource({"service.name": "bench", "host.name": "h1", "service.version": "1.2.3"})


class Encoding:
    """An exporter that encodes and throws away."""

    def __init__(self, encode: Callable[[Any], Any]) -> None:
        self._encode = encode

    def export(self, batch: Any) -> None:
        self._encode(batch).SerializeToString()

    def shutdown(self) -> None:
        pass

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return True


def _logs(dirty: int) -> float:
    provider = LoggerProvider(RESOURCE, shutdown_on_exit=False)
    provider.add_log_record_processor(BatchLogRecordProcessor(Encoding(encode_logs), max_queue_size=RECORDS * 2))  # type: ignore[arg-type]
    logger = provider.get_logger("bench.app")
    begin = time.process_time()
    for number in range(RECORDS):
        who = f"zoe{number}@example.org" if dirty and number % dirty == 0 else f"user {number}"
        body = f"order {number} of {who} accepted in {number % 97} ms"
        logger.emit(
            LogRecord(timestamp=number, severity_number=SeverityNumber.INFO, body=body, attributes={"n": number})
        )
    provider.force_flush()
    spent = time.process_time() - begin
    provider.shutdown()
    return spent


def _spans(dirty: int) -> float:
    provider = TracerProvider(resource=RESOURCE, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(Encoding(encode_spans), max_queue_size=RECORDS * 2))  # type: ignore[arg-type]
    tracer = provider.get_tracer("bench.app")
    begin = time.process_time()
    for number in range(RECORDS):
        who = f"zoe{number}@example.org" if dirty and number % dirty == 0 else f"user{number}"
        with tracer.start_as_current_span("GET /users/{who}") as span:
            for key in range(12):
                span.set_attribute(f"http.attribute.{key}", f"value {key}")
            span.set_attribute("http.target", f"/users/{who}")
            span.set_attribute("http.status_code", 200)
    provider.force_flush()
    spent = time.process_time() - begin
    provider.shutdown()
    return spent


def _measure(run: Callable[[int], float], dirty: int, rounds: int) -> tuple[float, float, float]:
    """Give microseconds a record of the bare SDK, the A/A ratio and the guard's ratio (medians)."""
    bare, again, guarded = [], [], []
    for number in range(rounds + 1):
        gc.collect()
        gc.disable()
        first = run(dirty)
        second = run(dirty)
        guard.install()
        with_guard = run(dirty)
        guard.uninstall()
        gc.enable()
        if number:  # the first warms up
            bare.append(first / RECORDS * 1e6)
            again.append(second / first)
            guarded.append(with_guard / first)
    return statistics.median(bare), statistics.median(again), statistics.median(guarded)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    print(f"{'':24}{'bare SDK':>12}{'bare again':>12}{'guarded':>10}")
    for name, run in (("log", _logs), ("span", _spans)):
        for dirty in (0, 10):
            bare, again, guarded = _measure(run, dirty, rounds)
            label = f"{name}, {'1 in 10 with findings' if dirty else 'clean'}"
            print(f"{label:24}{bare:9.1f} us{again:12.2f}{guarded:10.2f}", flush=True)


if __name__ == "__main__":
    main()
