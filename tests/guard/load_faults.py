"""Faults while requests are answered, and processors of the application's own that watch what they are handed."""

from __future__ import annotations

import contextlib
import random
import threading
from typing import TYPE_CHECKING, Any

from opentelemetry import trace
from opentelemetry._logs import get_logger_provider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from tests.guard.faults import ERRORS, Fault, everything, faulty, forget, functions
from tests.guard.load_requests import is_raw
from tests.guard.test_faults import CALLED_BY_OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterator

AT_ONCE = (1, 1, 1, 2, 5)
CALLS = (None, None, 1, 2, 5, 20)
"""At which call a function fails; at all of them for None."""

MOST = 0.9
"""How many of the faults go where requests were seen to pass."""

FORGETFUL = 0.3
"""How often what was learnt is forgotten, so that all of it is looked at anew."""


class Faults:
    """Puts faults into random functions of ours, a few at a time, and remembers which were in force when.

    Most go into functions that the app's requests were seen to call, on whatever thread.
    """

    def __init__(self, seed: int) -> None:
        self._known = {name: function for name, function in functions().items() if name not in CALLED_BY_OTHERS}
        self._chance = random.Random(seed)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, name="faults")
        self.slots: list[list[str]] = [[]]
        self.called: list[str] = []
        self.failed: set[str] = set()

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Learn which functions are called meanwhile."""
        with self._put({name: Fault(only=0) for name in self._known}) as faults:
            forget()
            yield
        self.called = sorted(name for name, fault in faults.items() if fault.calls)

    @contextlib.contextmanager
    def failing(self) -> Iterator[None]:
        """Have functions fail meanwhile."""
        self._thread.start()
        yield
        self._over.set()
        self._thread.join()

    @contextlib.contextmanager
    def _put(self, faults: dict[str, Fault]) -> Iterator[dict[str, Fault]]:
        with contextlib.ExitStack() as stack:
            for name, fault in faults.items():
                stack.enter_context(faulty(self._known[name], fault))
            yield faults

    def _work(self) -> None:
        chance = self._chance
        while not self._over.is_set():
            if chance.random() < FORGETFUL:
                forget()
            names = chance.sample(
                self.called if chance.random() < MOST else sorted(self._known), k=chance.choice(AT_ONCE)
            )
            chosen = {name: Fault(chance.choice(ERRORS), chance.choice(CALLS)) for name in names}
            self.slots.append([f"{name} {fault.error.__name__} {fault.only}" for name, fault in chosen.items()])
            with self._put(chosen):
                self._over.wait(chance.choice((0.005, 0.02, 0.05, 0.1)))
            self.failed.update(name for name, fault in chosen.items() if fault.calls >= (fault.only or 1))


class Watching:
    """Processors that the application adds, which look for raw values in all that they are handed."""

    def __init__(self, faults: Faults) -> None:
        self.seen, self.raw, self._faults = 0, list[Any](), faults
        spans: Any = trace.get_tracer_provider()
        spans.add_span_processor(SimpleSpanProcessor(self))  # type: ignore[arg-type]
        logs: Any = get_logger_provider()
        logs.add_log_record_processor(SimpleLogRecordProcessor(self))  # type: ignore[arg-type]

    def export(self, batch: Any) -> None:
        for record in batch:
            self.seen += 1
            is_span = isinstance(record, ReadableSpan)
            told = everything(record) if is_span else f"{record!r} {vars(record.log_record)}"
            if is_raw(told):
                self.raw.append([told, self._faults.slots[-6:]])

    def shutdown(self) -> None:
        pass

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return True
