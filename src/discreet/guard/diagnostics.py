"""What OpenTelemetry itself logs: it quotes headers, payloads and URLs, and repeats itself once per export.

Loggers named here are filtered. Their string arguments are withheld, since a header or a payload is no shape that a
detector could find; and a line about an export that failed is written once in a while, not for every attempt.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from discreet.guard.writing import WITHHELD
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Iterator

REPEAT_AFTER = 300.0
"""Seconds after which a line about failing exports may be written again."""


class Rule(NamedTuple):
    """One logger of OpenTelemetry: what of its records is kept back.

    Attributes:
        logger: Its name.
        withhold: Whether its string arguments are withheld; numbers and exceptions' types stay.
        once: Whether a template is written once per `REPEAT_AFTER` only.
        remedy: What the reader can do; takes the place of the template where it is given.
    """

    logger: str
    withhold: bool
    once: bool
    remedy: str = ""


_EXPORT = (
    "discreet: OTLP export failed; records are dropped until the backend answers. Check that a collector listens at "
    "OTEL_EXPORTER_OTLP_ENDPOINT and that OTEL_EXPORTER_OTLP_PROTOCOL and OTEL_EXPORTER_OTLP_HEADERS are what it wants"
)

RULES: tuple[Rule, ...] = (
    Rule("opentelemetry.sdk.resources", withhold=True, once=False),
    Rule("opentelemetry.sdk.trace.sampling", withhold=True, once=False),
    Rule("opentelemetry.sdk._configuration", withhold=True, once=False),
    Rule("opentelemetry.sdk.environment_variables._internal", withhold=True, once=False),
    Rule("opentelemetry.configuration._resource", withhold=True, once=False),
    Rule("opentelemetry.configuration._common", withhold=True, once=False),
    Rule("opentelemetry.attributes", withhold=True, once=False),
    Rule("opentelemetry.baggage", withhold=True, once=False),
    Rule("opentelemetry.baggage.propagation", withhold=True, once=False),
    Rule("opentelemetry.trace.span", withhold=True, once=False),
    Rule("opentelemetry._opamp.agent", withhold=True, once=False),
    Rule("opentelemetry.exporter.otlp.proto.http.trace_exporter", withhold=False, once=True, remedy=_EXPORT),
    Rule("opentelemetry.exporter.otlp.proto.http._log_exporter", withhold=False, once=True, remedy=_EXPORT),
    Rule("opentelemetry.exporter.otlp.proto.http.metric_exporter", withhold=False, once=True, remedy=_EXPORT),
    Rule("opentelemetry.exporter.otlp.proto.grpc.exporter", withhold=False, once=True, remedy=_EXPORT),
    Rule("opentelemetry.exporter.otlp.common.http", withhold=False, once=True, remedy=_EXPORT),
    Rule("opentelemetry.sdk._shared_internal", withhold=False, once=True),
    Rule("opentelemetry.sdk.trace.export", withhold=False, once=True),
    Rule("opentelemetry.sdk._logs._internal.export", withhold=False, once=True),
    Rule("opentelemetry.sdk.metrics._internal.export", withhold=False, once=True),
    Rule("opentelemetry.sdk.metrics._internal.instrument", withhold=False, once=False),
    Rule("opentelemetry.sdk.trace", withhold=True, once=False),
    Rule("opentelemetry.sdk.metrics._internal", withhold=False, once=False),
    Rule("opentelemetry.sdk._logs._internal", withhold=False, once=False),
    Rule("opentelemetry.exporter.otlp.proto.common._internal", withhold=True, once=False),
)


SILENCED: dict[str, tuple[str, ...]] = {
    # Ours is in force beside other installed ones; discreet.setup.instrumentors sees to SQLAlchemy afterwards.
    "opentelemetry.instrumentation.auto_instrumentation._load": ("Configuration of ", "sqlalchemy only instruments"),
    # It prints malformed OTEL_EXPORTER_OTLP_HEADERS whole; discreet.setup.environment says that they are malformed.
    "opentelemetry.util.re": ("",),
    # It prints the faulty lines; discreet.setup.declarative says where they stand.
    "opentelemetry.configuration.file._loader": ("",),
}
"""By logger, the beginnings of lines that would alarm and are dealt with."""

_said: dict[str, float] = {}
"""When each line was last written, by the rule's text or the logger and template: one line for all three signals."""


