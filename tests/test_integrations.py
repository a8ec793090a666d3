"""Processors for structlog and loguru: nothing private reaches their writers, and nothing is raised into the app."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from loguru import logger as the_loguru
from opentelemetry.sdk.trace import TracerProvider

import discreet
from discreet import guard
from discreet.integrations import loguru_context, loguru_patcher, structlog_context, structlog_processor
from discreet.metrics.counts import COUNTS
from discreet.policy import Policy, current, put_in_force, resolve
from discreet.redaction import Redactor
from tests.guard.faults import Fault, faulty, forget, functions
from tests.guard.memory import CARD, EMAIL

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


def _structured(out: io.StringIO, *renderers: Any) -> Any:
    return structlog.wrap_logger(
        structlog.PrintLogger(out), processors=[structlog.processors.add_log_level, *renderers]
    )


@pytest.fixture
def loguru(out: io.StringIO) -> Iterator[Any]:
    the_loguru.remove()
    the_loguru.add(out, format="{level} {message} {extra} {thread.name}", diagnose=True, backtrace=True)
    the_loguru.configure(patcher=loguru_patcher)
    yield the_loguru
    the_loguru.remove()
    the_loguru.configure(patcher=lambda _: None, extra={})


def test_structlog_events_are_clean(out: io.StringIO) -> None:
    """Event, values, nested values and values under telling keys; the app's own objects are not changed."""
    given = {"by": [EMAIL, {"password": "hunter22"}]}
    logger = _structured(out, structlog_processor, structlog.processors.JSONRenderer())
    logger.info(f"for {EMAIL}", card=CARD, who=given, password="hunter22", count=3, ok=True, none=None)  # noqa: G004
    assert json.loads(out.getvalue()) == {
        "event": "for [REDACTED:email]",
        "level": "info",
        "card": "[REDACTED:card]",
        "who": {"by": ["[REDACTED:email]", {"password": "[REDACTED:password]"}]},
        "password": "[REDACTED:password]",
        "count": 3,
        "ok": True,
        "none": None,
    }
    assert given == {"by": [EMAIL, {"password": "hunter22"}]}


@pytest.mark.parametrize("renderer", [structlog.dev.ConsoleRenderer(), structlog.processors.JSONRenderer()])
@pytest.mark.parametrize("exc_info", [True, "error", "triple"])
def test_structlog_exceptions_are_text(out: io.StringIO, renderer: Any, exc_info: Any) -> None:
    """However the exception is given, its traceback is there, and no renderer shows values of variables."""
    logger = _structured(out, structlog_processor, renderer)
    try:
        secret = EMAIL  # noqa: F841 - a renderer of rich tracebacks would show it
        raise ValueError(f"no {EMAIL}")
    except ValueError as error:
        given: Any = {"error": error, "triple": (ValueError, error, error.__traceback__)}.get(exc_info, True)
        logger.error("failed", exc_info=given)  # noqa: TRY400 - both are structlog's
    assert "ValueError: no [REDACTED:email]" in out.getvalue()
    assert "canary" not in out.getvalue()


def test_structlog_text_behind_a_renderer_is_clean(out: io.StringIO) -> None:
    """The processor may stand last of all, too, for text as for bytes."""
    _structured(out, structlog.processors.KeyValueRenderer(), structlog_processor).info("x", to=EMAIL)
    assert "[REDACTED:email]" in out.getvalue()
    assert structlog_processor(None, "info", f"to {EMAIL}".encode()) == b"to [REDACTED:email]"


def test_structlog_in_front_of_stdlib(out: io.StringIO) -> None:
    """`ProcessorFormatter`, which renders records of both libraries, keeps what it needs."""
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog_processor,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ]
        )
    )
    plain = logging.Logger("plain")
    plain.addHandler(handler)
    plain.warning("for %s", EMAIL)
    wrapped = structlog.wrap_logger(
        plain,
        wrapper_class=structlog.stdlib.BoundLogger,
        processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    )
    wrapped.warning("by", who=EMAIL)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert lines == [{"event": "for [REDACTED:email]"}, {"event": "by", "who": "[REDACTED:email]"}]


