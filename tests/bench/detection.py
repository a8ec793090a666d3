"""What detection costs: nanoseconds a record, as ratios to the bare emit of one in the same round.

    python tests/bench/detection.py [--rounds N]

Prints Markdown: log messages and the attributes of server spans, from clean to all dirty; long and hostile texts; the
start. "Fresh" texts were never seen before: each round makes new ones from its own seed, so that no cache helps (their
form repeats, as it does in real logs). "Repeated" ones are 64, already seen. The rounds are interleaved, the bare emit
runs twice in each (A/A), numbers are medians of process CPU time, and what is made for a round is not measured.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.sdk._logs import LoggerProvider, LogRecordProcessor
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider

from discreet.redaction import Redactor
from tests.bench.hand_written import scrub, scrub_attributes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BATCH: Final = 512
FEW: Final = 48  # records a round of what is too slow for a whole batch
REPEATED: Final = 64
DIRT: Final = (("clean", 0), ("1 % dirty", 100), ("10 % dirty", 10), ("all dirty", 1))
GOALS: Final = {("clean", "batch of 512"): 0.03, ("10 % dirty", "batch of 512"): 0.10}
HOSTILE: Final = (
    "a@", "a@b.co ", "7", "4111 ", "password=", "-", "eyJ", "http://a:b", "123-45-", "%40", "[parameters: ",
    "Key (a)=(", "SELECT ' ", '"a":"', "token is ", "ssn ", "10.0.0.", "aaaaaaaa-", "\\u0040",
    "-----BEGIN PRIVATE KEY-----", "é",
)  # fmt: skip
HOSTILE_SIZE: Final = 1 << 20
HOSTILE_GOAL: Final = 100.0  # milliseconds
LONG: Final = (("4 kB", 1 << 12), ("64 kB", 1 << 16), ("1 MB", 1 << 20))
STARTS: Final = 7
_START = """
import time
begin = time.process_time(); import discreet.detectors; after = time.process_time()
from discreet.redaction import Redactor; loaded = time.process_time(); Redactor(); built = time.process_time()
Redactor().text("an order of a user came in", set())
print((after - begin) * 1e3, (loaded - after) * 1e3, (built - loaded) * 1e3, (time.process_time() - built) * 1e3)
"""


def message(rng: Random, *, dirty: bool) -> str:
    """A log message of about 120 characters; a dirty one holds one private value."""
    part = (
        _private(rng) if dirty else rng.choice([f"cache=hit ttl={rng.randint(1, 900)}s", f"took {rng.random():.3f} s"])
    )
    return rng.choice(_MESSAGES).format(
        n=rng.randint(1, 10**7),
        part=part,
        hex=f"{rng.getrandbits(64):016x}",
        ms=rng.randint(1, 9000),
        w=rng.randint(1, 64),
    )


_MESSAGES: Final = (
    "order {n} accepted after {ms} ms by worker-{w}, {part}, request {hex}, next stage is payment, shard {w} of 64",
    "GET /api/v1/orders/{n}/items?page={w} 200 {ms} ms {part} trace={hex} upstream=shop-{w} bytes={n} proto=HTTP/1.1",
    "retry {w} of job {hex}: connection to inventory-{w} was reset after {ms} ms; {part}; {n} rows are still waiting",
    'level=info msg="sync finished" rows={n} took={ms}ms queue=orders.created part={w} {part} digest={hex} status=ok',
    "Consumer group billing-{w} rebalanced: {n} messages behind, lag {ms} ms, {part}, leader {hex}, 12 members joined",
)


def _private(rng: Random) -> str:
    return rng.choice(
        [
            f"user zoe{rng.randint(1, 10**6)}@example.org",
            f"card 4111 1111 1111 1111 of {rng.randint(1, 9)}",
            f"password=hunter{rng.randint(10, 10**6)}",
            f"ssn {rng.randint(100, 665)}-{rng.randint(10, 99)}-{rng.randint(1000, 9999)}",
            f"Authorization: Bearer {rng.getrandbits(128):032x}",
            f"phone +1 415 555 {rng.randint(1000, 9999)}",
        ]
    )


def attributes(rng: Random, *, dirty: bool) -> dict[str, Any]:
    """The 14 attributes of an HTTP server's span; a dirty one holds one private value in its query."""
    number = rng.randint(1, 10**7)
    return {
        "http.request.method": rng.choice(["GET", "POST"]),
        "http.response.status_code": rng.choice([200, 204, 404]),
        "http.route": "/api/v1/orders/{order_id}/items",
        "url.path": f"/api/v1/orders/{number}/items",
        "url.query": f"page={number % 97}&q={_private(rng) if dirty else 'shoes'}",
        "url.scheme": "https",
        "server.address": f"shop-{number % 61}.internal",
        "server.port": 8443,
        "client.address": "10.0.3.17",
        "network.protocol.version": "1.1",
        "user_agent.original": f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/{number % 150}.0.0.0",
        "http.request.header.x_request_id": f"{rng.getrandbits(64):016x}",
        "http.server.active": True,
        "app.duration_ms": rng.random() * 900,
    }