@dataclass(eq=False)
class Withholding(logging.Filter):
    """Applies one rule to the records of its logger, before any handler sees them."""

    rule: Rule

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep a record back or let it through without what it quotes. Never raises into the logging call."""
        try:
            written = self._filter(record)
        except Exception:
            record.msg, record.args, record.exc_info, record.exc_text = WITHHELD, (), None, None
            written = True
        if written:
            with contextlib.suppress(Exception):
                show(record)
        return written

    def _filter(self, record: logging.LogRecord) -> bool:
        template = self.rule.remedy or f"{record.name} {record.msg}"
        if self.rule.once and self._repeats(template):
            return False
        cause = _cause(record)
        if self.rule.remedy:
            record.msg, record.args = f"{self.rule.remedy}{f' ({cause})' if cause else ''}.", ()
        else:
            record.msg, record.args = self._quiet(record), ()
            if cause:
                record.msg = f"{record.msg} ({cause})"
        record.exc_info = record.exc_text = None
        return True

    def _quiet(self, record: logging.LogRecord) -> str:
        if self.rule.withhold and record.args:
            args = record.args if isinstance(record.args, tuple) else (record.args,)
            record.args = tuple(arg if isinstance(arg, (int, float, type)) else "[WITHHELD]" for arg in args)
            try:
                return record.getMessage()
            except Exception:
                return str(record.msg)
        clean: str = current().redactor.text(record.getMessage(), set())
        return clean

    def _repeats(self, template: str) -> bool:
        now, last = time.monotonic(), _said.get(template)
        if last is not None and now - last < REPEAT_AFTER:
            return True
        _said[template] = now
        return False


class Showing(logging.Filter):
    """Shows what our own logger says also where the app set no logging up."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep nothing back."""
        with contextlib.suppress(Exception):
            show(record)
        return True


def show(record: logging.LogRecord) -> None:
    """Write a warning to stderr where no handler would.

    The handler that exports log records stands on the root logger, so the standard library's last resort, which writes
    warnings when there is no handler, stays silent.
    """
    last_resort = logging.lastResort
    if last_resort is None or record.levelno < last_resort.level or sys.stderr is None:
        return
    handlers = list(_handlers(logging.getLogger(record.name)))
    if handlers and all(type(handler).__module__.startswith("opentelemetry.") for handler in handlers):
        last_resort.handle(record)


def _handlers(logger: logging.Logger | None) -> Iterator[logging.Handler]:
    while logger is not None:
        yield from logger.handlers
        logger = logger.parent if logger.propagate else None


class Silencing(logging.Filter):
    """Keeps back the lines of one logger that begin as told."""

    def __init__(self, beginnings: tuple[str, ...]) -> None:
        super().__init__()
        self._beginnings = beginnings

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the line is to be written."""
        return not str(record.msg).startswith(self._beginnings)


def _cause(record: logging.LogRecord) -> str:
    """Give the type of the exception that a record carries: its message may quote what it failed on."""
    return record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""


_installed: list[tuple[logging.Logger, logging.Filter]] = []


def install() -> None:
    """Put the filters on their loggers; once only."""
    if _installed:
        return
    filters: list[tuple[str, logging.Filter]] = [(rule.logger, Withholding(rule)) for rule in RULES]
    filters += [(name, Silencing(lines)) for name, lines in SILENCED.items()]
    for name, kept_back in (*filters, ("discreet", Showing())):
        logger = logging.getLogger(name)
        logger.addFilter(kept_back)
        _installed.append((logger, kept_back))


def uninstall() -> None:
    """Take the filters away again."""
    while _installed:
        logger, kept_back = _installed.pop()
        logger.removeFilter(kept_back)
    _said.clear()