def test_loguru_messages_are_clean(loguru: Any, out: io.StringIO) -> None:
    """Message, arguments and bound values; values of variables in a traceback are not shown."""
    loguru.bind(who=EMAIL, password="hunter22").info("for {} {card}", EMAIL, card=CARD)
    secret = EMAIL
    try:
        raise ValueError(f"no {secret}")
    except ValueError:
        loguru.exception("failed")
    written = out.getvalue()
    assert "INFO for [REDACTED:email] [REDACTED:card]" in written
    assert "'password': '[REDACTED:password]'" in written
    assert "ValueError: no [REDACTED:email]" in written
    assert "canary" not in written
    assert "hunter22" not in written
    assert CARD not in written


def test_loguru_serialized_is_clean(loguru: Any) -> None:
    """A sink of JSON holds the whole record."""
    out = io.StringIO()
    number = loguru.add(out, serialize=True)
    loguru.bind(who=EMAIL).info("for {}", EMAIL)
    loguru.remove(number)
    record = json.loads(out.getvalue())["record"]
    assert record["message"] == "for [REDACTED:email]"
    assert record["extra"]["who"] == "[REDACTED:email]"
    assert "canary" not in out.getvalue()


def test_a_failing_redactor_withholds(loguru: Any, out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails closed, counted, and nothing is raised."""

    def broken(*_: object) -> str:
        raise RuntimeError(EMAIL)

    COUNTS.reset()
    monkeypatch.setattr(Redactor, "text", broken)
    monkeypatch.setattr(Redactor, "value", broken)
    _structured(out, structlog_processor, structlog.processors.JSONRenderer()).info("for", who=EMAIL)
    loguru.bind(who=EMAIL).info("for {}", EMAIL)
    structured, line = out.getvalue().splitlines()
    assert json.loads(structured) == {"event": "[discreet: withheld]", "level": "info"}
    assert line.startswith("INFO [discreet: withheld] {} ")
    assert COUNTS.snapshot()["withheld"]["log", "redaction_failed"] == 2


def test_a_fault_of_ours_reaches_no_logging_call(loguru: Any, out: io.StringIO) -> None:
    """Each function of ours failing: neither library raises into the app, and what it writes is not raw."""
    current()
    loguru.add(out, format="{message}", catch=False)
    dict_logger = _structured(out, structlog_processor, structlog.processors.JSONRenderer())
    text_logger = _structured(out, structlog.processors.JSONRenderer(), structlog_processor)
    for function in functions().values():
        forget()
        with faulty(function, Fault()):
            for logger in (dict_logger, text_logger, loguru):
                logger.info(f"for {EMAIL}", who=EMAIL)  # noqa: G004
    assert "[discreet: withheld]" in out.getvalue()
    assert "canary" not in out.getvalue()


def test_output_off_leaves_both_alone(loguru: Any, out: io.StringIO) -> None:
    """The option `output` holds here too."""
    put_in_force(Policy.compiled(resolve(arguments={"output": False})[0]))
    _structured(out, structlog_processor, structlog.processors.JSONRenderer()).info("for", who=EMAIL)
    loguru.info("for {}", EMAIL)  # noqa: PLE1205 - loguru's notation
    assert out.getvalue().count(EMAIL) == 2


TRACER = TracerProvider(shutdown_on_exit=False).get_tracer("t")
CONTEXT = {
    "trace_id", "span_id", "trace_flags", "discreet.category", "discreet.security_level", "service.name"
}  # fmt: skip
"""What the processors of context add."""


def _json(**settings: Any) -> None:
    guard.install()
    put_in_force(Policy.compiled(resolve(arguments={"log_format": "json", **settings})[0]))


def _lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def _handled(out: io.StringIO, formatter: logging.Formatter | None = None) -> logging.Logger:
    logger, handler = logging.Logger("shop.orders", logging.INFO), logging.StreamHandler(out)
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    return logger


def test_structlog_through_stdlib_gives_its_fields(out: io.StringIO) -> None:
    """`render_to_log_kwargs` last: the event is the body, its values are attributes, the exception has its fields."""
    _json()
    logger: Any = structlog.wrap_logger(
        _handled(out),
        wrapper_class=structlog.stdlib.BoundLogger,
        processors=[structlog.contextvars.merge_contextvars, structlog.stdlib.render_to_log_kwargs],
    )
    with TRACER.start_as_current_span("s") as span, structlog.contextvars.bound_contextvars(password="hunter22"):
        try:
            raise ValueError(EMAIL)
        except ValueError:
            logger.exception(f"for {EMAIL}", amount=12)  # noqa: G004
    (line,) = _lines(out)
    assert line["body"] == "for [REDACTED:email]"
    assert line["attributes"] == {"password": "[REDACTED:password]", "amount": 12}
    assert line["trace_id"] == f"{span.get_span_context().trace_id:032x}"
    assert (line["logger"], line["severity_text"]) == ("shop.orders", "ERROR")
    assert line["exception.message"] == "[REDACTED:email]"


@pytest.mark.parametrize("formatted", [False, True])
def test_structlogs_formatter_is_taken_over(out: io.StringIO, formatted: bool) -> None:
    """An app with `ProcessorFormatter` changes nothing: both libraries' records have the same fields."""
    _json()
    plain = _handled(out, structlog.stdlib.ProcessorFormatter(processor=structlog.dev.ConsoleRenderer()))
    more: list[Any] = [structlog.processors.format_exc_info] if formatted else []
    logger: Any = structlog.wrap_logger(
        plain,
        wrapper_class=structlog.stdlib.BoundLogger,
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.StackInfoRenderer(),
            *more,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
    )
    try:
        raise ValueError(EMAIL)
    except ValueError:
        logger.exception("failed", card=CARD, stack_info=True)
    plain.warning("for %s", EMAIL)
    first, second = _lines(out)
    assert (first["body"], second["body"]) == ("failed", "for [REDACTED:email]")
    assert first["attributes"].pop("code.stacktrace").startswith("Stack (most recent call last):")
    assert first["attributes"] == {"card": "[REDACTED:card]"}
    assert first["exception.stacktrace"].endswith("ValueError: [REDACTED:email]")
    assert set(first) - set(second) == {"attributes", *(name for name in first if name.startswith("exception."))}


def test_structlogs_own_writer_has_the_context(out: io.StringIO) -> None:
    """Ids, category, level raised by what was found, service: under the names of a line of stdlib logging."""
    logger = _structured(out, structlog_context, structlog.processors.JSONRenderer())
    with TRACER.start_as_current_span("s") as span:
        logger.info("for", card=CARD, logger="shop.audit")
        logger.info("for", to=EMAIL)
    logger.info("for", **{"discreet.category": "business"})
    first, second, third = _lines(out)
    assert set(first) == {"event", "level", "card", "logger", *CONTEXT}
    assert first["trace_id"] == f"{span.get_span_context().trace_id:032x}"
    assert first["span_id"] == f"{span.get_span_context().span_id:016x}"
    assert (first["discreet.category"], first["discreet.security_level"]) == ("audit", "restricted")
    assert (second["discreet.category"], second["discreet.security_level"]) == ("application", "confidential")
    assert third["discreet.category"] == "business"
    assert "trace_id" not in third


def test_both_say_whose_the_work_is(out: io.StringIO, loguru: Any) -> None:
    """By the pseudonym that spans and log records carry, where the context is asked for."""
    logger = _structured(out, structlog_context, structlog.processors.JSONRenderer())
    with discreet.user("u-1"), discreet.classify(category="business"):
        logger.info("sold")
        loguru.configure(patcher=loguru_context)
        loguru.info("sold")
    first, second = out.getvalue().splitlines()
    said = json.loads(first)
    assert said["discreet.category"] == "business"
    assert said["user.id"].startswith("[PSEUDONYM:person_id:")
    assert said["user.id"] in second


def test_the_rules_know_the_severity_of_both(out: io.StringIO, loguru: Any) -> None:
    """A rule of the configuration that asks for a severity fits structlog's and loguru's methods."""
    put_in_force(Policy.compiled(resolve(arguments={"classify": [{"severity": "error", "category": "system"}]})[0]))
    logger = _structured(out, structlog_context, structlog.processors.JSONRenderer())
    logger.warning("a")
    logger.error("b")
    assert [line["discreet.category"] for line in _lines(out)] == ["application", "system"]
    out.truncate(out.seek(0))
    loguru.configure(patcher=loguru_context)
    loguru.warning("a")
    loguru.critical("b")
    assert ["'system'" in line for line in out.getvalue().splitlines()] == [False, True]


def test_loguru_serialized_has_the_context(loguru: Any) -> None:
    """In `extra`, where `serialize=True` writes it."""
    out = io.StringIO()
    loguru.configure(patcher=loguru_context)
    number = loguru.add(out, serialize=True)
    with TRACER.start_as_current_span("s") as span:
        loguru.bind(who=EMAIL).info("for {}", EMAIL)
        loguru.info("card {}", CARD)  # noqa: PLE1205 - loguru's notation
    loguru.remove(number)
    first, second = [line["record"]["extra"] for line in _lines(out)]
    assert first.pop("who") == "[REDACTED:email]"
    assert set(first) == CONTEXT
    assert first["trace_id"] == f"{span.get_span_context().trace_id:032x}"
    assert (first["discreet.security_level"], second["discreet.security_level"]) == ("confidential", "restricted")
    assert "canary" not in out.getvalue()


def test_loguru_into_a_handler_of_stdlib_writes_its_lines(loguru: Any) -> None:
    """A handler as its sink: the line has the fields of any other, and needs no patcher."""
    _json()
    out = io.StringIO()
    loguru.configure(patcher=lambda _: None)
    number = loguru.add(logging.StreamHandler(out), format=lambda _: "{message}")
    with TRACER.start_as_current_span("s") as span:
        try:
            raise ValueError(EMAIL)
        except ValueError:
            loguru.bind(who=EMAIL, n=3).exception("for {}", EMAIL)
    loguru.remove(number)
    (line,) = _lines(out)
    assert line["body"] == "for [REDACTED:email]"
    assert line["attributes"] == {"extra": {"who": "[REDACTED:email]", "n": 3}}
    assert line["exception.message"] == "[REDACTED:email]"
    assert line["trace_id"] == f"{span.get_span_context().trace_id:032x}"
    assert "canary" not in out.getvalue()


def test_context_withholds_as_the_processors_do(loguru: Any, out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails closed, and without correlation there are no ids."""
    loguru.configure(patcher=loguru_context)
    logger = _structured(out, structlog_context, structlog.processors.JSONRenderer())
    put_in_force(Policy.compiled(resolve(arguments={"log_correlation": False})[0]))
    with TRACER.start_as_current_span("s"):
        logger.info("for", who=EMAIL)
        assert "trace_id" not in _lines(out)[0]

    def broken(*_: object) -> str:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr(Redactor, "value", broken)
    logger.info("for", who=EMAIL)
    loguru.info("for {}", EMAIL)  # noqa: PLE1205 - loguru's notation
    _, structured, line = out.getvalue().splitlines()
    assert json.loads(structured) == {"event": "[discreet: withheld]", "level": "info"}
    assert line.startswith("INFO [discreet: withheld] {} ")
    assert "canary" not in out.getvalue()
