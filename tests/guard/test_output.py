"""Text that stdlib logging writes: redacted on output, the record untouched."""

from __future__ import annotations

import copy
import io
import logging
import logging.handlers
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.trace import TracerProvider

from discreet import guard
from discreet.policy import Policy, put_in_force, resolve
from discreet.redaction import Redactor
from tests.guard.children import bare, run
from tests.guard.memory import CARD, EMAIL
from tests.guard.sinks import SINKS, OverriddenEmit

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.seams


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def logger(stream: io.StringIO) -> logging.Logger:
    guard.install()
    logger = logging.Logger("clinic", logging.INFO)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s %(who)s", defaults={"who": "-"}))
    logger.addHandler(handler)
    return logger


def test_lines_are_redacted_and_records_are_not_changed(logger: logging.Logger, stream: io.StringIO) -> None:
    """Message, extra fields and traceback come out clean; the record keeps what the app put in."""
    records: list[logging.LogRecord] = []
    logger.addFilter(lambda record: not records.append(record))  # type: ignore[func-returns-value]
    try:
        raise ValueError(EMAIL)
    except ValueError:
        logger.exception("hello %s", EMAIL, extra={"who": EMAIL})
    assert "canary" not in stream.getvalue()
    assert "ValueError: [REDACTED:email]" in stream.getvalue()
    assert records[0].args == (EMAIL,)


def test_lines_within_a_span_carry_the_trace_id(logger: logging.Logger, stream: io.StringIO) -> None:
    """The correlation id is in the app's own log lines, and only within a span."""
    logger.info("before")
    with TracerProvider(shutdown_on_exit=False).get_tracer("t").start_as_current_span("s") as span:
        logger.info("within")
    lines = stream.getvalue().splitlines()
    assert "trace_id" not in lines[0]
    assert lines[1].endswith(f" trace_id={span.get_span_context().trace_id:032x}")


