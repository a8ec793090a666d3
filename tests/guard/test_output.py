"""Text that stdlib logging writes: redacted on output, the record untouched."""

from __future__ import annotations

import io
import logging

import pytest
from opentelemetry.sdk.trace import TracerProvider

from discreet import guard
from discreet.policy import Policy, put_in_force, resolve
from discreet.redaction import Redactor
from tests.guard.memory import EMAIL

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
