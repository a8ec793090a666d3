"""Log lines as JSON and for a terminal: the fields of the logs data model, clean, one line a record."""

from __future__ import annotations

import copy
import io
import json
import logging
import logging.handlers
import os
import queue
import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

import discreet
from discreet import guard, runtime
from discreet.guard import entries, service
from discreet.guard.entries import FIELDS, fields_of, severity_number
from discreet.guard.terminal import has_colours
from discreet.metrics.counts import COUNTS
from discreet.policy import Policy, StrictError, put_in_force, resolve
from discreet.redaction import Redactor
from tests.guard.children import run
from tests.guard.faults import Fault, faulty, forget, functions
from tests.guard.memory import CARD, EMAIL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.seams
JSON = "import os; os.environ['DISCREET_LOG_FORMAT'] = 'json'\n"


def policy(**settings: Any) -> None:
    """Put a policy in force."""
    put_in_force(Policy.compiled(resolve(arguments=settings)[0]))


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(stream: io.StringIO) -> logging.Logger:
    guard.install()
    policy(log_format="json")
    logger = logging.Logger("shop.orders", logging.DEBUG)
    logger.addHandler(logging.StreamHandler(stream))
    return logger


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Give each line as the object that it is."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def line(stream: io.StringIO) -> dict[str, Any]:
    """Give the only line."""
    (only,) = lines(stream)
    return only


def tracer(**resource: str) -> Any:
    return TracerProvider(resource=Resource(resource), shutdown_on_exit=False).get_tracer("t")