def test_a_record_that_cannot_be_formatted_is_not_quoted(
    logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    """Arguments that do not fit the message are withheld from the standard library's complaint."""
    logger.info("%d visits", EMAIL)
    assert "canary" not in capsys.readouterr().err


def test_a_failing_redactor_withholds_the_line(
    logger: logging.Logger, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails closed: level and logger are written, and nothing of the message."""

    def broken(*_: object) -> str:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr(Redactor, "text", broken)
    logger.info("hello %s", EMAIL)
    assert stream.getvalue() == "INFO clinic [discreet: withheld]\n"


def test_output_can_be_left_alone(logger: logging.Logger, stream: io.StringIO) -> None:
    """The option `output` decides; what is exported is redacted all the same."""
    put_in_force(Policy.compiled(resolve(arguments={"output": False})[0]))
    logger.info("hello %s", EMAIL)
    assert EMAIL in stream.getvalue()


@pytest.mark.parametrize("sink", SINKS, ids=lambda sink: sink.__name__)
def test_nothing_private_leaves_through_any_handler(sink: Any, tmp_path: Path) -> None:
    """Message, arguments, extra fields, nested too, and traceback come out clean; the record keeps what it held."""
    guard.install()
    logger, seen = logging.Logger("clinic", logging.INFO), list[tuple[logging.LogRecord, dict[str, Any]]]()
    logger.addFilter(lambda record: not seen.append((record, copy.copy(vars(record)))))  # type: ignore[func-returns-value]
    extra = {"who": {"by": [EMAIL]}, "password": "hunter22", "number": 7}
    with sink(tmp_path) as (handler, read):
        logger.addHandler(handler)
        logger.info("hello %s at %d", EMAIL, 8, extra=extra)
        logger.info("card=%s", CARD, extra=extra)
        logger.info("nothing at all", extra={"who": "someone"})
        try:
            raise ValueError(EMAIL)
        except ValueError:
            logger.exception("failed", extra=extra)
        written = read()
    assert "canary" not in written
    assert CARD not in written
    assert "hello [REDACTED:email] at 8" in written or "REDACTED:email" in written
    assert "nothing at all" in written
    for record, before in seen:
        now = {name: vars(record)[name] for name in before}
        assert {**now, "exc_text": None} == {
            **before,
            "exc_text": None,
        }  # a formatter keeps the text there
    assert extra == {"who": {"by": [EMAIL]}, "password": "hunter22", "number": 7}


@pytest.mark.parametrize("sink", SINKS, ids=lambda sink: sink.__name__)
def test_a_failing_redactor_withholds_it_from_every_handler(
    sink: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails closed everywhere, and the app does not see it."""

    def broken(*_: object) -> str:
        raise RuntimeError(EMAIL)

    guard.install()
    logger = logging.Logger("clinic", logging.INFO)
    with sink(tmp_path) as (handler, read):
        logger.addHandler(handler)
        logger.info("to be there", extra={"who": "someone"})
        monkeypatch.setattr(Redactor, "text", broken)
        monkeypatch.setattr(Redactor, "value", broken)
        logger.info("hello %s", EMAIL, extra={"who": EMAIL})
        written = read()
    assert "canary" not in written
    assert "withheld" in written or "there" in written


def test_a_handler_of_the_apps_own_gets_its_record_where_nothing_is_in_it(stream: io.StringIO) -> None:
    """The very object, exception and all: only what is private is taken away."""
    guard.install()
    seen: list[logging.LogRecord] = []
    handler = OverriddenEmit(lambda record: str(seen.append(record)))  # type: ignore[func-returns-value]
    error = ZeroDivisionError("none")
    given = logging.makeLogRecord({"msg": "a %s", "args": ("b",), "exc_info": (ZeroDivisionError, error, None)})
    handler.handle(given)
    assert seen == [given]
    assert seen[0] is given


def test_a_handler_of_the_apps_own_may_raise_as_before() -> None:
    """What a handler raises on purpose reaches the caller; what only our copy makes it raise does not."""
    guard.install()

    def strict(record: logging.LogRecord) -> str:
        who, number = record.args  # type: ignore[misc]
        return f"{who}{number}"

    handler = OverriddenEmit(strict)
    with pytest.raises(ValueError, match="unpack"):
        handler.handle(logging.makeLogRecord({"msg": "a", "args": ("one",)}))
    handler.handle(logging.makeLogRecord({"msg": "password=%s %s", "args": ("hunter22", "b")}))
    assert "hunter22" not in handler.stream.getvalue()


def test_filters_still_change_the_apps_record() -> None:
    """What a handler's filter adds stays on the record, for the handlers after it."""
    guard.install()
    handler = OverriddenEmit(lambda record: vars(record)["request"])
    handler.addFilter(lambda record: vars(record).setdefault("request", EMAIL) is EMAIL)
    record = logging.makeLogRecord({"msg": "a"})
    assert handler.handle(record)
    assert vars(record)["request"] == EMAIL
    assert handler.stream.getvalue() == "[REDACTED:email]\n"
    handler.addFilter(lambda _: False)
    assert not handler.handle(record)
    assert handler.stream.getvalue() == "[REDACTED:email]\n"


def test_objects_are_sent_as_their_text() -> None:
    """No object rides along in a pickled record, where its receiver could read what its text does not show."""

    class Patient:
        def __init__(self) -> None:
            self.email = EMAIL

        def __str__(self) -> str:
            return "patient 7"

    guard.install()
    record = logging.makeLogRecord({"msg": "seen %s", "args": (Patient(),), "who": Patient()})
    sent = pickle.loads(logging.handlers.SocketHandler("127.0.0.1", 1).makePickle(record)[4:])
    assert sent["who"] == "patient 7"
    assert sent["msg"] == "seen patient 7"


def test_handlers_are_left_alone_with_output_off() -> None:
    """The option `output` holds for handlers that write by themselves and for those that send, too."""
    guard.install()
    put_in_force(Policy.compiled(resolve(arguments={"output": False})[0]))
    handler = OverriddenEmit(logging.LogRecord.getMessage)
    handler.handle(logging.makeLogRecord({"msg": EMAIL}))
    assert handler.stream.getvalue() == f"{EMAIL}\n"
    sent = logging.handlers.SocketHandler("127.0.0.1", 1).makePickle(logging.makeLogRecord({"msg": EMAIL}))
    assert EMAIL.encode() in sent


def test_redaction_that_logs_does_not_recurse(
    logger: logging.Logger, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A detector that logs from within is written once more, then withheld; a handler of the app's own, as well."""
    looked_at = Redactor.text
    own = OverriddenEmit(logging.LogRecord.getMessage)
    logger.addHandler(own)

    def logging_text(self: Redactor, value: str, found: set[str]) -> str:
        logger.info("within %s", EMAIL)
        return looked_at(self, value, found)

    monkeypatch.setattr(Redactor, "text", logging_text)
    logger.info("hello %s", EMAIL)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "INFO clinic [discreet: withheld]"
    assert "INFO hello [REDACTED:email] -" in lines
    assert "canary" not in stream.getvalue() + own.stream.getvalue()


def test_a_formatter_that_logs_does_not_hang(logger: logging.Logger, stream: io.StringIO) -> None:
    """An argument whose text logs: both lines are written, both clean."""

    class Talkative:
        def __str__(self) -> str:
            logger.info("within %s", EMAIL)
            return EMAIL

    logger.info("hello %s", Talkative())
    assert stream.getvalue().splitlines() == [
        "INFO within [REDACTED:email] -",
        "INFO hello [REDACTED:email] -",
    ]


CHILDREN = {
    "the last resort": "import logging; logging.warning('hello %s', EMAIL); logging.getLogger('a').error(EMAIL)",
    "arguments that do not fit": "import logging; logging.basicConfig(); logging.warning('%d', EMAIL)",
    "a signal handler that logs while lines are redacted": """
        import logging, signal
        logging.basicConfig(level=20)
        rounds = []
        def tick(*_):
            rounds.append(1)
            logging.info("tick %s", EMAIL)
            signal.setitimer(signal.ITIMER_REAL, 0.001)
        signal.signal(signal.SIGALRM, tick)
        signal.setitimer(signal.ITIMER_REAL, 0.001)
        number = 0
        while len(rounds) < 50:
            logging.info("line %d %s", (number := number + 1), EMAIL)
        signal.setitimer(signal.ITIMER_REAL, 0)
    """,
    "an asyncio task that nobody awaits": """
        import asyncio
        async def failing():
            raise ValueError(EMAIL)
        async def main():
            task = asyncio.create_task(failing(), name=EMAIL)
            await asyncio.sleep(0)
            asyncio.get_running_loop().call_soon(lambda: {}[EMAIL])
            await asyncio.sleep(0.01)
        asyncio.run(main(), debug=True)
    """,
}


@pytest.mark.parametrize("program", CHILDREN.values(), ids=CHILDREN)
def test_a_real_process_prints_nothing_private(program: str) -> None:
    """Standard error of a process, by the standard library alone: with the guard it is clean, without it is not."""
    guarded, stock = run(program), bare(program)
    assert "canary" in stock.stderr
    assert "canary" not in guarded.stderr + guarded.stdout
    assert guarded.stderr
    assert guarded.returncode == stock.returncode == 0
