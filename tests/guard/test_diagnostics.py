"""What OpenTelemetry itself logs quotes nothing, and does not flood."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from opentelemetry import baggage
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.sdk.resources import OTELResourceDetector
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import TraceState
from opentelemetry.util.re import parse_env_headers

from discreet import guard
from discreet.guard.diagnostics import RULES
from tests.guard.memory import EMAIL, measured

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.seams

SECRET = "hunter2-canary"


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()


def _attribute_key() -> None:
    TracerProvider(shutdown_on_exit=False).get_tracer("t").start_span("s").set_attribute("", SECRET)


def _callback() -> None:
    def broken(_options: object) -> list[object]:
        raise ValueError(SECRET)

    provider, reader = measured()
    provider.get_meter("t").create_observable_gauge("g", [broken])  # type: ignore[list-item]
    reader.get_metrics_data()


def _resource(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", SECRET)
    OTELResourceDetector().detect()


PROVOKED: dict[str, Callable[[], object]] = {
    "headers": lambda: parse_env_headers(f"api-key: {SECRET}", liberal=True),
    "headers, strict": lambda: parse_env_headers(f"api-key: {SECRET}"),
    "attribute key": _attribute_key,
    "trace state member": lambda: TraceState([("vendor", f"{SECRET}={EMAIL}")]),
    "baggage entry": lambda: W3CBaggagePropagator().extract({"baggage": f"{SECRET};;=,=x"}),
    "baggage key": lambda: baggage.set_baggage(f"{SECRET} ()", EMAIL),
    "callback": _callback,
}


@pytest.mark.parametrize("case", PROVOKED)
def test_a_complaint_quotes_nothing(case: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever OpenTelemetry complains about, the value is in no record that it logs."""
    with caplog.at_level(logging.DEBUG):
        PROVOKED[case]()
    said = " ".join(f"{record.getMessage()} {record.exc_info} {record.exc_text}" for record in caplog.records)
    assert "canary" not in said


def test_a_bad_resource_pair_is_not_quoted(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """A pair that cannot be read is said without its text."""
    _resource(monkeypatch)
    assert "canary" not in caplog.text
    assert "[WITHHELD]" in caplog.text


def test_failing_exports_are_said_once(caplog: pytest.LogCaptureFixture) -> None:
    """Three exporters that fail again and again make one line, with the remedy."""
    exporters = [rule.logger for rule in RULES if "otlp.proto.http" in rule.logger and rule.remedy]
    for _ in range(5):
        for name in exporters:
            logging.getLogger(name).warning("Transient error %s, url: %s", "refused", f"http://x/?token={SECRET}")
    assert len(caplog.records) == 1
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in caplog.text
    assert "canary" not in caplog.text


def test_a_filter_that_fails_withholds(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Fails closed, and nothing reaches the logging call."""
    monkeypatch.setattr("discreet.guard.diagnostics.Withholding._filter", lambda *_: 1 / 0)
    logging.getLogger("opentelemetry.attributes").warning("about %s", SECRET)
    assert caplog.records[0].getMessage() == "[discreet: withheld]"
