"""A process whose guard is armed, with providers that keep what would have left."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from opentelemetry.instrumentation.logging.handler import LoggingHandler

from discreet import runtime
from discreet.policy import Policy, put_in_force, resolve
from tests.guard.memory import Kept, logged, traced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk.trace import TracerProvider

KEY = "k1:MDAwMDAwMDAwMDAwMDAwMA=="


class Telemetry(NamedTuple):
    """Providers of both signals, and what they exported."""

    tracers: TracerProvider
    kept_spans: Kept
    loggers: LoggerProvider
    kept_logs: Kept

    def span(self, name: str, **more: Any) -> Any:
        """Begin a span and make it current."""
        return self.tracers.get_tracer("shop").start_as_current_span(name, **more)

    def spans(self) -> dict[str, dict[str, Any]]:
        """Give the attributes of the exported spans by name; the last of a name."""
        self.tracers.force_flush()
        return {span.name: dict(span.attributes or {}) for span in self.kept_spans.records}

    def logs(self) -> dict[str, dict[str, Any]]:
        """Give the attributes of the exported log records by body."""
        self.loggers.force_flush()
        return {str(data.log_record.body): dict(data.log_record.attributes or {}) for data in self.kept_logs.records}

    def users(self) -> dict[str, Any]:
        """Give the user, if any, of each exported log record by its body."""
        return {body: held.get("user.id") for body, held in self.logs().items()}


def enforce(**options: Any) -> None:
    """Put options in force."""
    settings, problems = resolve(arguments={"pseudonym_key": KEY, **options})
    assert problems == []
    put_in_force(Policy.compiled(settings))


@contextlib.contextmanager
def listening(telemetry: Telemetry) -> Iterator[logging.Logger]:
    """Give a logger of the standard library whose records go to the provider."""
    logger, handler = logging.getLogger("shop"), LoggingHandler(logger_provider=telemetry.loggers)
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    yield logger
    logger.removeHandler(handler)


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    """Arm the guard with a key for pseudonyms."""
    runtime.arm()
    enforce()
    tracers, kept_spans = traced()
    loggers, kept_logs = logged()
    yield Telemetry(tracers, kept_spans, loggers, kept_logs)
    tracers.shutdown()
    loggers.shutdown()


@pytest.fixture
def log(telemetry: Telemetry) -> Iterator[logging.Logger]:
    """Give a logger of the standard library whose records go to the provider."""
    with listening(telemetry) as logger:
        yield logger