# What the handler of `logging` adds to each record.
_CODE: Final[dict[str, Any]] = {
    "code.file.path": "/srv/shop/orders.py",
    "code.function.name": "accept",
    "code.line.number": 214,
}


class _NoLogs(LogRecordProcessor):
    def on_emit(self, log_record: Any) -> None:
        pass

    def shutdown(self) -> None:
        pass

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return True


_logs = LoggerProvider(shutdown_on_exit=False)
_logs.add_log_record_processor(_NoLogs())
_logger = _logs.get_logger("bench")
_spans = TracerProvider(shutdown_on_exit=False)
_spans.add_span_processor(SpanProcessor())
_tracer = _spans.get_tracer("bench")
REDACTOR: Final = Redactor(max_text=1 << 21)
PLAIN: Final = Redactor(use_re2=False)


def emit_logs(records: Sequence[str]) -> None:
    """The yardstick: the SDK's emit of a record with a processor that does nothing."""
    for number, body in enumerate(records):
        _logger.emit(
            LogRecord(
                timestamp=number, severity_number=SeverityNumber.INFO, severity_text="INFO", body=body, attributes=_CODE
            )
        )


def emit_spans(records: Sequence[dict[str, Any]]) -> None:
    """The yardstick: start and end of a span with its attributes, with a processor that does nothing."""
    for given in records:
        _tracer.start_span("GET /api/v1/orders/{order_id}/items", attributes=given).end()


def batch_of_texts(records: Sequence[str]) -> None:
    """As the guard does on the worker of a batch processor: one look at all of them, and then each."""
    REDACTOR.learn(records)
    for text in records:
        REDACTOR.text(text, set())


def batch_of_attributes(records: Sequence[dict[str, Any]]) -> None:
    """The same with all the values of a batch."""
    REDACTOR.learn([value for given in records for value in given.values()])
    for given in records:
        REDACTOR.attributes(given, set())


class Variant(NamedTuple):
    """What is measured: its name, the work on a batch, and how many records a round it gets."""

    name: str
    run: Callable[[Any], object]
    records: int = BATCH


def _each(work: Callable[[Any], object]) -> Callable[[Sequence[Any]], None]:
    def run(records: Sequence[Any]) -> None:
        for record in records:
            work(record)

    return run


TEXT_VARIANTS: Final = (
    Variant("bare emit", emit_logs),
    Variant("bare emit again (A/A)", emit_logs),
    Variant("batch of 512", batch_of_texts),
    Variant("per record", _each(lambda text: REDACTOR.text(text, set()))),
    Variant("without google-re2", _each(lambda text: PLAIN.text(text, set())), FEW),
    Variant("ten re.sub by hand", _each(scrub)),
)
ATTRIBUTE_VARIANTS: Final = (
    Variant("bare span", emit_spans),
    Variant("bare span again (A/A)", emit_spans),
    Variant("batch of 512", batch_of_attributes),
    Variant("per record", _each(lambda given: REDACTOR.attributes(given, set()))),
    Variant("without google-re2", _each(lambda given: PLAIN.attributes(given, set())), FEW),
    Variant("ten re.sub by hand", _each(scrub_attributes)),
)


def _seconds(run: Callable[[Any], object], given: Any) -> float:
    gc.collect()
    gc.disable()
    begin = time.process_time()
    run(given)
    spent = time.process_time() - begin
    gc.enable()
    return spent


def _drawn(make: Callable[..., Any], seed: str, every: int, count: int) -> list[Any]:
    rng = Random(seed)
    return [make(rng, dirty=bool(every) and number % every == 0) for number in range(count)]


def _size(records: Sequence[Any]) -> float:
    """Bytes of text a record."""
    texts = (value for record in records for value in (record.values() if isinstance(record, dict) else [record]))
    return sum(len(text.encode()) for text in texts if isinstance(text, str)) / len(records)


class Cost(NamedTuple):
    """Seconds a record, and the ratio to the bare emit, for each round."""

    seconds: list[float]
    ratios: list[float]