def test_a_line_has_the_fields_of_the_logs_data_model(
    logger: logging.Logger, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them, in order, under OpenTelemetry's names, and nothing else."""
    monkeypatch.setenv(
        "OTEL_RESOURCE_ATTRIBUTES", "service.version=1.2,deployment.environment.name=production,host.name=a"
    )
    monkeypatch.setenv("OTEL_SERVICE_NAME", "shop")
    extra = {"order": 7, "password": "hunter22", "otel.event.name": "order.failed", "discreet.category": "business"}
    with tracer().start_as_current_span("s") as span:
        try:
            raise ValueError(f"no {EMAIL}")
        except ValueError:
            logger.exception("order of %s", EMAIL, extra=extra)
    made = line(stream)
    context = span.get_span_context()
    stacktrace = made.pop("exception.stacktrace")
    assert stacktrace.startswith("Traceback (most recent call last):\n")
    assert stacktrace.endswith("ValueError: no [REDACTED:email]")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", made.pop("timestamp"))
    assert made == {
        "severity_text": "ERROR",
        "severity_number": 17,
        "body": "order of [REDACTED:email]",
        "logger": "shop.orders",
        "event_name": "order.failed",
        "trace_id": f"{context.trace_id:032x}",
        "span_id": f"{context.span_id:016x}",
        "trace_flags": f"{context.trace_flags:02x}",
        "discreet.category": "business",
        "discreet.security_level": "restricted",
        "service.name": "shop",
        "service.version": "1.2",
        "deployment.environment.name": "production",
        "process.pid": os.getpid(),
        "exception.type": "ValueError",
        "exception.message": "no [REDACTED:email]",
        "attributes": {"order": 7, "password": "[REDACTED:password]"},
    }
    order = list(json.loads(stream.getvalue()))
    assert order == [name for name in FIELDS if name in order]
    assert set(FIELDS) - set(order) == {"discreet.withheld"}


def test_the_smallest_line(logger: logging.Logger, stream: io.StringIO) -> None:
    """What has no value is left out."""
    logger.debug("started")
    assert set(line(stream)) == {
        "timestamp", "severity_text", "severity_number", "body", "logger", "discreet.category",
        "discreet.security_level", "service.name", "process.pid",
    }  # fmt: skip
    assert line(stream)["service.name"] == "unknown_service"


def test_the_record_is_never_changed(logger: logging.Logger, stream: io.StringIO) -> None:
    """Nor what formatters keep on it: `message` and `exc_text` stay theirs to set."""
    seen: list[tuple[logging.LogRecord, dict[str, Any]]] = []
    logger.addFilter(lambda record: not seen.append((record, copy.copy(vars(record)))))  # type: ignore[func-returns-value]
    extra = {"who": {"by": [EMAIL]}}
    try:
        raise ValueError(EMAIL)
    except ValueError:
        logger.exception("hello %s", EMAIL, extra=extra)
    record, before = seen[0]
    assert vars(record) == before
    assert extra == {"who": {"by": [EMAIL]}}
    assert "canary" not in stream.getvalue()


def test_what_is_said_as_an_object_is_redacted_by_its_keys(logger: logging.Logger, stream: io.StringIO) -> None:
    """A body may be an object, as on exported records; a text is never one."""
    logger.info({"to": EMAIL, "password": "hunter22", "count": 2})
    logger.info(["a", CARD])
    logger.info('{"password": "hunter22"}')
    assert [made["body"] for made in lines(stream)] == [
        {"to": "[REDACTED:email]", "password": "[REDACTED:password]", "count": 2},
        ["a", "[REDACTED:card]"],
        '{"password": "[REDACTED:password]"}',
    ]


@pytest.mark.parametrize(
    ("settings", "name", "extra", "category", "level"),
    [
        ({}, "app", {}, "application", "internal"),
        ({}, "app", {"to": EMAIL}, "application", "confidential"),
        ({}, "app", {"card": CARD}, "application", "restricted"),
        ({}, "app.audit", {}, "audit", "confidential"),
        ({}, "app", {"discreet.security_level": "public"}, "application", "public"),
        ({}, "app", {"user.id": "u-1"}, "application", "confidential"),
        ({"classify": [{"severity": "error", "category": "system"}]}, "app", {}, "system", "internal"),
    ],
)
def test_category_and_level_are_those_of_exported_records(  # noqa: PLR0913, PLR0917 - the columns
    settings: dict[str, Any], name: str, extra: dict[str, str], category: str, level: str, stream: io.StringIO
) -> None:
    """By the rules, raised by what was found and by what is carried."""
    from tests.guard.memory import logged

    guard.install()
    policy(log_format="json", **settings)
    from opentelemetry.instrumentation.logging.handler import LoggingHandler

    provider, kept = logged()
    logger = logging.Logger(name)
    logger.addHandler(logging.StreamHandler(stream))
    logger.addHandler(LoggingHandler(logger_provider=provider))
    logger.error("said", extra=extra)
    provider.force_flush()
    made, exported = line(stream), kept.records[0].log_record.attributes
    said = (made["discreet.category"], made["discreet.security_level"])
    assert said == (category, level) == (exported["discreet.category"], exported["discreet.security_level"])
    assert not {"discreet.category", "discreet.security_level"} & set(made.get("attributes", {}))


def test_what_the_context_says_is_a_part_of_the_line(logger: logging.Logger, stream: io.StringIO) -> None:
    """The class of a block, and whose the work is, by pseudonyms; what the record says itself wins."""
    with discreet.classify(category="business", level="restricted"), discreet.user("u-1", tenant="acme"):
        logger.info("sold")
        logger.info("sold", extra={"user.id": "u-2", "discreet.category": "audit"})
    logger.info("closed")
    first, second, third = lines(stream)
    assert (first["discreet.category"], first["discreet.security_level"]) == ("business", "restricted")
    assert set(first["attributes"]) == {"user.id", "discreet.tenant"}
    assert all(value.startswith("[PSEUDONYM:") for value in first["attributes"].values())
    assert (second["discreet.category"], second["attributes"]) == ("audit", {"user.id": "u-2"})
    assert (third["discreet.category"], third.get("attributes")) == ("application", None)


def test_severities_are_those_of_exported_records() -> None:
    """The table of OpenTelemetry's own handler, for every level that there may be."""
    try:
        from opentelemetry.instrumentation.log_utils import std_to_otel
    except ImportError:  # older
        from opentelemetry.sdk._logs._internal import std_to_otel
    assert [severity_number(level) for level in range(120)] == [std_to_otel(level).value for level in range(120)]


def test_what_json_has_no_word_for_is_written_all_the_same(logger: logging.Logger, stream: io.StringIO) -> None:
    """Numbers that are none, bytes, half surrogates, cycles, depth, objects without words: valid, and one line."""

    class Unprintable:
        def __str__(self) -> str:
            raise RuntimeError(EMAIL)

        __repr__ = __str__

    cyclic: dict[str, Any] = {}
    cyclic["self"] = cyclic
    deep: Any = 1
    for _ in range(3000):
        deep = [deep]
    odd = {
        "nan": float("nan"), "inf": [float("inf"), -float("inf")], "bytes": b"north", "binary": b"\xff\xfe",
        "half": "\ud800", "ends": "a\u2028b\x85c\nd", "cyclic": cyclic, "deep": deep, "mute": Unprintable(),
        "big": 2**80,
    }  # fmt: skip
    logger.info("a\nb\rc\u2029d", extra=odd)
    assert stream.getvalue().isascii()
    assert stream.getvalue().count("\n") == 1
    made = line(stream)
    assert made["body"] == "a\nb\rc\u2029d"
    assert made["attributes"].pop("deep")
    assert made["attributes"] == {
        "nan": "NaN", "inf": ["Infinity", "-Infinity"], "bytes": "north", "binary": "//4=", "half": "\ufffd",
        "ends": "a\u2028b\x85c\nd", "cyclic": {"self": "[WITHHELD:cycle]"}, "mute": "[WITHHELD:unprintable]",
        "big": str(2**80),
    }  # fmt: skip


def test_arguments_that_do_not_fit_are_withheld(
    logger: logging.Logger, stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line says where, and nothing goes to standard error."""
    COUNTS.reset()
    logger.info("%d visits", EMAIL)
    made = line(stream)
    assert made["body"] == "[WITHHELD:unprintable]"
    assert made["attributes"]["code.line.number"]
    assert made["attributes"]["code.file.path"].endswith("test_lines.py")
    assert capsys.readouterr().err == ""
    assert COUNTS.snapshot()["withheld"]["log", "unprintable"] == 1


def test_an_exception_without_words_and_a_stack(logger: logging.Logger, stream: io.StringIO) -> None:
    """What its class refuses to say is withheld; the stack of `stack_info` is an attribute."""

    class MuteError(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    logger.error("a", exc_info=MuteError(), stack_info=True)
    logger.error("b", exc_info=True)  # noqa: LOG014 - outside of a handler there is none
    first, second = lines(stream)
    assert first["exception.type"] == "MuteError"
    assert first["exception.message"] == "[WITHHELD:unprintable]"
    assert first["attributes"]["code.stacktrace"].startswith("Stack (most recent call last):")
    assert "exception.type" not in second


def test_a_text_of_an_exception_is_its_traceback(stream: io.StringIO) -> None:
    """A record that came from elsewhere has only that."""
    record = logging.makeLogRecord({"msg": "a", "exc_text": f"Traceback ...\nValueError: {EMAIL}"})
    assert fields_of(record)["exception.stacktrace"] == "Traceback ...\nValueError: [REDACTED:email]"


def test_ids_are_not_written_without_correlation(logger: logging.Logger, stream: io.StringIO) -> None:
    """The option `log_correlation` decides here, too."""
    policy(log_format="json", log_correlation=False)
    with tracer().start_as_current_span("s"):
        logger.info("a")
    assert "trace_id" not in line(stream)


def test_an_exception_tells_the_span_that_it_came_through(logger: logging.Logger, stream: io.StringIO) -> None:
    """A server logs what a request raised when its span is over: the line has its ids."""
    from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware

    seen: list[Any] = []

    async def app(*_: Any) -> None:
        seen.append(trace.get_current_span().get_span_context())
        raise LookupError(EMAIL)

    provider = TracerProvider(shutdown_on_exit=False)
    middleware: Any = OpenTelemetryMiddleware(app, tracer_provider=provider)
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "scheme": "http"}
    served = middleware(scope, None, None)
    try:
        served.send(None)
    except LookupError:
        assert not trace.get_current_span().get_span_context().is_valid
        logger.exception("failed")
    assert line(stream)["trace_id"] == f"{seen[0].trace_id:032x}"
    assert line(stream)["span_id"] == f"{seen[0].span_id:016x}"


def test_a_record_keeps_the_ids_that_were_put_on_it(logger: logging.Logger, stream: io.StringIO) -> None:
    """As OpenTelemetry's instrumentation of logging does; they are no attributes."""
    ids = {"otelTraceID": "a" * 32, "otelSpanID": "b" * 16, "otelTraceSampled": True, "otelServiceName": "x"}
    logger.info("a", extra=ids)
    logger.info("b", extra={**ids, "otelTraceID": "0", "otelSpanID": "0"})
    logger.info("c", extra={**ids, "otelTraceID": EMAIL})
    first, *others = lines(stream)
    assert (first["trace_id"], first["span_id"], first["trace_flags"]) == ("a" * 32, "b" * 16, "01")
    assert "attributes" not in first
    assert not [other for other in others if "trace_id" in other]


def test_a_queue_keeps_the_trace_id(stream: io.StringIO) -> None:
    """A record that another thread writes has the id of the span in which it was logged."""
    guard.install()
    policy(log_format="json")
    waiting: queue.Queue[Any] = queue.Queue()
    listener = logging.handlers.QueueListener(waiting, logging.StreamHandler(stream))
    logger = logging.Logger("shop")
    logger.addHandler(logging.handlers.QueueHandler(waiting))
    listener.start()
    with tracer().start_as_current_span("s") as span:
        logger.info("to %s\nthen", EMAIL)
    listener.stop()
    assert line(stream)["body"] == "to [REDACTED:email]\nthen"
    assert line(stream)["trace_id"] == f"{span.get_span_context().trace_id:032x}"


def test_a_trace_id_that_the_app_says_stays_where_it_is(logger: logging.Logger, stream: io.StringIO) -> None:
    """A message about another trace is a message."""
    logger.info("retry trace_id=%s", "a" * 32)
    assert line(stream)["body"] == f"retry trace_id={'a' * 32}"
    assert "trace_id" not in line(stream)


def test_uvicorns_access_log_tells_the_request(stream: io.StringIO) -> None:
    """Its arguments are attributes by the semantic conventions, each redacted by its name."""
    guard.install()
    policy(log_format="json")
    logger = logging.Logger("uvicorn.access")
    logger.addHandler(logging.StreamHandler(stream))
    form = '%s - "%s %s HTTP/%s" %d'
    logger.info(form, "81.2.69.160:4711", "GET", f"/of/{EMAIL}?token=abcdef123456&page=2", "1.1", 200)
    logger.info(form, "::1:4711", "GET", "/", "2", 200)
    logger.info("%s %s %s %s %s", *"abcde")
    logger.info("%s %s %s %s %s", 1, 2, 3, 4, 5)
    first, second, *others = lines(stream)
    assert first["attributes"] == {
        "client.address": "[REDACTED:ip_address]",
        "http.request.method": "GET",
        "url.path": "/of/[REDACTED:email]",
        "url.query": "token=[REDACTED:token]&page=2",
        "network.protocol.version": "1.1",
        "http.response.status_code": 200,
    }
    assert first["discreet.category"] == "api"
    assert second["attributes"]["client.address"] == "::1"
    assert [other["body"] for other in others] == ["a b c d e", "1 2 3 4 5"]


def test_gunicorns_access_log_tells_the_request(stream: io.StringIO) -> None:
    """Some of its atoms are attributes, and the trace id is that of the response."""
    guard.install()
    policy(log_format="json")
    logger = logging.Logger("gunicorn.access")
    logger.addHandler(logging.StreamHandler(stream))
    atoms = {
        "h": "127.0.0.1", "l": "-", "u": "-", "t": "now", "r": "GET / HTTP/1.1", "s": "200", "m": "GET", "U": "/",
        "q": "", "H": "HTTP/1.1", "B": 9, "a": "curl/8", "{authorization}i": "Bearer hunter22",
        "{traceresponse}o": f"00-{'a' * 32}-{'b' * 16}-01",
    }  # fmt: skip
    logger.info('%(h)s "%(r)s" %(s)s', atoms)
    logger.info('%(h)s "%(r)s"', {"h": "a", "r": "b"})
    first, second = lines(stream)
    assert first["attributes"] == {
        "client.address": "127.0.0.1",
        "http.request.method": "GET",
        "url.path": "/",
        "network.protocol.version": "1.1",
        "http.response.status_code": 200,
        "http.response.body.size": 9,
        "user_agent.original": "curl/8",
    }
    assert (first["trace_id"], first["span_id"]) == ("a" * 32, "b" * 16)
    assert second["body"] == 'a "b"'
    assert "hunter22" not in stream.getvalue()


def test_the_service_is_that_of_the_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider's resource wins over the variables, clean; what code gave holds where no provider was built."""
    provider = TracerProvider(
        resource=Resource({"service.name": f"of {EMAIL}", "service.version": "7"}), shutdown_on_exit=False
    )
    monkeypatch.setenv("OTEL_SERVICE_NAME", "variable")
    assert service.service() == {"service.name": "variable"}
    service.give({"service.name": "argument"})
    assert service.service() == {"service.name": "argument"}
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    assert service.service() == {"service.name": "of [REDACTED:email]", "service.version": "7"}
    runtime.reset()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: None)
    assert service.service() == {"service.name": "variable"}


def test_the_format_is_read_at_each_record(logger: logging.Logger, stream: io.StringIO) -> None:
    """A reload holds from the next line on; `app`, and `output` off, leave the app's formatter to it."""
    logger.handlers[0].setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    for settings in ({}, {"log_format": "json"}, {"log_format": "console"}, {"log_format": "json", "output": False}):
        policy(**settings)
        logger.info("to %s", EMAIL)
    app, as_json, console, alone = stream.getvalue().splitlines()
    assert app == "INFO to [REDACTED:email]"
    assert json.loads(as_json)["body"] == "to [REDACTED:email]"
    assert console.endswith("INFO  shop.orders to [REDACTED:email] class=application/confidential")
    assert alone == f"INFO to {EMAIL}"


def _file(folder: Path, _logger: logging.Logger) -> tuple[logging.Handler, Callable[[], str]]:
    return logging.FileHandler(folder / "a"), (folder / "a").read_text


def _rotating(folder: Path, _logger: logging.Logger) -> tuple[logging.Handler, Callable[[], str]]:
    return logging.handlers.TimedRotatingFileHandler(folder / "a"), (folder / "a").read_text


@pytest.mark.parametrize("make", [_file, _rotating])
def test_files_are_written_so_too(make: Any, logger: logging.Logger, tmp_path: Path) -> None:
    """Every handler that writes lines to a stream or a file."""
    handler, read = make(tmp_path, logger)
    logger.addHandler(handler)
    logger.info("to %s", EMAIL)
    handler.close()
    assert json.loads(read())["body"] == "to [REDACTED:email]"


def test_other_handlers_write_as_they_do(logger: logging.Logger) -> None:
    """What goes to syslog, by mail or through a queue is no line of a stream: the app's formatter makes it."""
    handler = logging.handlers.QueueHandler(queue.Queue())
    handler.setFormatter(logging.Formatter("own %(message)s"))
    assert handler.format(logging.makeLogRecord({"msg": EMAIL})) == "own [REDACTED:email]"


def _broken(*_: object) -> str:
    raise RuntimeError(EMAIL)


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_failing_redactor_withholds_the_line(
    form: str, logger: logging.Logger, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails closed: time, severity and logger are written, and it is counted."""
    COUNTS.reset()
    policy(log_format=form)
    monkeypatch.setattr(Redactor, "value", _broken)
    logger.info("hello %s", EMAIL)
    assert COUNTS.snapshot()["withheld"]["log", "redaction_failed"] == 1
    if form == "console":
        assert stream.getvalue().endswith("INFO  shop.orders [discreet: withheld] class=application/restricted\n")
        return
    made = line(stream)
    assert made.pop("timestamp")
    assert made == {
        "severity_text": "INFO",
        "severity_number": 9,
        "body": "[discreet: withheld]",
        "logger": "shop.orders",
        "discreet.category": "application",
        "discreet.security_level": "restricted",
        "discreet.withheld": True,
    }


def test_a_strict_policy_raises(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    """As everywhere: what cannot be redacted is raised to who calls the handler's `format`."""
    guard.install()
    policy(log_format="json", strict=True)
    monkeypatch.setattr(Redactor, "value", _broken)
    with pytest.raises(StrictError):
        logging.StreamHandler(stream).format(logging.makeLogRecord({"msg": EMAIL}))


OF_THE_FORM = {
    "discreet.policy.compiled.current": "nobody can say which form it is",
    "discreet.guard.lines.json_line": "it is what writes the form",
}
"""Where one of these fails, a line of text is left."""


def test_a_fault_of_ours_costs_the_record_and_not_the_form(logger: logging.Logger, stream: io.StringIO) -> None:
    """Each function of ours failing: nothing is raised, nothing raw is written, and each line is a JSON object."""
    wrong: dict[str, str] = {}
    called = 0
    for name, function in functions().items():
        forget()
        stream.truncate(stream.seek(0))
        with faulty(function, Fault()) as fault:
            try:
                raise ValueError(EMAIL)
            except ValueError:
                try:
                    logger.exception("order of %s", EMAIL, extra={"who": {"card": CARD}})
                except Exception as error:
                    wrong[name] = f"raised {type(error).__name__}"
        called += bool(fault.calls)
        written = stream.getvalue()
        if "canary" in written or CARD in written:
            wrong[name] = "leaked"
        elif name not in OF_THE_FORM:
            try:
                json.loads(written)
            except ValueError:
                wrong[name] = f"no JSON: {written!r}"
    assert wrong == {}
    assert called > 40


def test_no_record_at_all_is_too_odd() -> None:
    """A record that lacks what records have is withheld, and what is no text in it is not asked for its words."""
    guard.install()
    policy(log_format="json")
    handler = logging.StreamHandler(io.StringIO())
    bare = logging.makeLogRecord({})
    for name in ("created", "levelname", "levelno", "name", "msg", "args", "exc_info", "process"):
        for odd in (object(), float("nan"), None, [EMAIL], "\ud800", 10**30):
            record = copy.copy(bare)
            setattr(record, name, odd)
            assert "canary" not in handler.format(record)
            assert json.loads(handler.format(record))
        record = copy.copy(bare)
        delattr(record, name)
        assert json.loads(handler.format(record))
    assert set(entries.skeleton(bare)) <= set(FIELDS)


def test_redaction_that_logs_does_not_recurse(
    logger: logging.Logger, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A detector that logs from within is written once more, then withheld."""
    looked_at = Redactor.value

    def logging_value(self: Redactor, *args: Any) -> Any:
        logger.info("within %s", EMAIL)
        return looked_at(self, *args)

    monkeypatch.setattr(Redactor, "value", logging_value)
    logger.info("hello %s", EMAIL)
    bodies = {made["body"] for made in lines(stream)}
    assert bodies == {"[discreet: withheld]", "within [REDACTED:email]", "hello [REDACTED:email]"}


def test_threads_write_whole_lines(logger: logging.Logger, stream: io.StringIO) -> None:
    """Eight at once."""

    def say() -> None:
        for number in range(100):
            logger.info("order %d of %s", number, EMAIL, extra={"n": number})

    threads = [threading.Thread(target=say) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lines(stream)) == 800


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream_of", "variables", "coloured"),
    [
        (Terminal, {}, True),
        (io.StringIO, {}, False),
        (Terminal, {"NO_COLOR": "1"}, False),
        (Terminal, {"NO_COLOR": ""}, True),
        (Terminal, {"TERM": "dumb"}, False),
        (object, {}, False),
    ],
)
def test_only_a_terminal_gets_colours(
    stream_of: Any, variables: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not where NO_COLOR is set, which counts unless it is empty (no-color.org)."""
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert has_colours(stream_of()) is coloured


def test_a_line_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time, severity, logger, message, fields, class where it is not the usual, trace id; tracebacks are indented."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    guard.install()
    policy(log_format="console")
    plain, terminal = io.StringIO(), Terminal()
    logger = logging.Logger("shop.orders")
    logger.addHandler(logging.StreamHandler(plain))
    logger.addHandler(logging.StreamHandler(terminal))
    with tracer().start_as_current_span("s") as span:
        try:
            raise ValueError(EMAIL)
        except ValueError:
            logger.exception("one\ntwo \x1b[2J\u202e %s", EMAIL, extra={"n": 3})
    trace_id = f"{span.get_span_context().trace_id:032x}"
    first, second, *more = plain.getvalue().splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} ERROR shop\.orders one", first)
    assert second == (rf"    two \x1b[2J\u202e [REDACTED:email] n=3 class=application/confidential trace_id={trace_id}")
    assert more[0] == "    Traceback (most recent call last):"
    assert more[-1] == "    ValueError: [REDACTED:email]"
    assert "\x1b[31mERROR\x1b[0m" in terminal.getvalue()
    assert re.sub(r"\x1b\[\d+m", "", terminal.getvalue()) == plain.getvalue()


def test_an_access_log_on_a_terminal_says_the_request_once(stream: io.StringIO) -> None:
    """Its body is what its attributes are."""
    guard.install()
    policy(log_format="console")
    logger = logging.Logger("uvicorn.access")
    logger.addHandler(logging.StreamHandler(stream))
    logger.info('%s - "%s %s HTTP/%s" %d', "127.0.0.1:1", "GET", "/", "1.1", 200)
    assert "url.path" not in stream.getvalue()


UNCAUGHT = {
    "an exception that nobody caught": ("raise ValueError(EMAIL)", 1, "sys.excepthook", "Uncaught exception", 21),
    "one in a thread": (
        "import threading\nt = threading.Thread(target=lambda: {}[EMAIL], name='T')\nt.start(); t.join()",
        0, "threading.excepthook", "Exception in thread T", 17,
    ),
    "one in __del__": (
        """
        class A:
            def __del__(self):
                raise ValueError(EMAIL)
        A()
        """,
        0, "sys.unraisablehook", "Exception ignored in: <function A.__del__", 17,
    ),
    "a line of the last resort": (
        "import logging; logging.getLogger('a').error('to %s', EMAIL)", 0, "a", "to [REDACTED:email]", 17
    ),
    "a warning that logging captures": (
        "import logging, warnings\nlogging.basicConfig(); logging.captureWarnings(True); warnings.warn(EMAIL)",
        0, "py.warnings", "<string>", 13,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("program", "code", "logger", "body", "number"), UNCAUGHT.values(), ids=UNCAUGHT)
def test_what_the_interpreter_prints_is_a_line(program: str, code: int, logger: str, body: str, number: int) -> None:
    """The hooks that are guarded, the last resort and captured warnings: one JSON object each, and nothing else."""
    done = run(program, before=JSON)
    made = json.loads(done.stderr)
    assert (done.returncode, made["logger"], made["severity_number"]) == (code, logger, number)
    assert made["body"].startswith(body)
    assert "canary" not in done.stderr
    assert "email" in done.stderr


def test_a_thread_that_exits_prints_nothing() -> None:
    """SystemExit ends a thread quietly, as without us; a logging error of a broken stream is one line, too."""
    program = """
        import logging, sys, threading
        thread = threading.Thread(target=sys.exit)
        thread.start(); thread.join()
        class Full:
            def write(self, text):
                raise OSError(EMAIL)
        logger = logging.getLogger("a")
        logger.addHandler(logging.StreamHandler(Full()))
        logger.warning("to %s", EMAIL)
    """
    done = run(program, before=JSON)
    made = json.loads(done.stderr)
    assert (made["discreet.withheld"], made["exception.type"]) == (True, "OSError")
    assert "canary" not in done.stderr
