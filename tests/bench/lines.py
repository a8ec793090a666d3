"""What a line of log costs, as a ratio to the standard library's formatter without Discreet.

    python tests/bench/lines.py [ROUNDS]

Prints a table: for each sort of record, the microseconds of a handler that formats `%(asctime)s ...` and writes to
memory, and the medians of the ratios to it within the same round. The rounds are interleaved, and the bare one runs
twice in each (A/A), so that the noise is seen beside the cost. CPU time of the calling thread. Messages are fresh: none
was seen before. Where python-json-logger is installed, it is measured, too, and redacts nothing.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import io
import logging
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from discreet import guard
from discreet.policy import Policy, put_in_force, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDS = 500
TEXT = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
POLICIES = {form: Policy.compiled(resolve(arguments={"log_format": form})[0]) for form in ("app", "json", "console")}

_number = 0


def _who(dirty: int) -> str:
    global _number  # noqa: PLW0603 - no message twice
    _number += 1
    return f"zoe{_number}@example.org" if dirty and _number % dirty == 0 else f"user {_number}"


def _plain(logger: logging.Logger, dirty: int) -> None:
    logger.info("order of %s accepted after %d ms", _who(dirty), 7)


def _extra(logger: logging.Logger, dirty: int) -> None:
    extra = {"order": _number, "shop": "north", "route": "/orders/{number}"}
    logger.info("order of %s accepted after %d ms", _who(dirty), 7, extra=extra)


def _error(logger: logging.Logger, dirty: int) -> None:
    try:
        raise ValueError(_who(dirty))
    except ValueError:
        logger.exception("failed")


CASES: dict[str, tuple[Callable[[logging.Logger, int], None], int]] = {
    "message": (_plain, 0),
    "message, 1 in 10 with findings": (_plain, 10),
    "message and 3 fields": (_extra, 0),
    "exception": (_error, 0),
}


def _written(formatter: logging.Formatter, say: Callable[[logging.Logger, int], None], dirty: int) -> float:
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(formatter)
    logger = logging.Logger("shop.orders")
    logger.addHandler(handler)
    with trace.get_tracer("bench").start_as_current_span("s"):
        begin = time.thread_time()
        for _ in range(RECORDS):
            say(logger, dirty)
        return time.thread_time() - begin


def _guarded(form: str, *what: Any) -> float:
    guard.install()
    put_in_force(POLICIES[form])
    try:
        return _written(TEXT, *what)
    finally:
        guard.uninstall()
        put_in_force(None)


WAYS: dict[str, Callable[..., float]] = {
    "bare again": lambda *what: _written(TEXT, *what),
    "app": lambda *what: _guarded("app", *what),
    "json": lambda *what: _guarded("json", *what),
    "console": lambda *what: _guarded("console", *what),
}


def _with_json_logger() -> None:
    if importlib.util.find_spec("pythonjsonlogger"):
        formatter = importlib.import_module("pythonjsonlogger.json").JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s"
        )
        WAYS["python-json-logger"] = lambda *what: _written(formatter, *what)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    _with_json_logger()
    trace.set_tracer_provider(TracerProvider(shutdown_on_exit=False))
    print(f"| | bare | {' | '.join(WAYS)} |\n|---|---|{'---|' * len(WAYS)}")
    for case, what in CASES.items():
        bare: list[float] = []
        ratios: dict[str, list[float]] = {name: [] for name in WAYS}
        for number in range(rounds + 1):
            gc.collect()
            gc.disable()
            base, *found = _written(TEXT, *what), *(way(*what) for way in WAYS.values())
            gc.enable()
            if number:  # the first warms up
                bare.append(base / RECORDS * 1e6)
                for name, seconds in zip(WAYS, found, strict=True):
                    ratios[name].append(seconds / base)
        cells = " | ".join(f"{statistics.median(values):.2f}" for values in ratios.values())
        print(f"| {case} | {statistics.median(bare):.0f} µs | {cells} |")


if __name__ == "__main__":
    main()