def measure(
    make: Callable[..., Any], variants: Sequence[Variant], every: int, rounds: int, *, fresh: bool
) -> tuple[list[Cost], float]:
    """Gives the cost of each variant, and the bytes a record. The first round warms up."""
    costs = [Cost([], []) for _ in variants]
    size = 0.0
    for number in range(rounds + 1):
        spent = []
        for place, (_, run, count) in enumerate(variants):
            seed = f"{number} {place} {every}" if fresh else "seen"
            records = _drawn(make, seed, every, count if fresh else REPEATED)
            records = list(islice(cycle(records), count))
            size = _size(records)
            spent.append(_seconds(run, records) / count)
        if number:
            for cost, seconds in zip(costs, spent, strict=True):
                cost.seconds.append(seconds)
                cost.ratios.append(seconds / spent[0])
    return costs, size


def print_records(title: str, make: Callable[..., Any], variants: Sequence[Variant], rounds: int) -> None:
    """Prints the table of one sort of record."""
    print(f"\n### {title}\n")
    print("| input | variant | fresh: ns | MB/s | x bare | repeated: ns | MB/s | x bare | goal (fresh) |")
    print("|---|---|--:|--:|--:|--:|--:|--:|---|")
    for name, every in DIRT:
        fresh, size = measure(make, variants, every, rounds, fresh=True)
        repeated, _ = measure(make, variants, every, rounds, fresh=False)
        for variant, first, second in zip(variants, fresh, repeated, strict=True):
            goal = GOALS.get((name, variant.name)) if make is message else None
            print(
                f"| {name} | {variant.name} | {_cells(first, size)} | {_cells(second, size)} | {_goal(goal, first)} |"
            )
        sys.stdout.flush()


def _cells(cost: Cost, size: float) -> str:
    seconds = statistics.median(cost.seconds)
    return f"{seconds * 1e9:,.0f} | {size / seconds / 1e6:.1f} | {statistics.median(cost.ratios):.3f}"


def _goal(goal: float | None, cost: Cost) -> str:
    if goal is None:
        return ""
    return f"<= {goal:.2f}: {'met' if statistics.median(cost.ratios) <= goal else '**missed**'}"


def _long(seed: str, size: int, *, dirty: bool) -> str:
    rng = Random(seed)
    lines = [message(rng, dirty=False) for _ in range(size // 80)]
    if dirty:
        lines[(size // 120) // 2] = message(rng, dirty=True)
    return "\n".join(lines)[:size]


def print_long(rounds: int) -> None:
    """Prints the cost of long texts."""
    print("\n### Long texts (fresh lines joined)\n")
    print("| input | engine ms | MB/s | ten re.sub by hand ms |\n|---|--:|--:|--:|")
    for name, size in LONG:
        for what, dirty in (("clean", False), ("one finding", True)):
            ours, theirs = [], []
            for number in range(rounds):
                text = _long(f"{number} {name} {what}", size, dirty=dirty)
                ours.append(_seconds(lambda given: REDACTOR.text(given, set()), text))
                theirs.append(_seconds(scrub, text))
            mine, hand = statistics.median(ours), statistics.median(theirs)
            print(f"| {name}, {what} | {mine * 1e3:.2f} | {size / mine / 1e6:.1f} | {hand * 1e3:.2f} |")


def print_hostile(rounds: int) -> None:
    """Prints the cost of a megabyte of each hostile shape."""
    print(f"\n### Hostile texts, 1 MB each (goal < {HOSTILE_GOAL:.0f} ms)\n")
    print("| repeated | ms | |\n|---|--:|---|")
    for unit in HOSTILE:
        text = unit * (HOSTILE_SIZE // len(unit))
        taken = (
            statistics.median(_seconds(lambda given: REDACTOR.text(given, set()), text) for _ in range(rounds)) * 1e3
        )
        print(f"| `{unit}` | {taken:,.0f} | {'' if taken < HOSTILE_GOAL else '**missed**'} |", flush=True)


def print_start() -> None:
    """Prints what the start costs in a fresh process."""
    command = [sys.executable, "-c", _START]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _ in range(STARTS)]
    columns = zip(*(map(float, run) for run in runs), strict=True)
    names = ("import discreet.detectors", "import discreet.redaction", "Redactor()", "a second, and its first text")
    print(f"\n### Start (fresh processes, median of {STARTS})\n\n| step | ms |\n|---|--:|")
    for name, values in zip(names, columns, strict=True):
        print(f"| {name} | {statistics.median(values):.1f} |")


def main() -> None:
    """Measures, and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    print_records("Log messages (about 120 characters)", message, TEXT_VARIANTS, rounds)
    print_records("Attributes of a server span (14)", attributes, ATTRIBUTE_VARIANTS, rounds)
    print_long(rounds)
    print_hostile(min(rounds, 3))
    print_start()


if __name__ == "__main__":
    main()
