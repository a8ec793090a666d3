"""What a process sends that uses every helper, byte for byte: nothing private is in it."""

from __future__ import annotations

import subprocess
import sys

from discreet.testing import OtlpReceiver

APP = """
import asyncio, logging, sys
import discreet

EMAIL, CARD = "zoe.canary@example.org", "4111111111111111"

class ShopError(Exception):
    pass

@discreet.timed("checkout", by=EMAIL, attributes={CARD: CARD})
async def check_out():
    discreet.event("order.placed", body={"for": [EMAIL]}, attributes={EMAIL: CARD, "card": int(CARD)})
    discreet.security("login", outcome="denied", by=EMAIL, attributes={"why": "password=hunter2canary"})
    raise ShopError(f"no tea for {EMAIL}") from KeyError(CARD)

discreet.event("too.early", by=EMAIL)
discreet.configure(endpoint=sys.argv[1], protocol="http/protobuf", instrument=["logging"], service_name="shop")
from opentelemetry import trace

with trace.get_tracer("shop").start_as_current_span("request"):
    with discreet.timed("whole", span=True, by=EMAIL):
        try:
            asyncio.run(check_out())
        except ShopError as error:
            trace.get_current_span().record_exception(error)
            logging.getLogger("shop").exception("for %s", EMAIL)
(group,) = discreet.error_groups() or [None] if trace.get_tracer_provider().force_flush() else [None]
print(group and (group.type, group.count))
"""


def test_nothing_private_leaves_by_any_helper() -> None:
    """Over OTLP, in every signal; and what may leave arrives."""
    with OtlpReceiver() as receiver:
        done = subprocess.run(
            [sys.executable, "-c", APP, receiver.endpoint], capture_output=True, text=True, timeout=60, check=True
        )
        logs, spans, metrics = receiver.logs(), receiver.spans(), receiver.metrics()
        for secret in ("canary", "4111111111111111"):
            assert not receiver.contains(secret)
            assert secret not in done.stdout + done.stderr
    by_name = {log.record.event_name: log for log in logs}
    assert by_name.keys() == {"order.placed", "security.login", ""}
    classes = {
        name: (log.attributes["discreet.category"], log.attributes["discreet.security_level"], log.record.severity_text)
        for name, log in by_name.items()
    }
    assert classes == {
        "order.placed": ("business", "restricted", "INFO"),
        "security.login": ("security", "restricted", "WARN"),
        "": ("application", "restricted", "ERROR"),
    }
    whole, request = spans
    assert {log.trace_id for log in logs} == {request.trace_id}
    assert [event.name for event in whole.record.events] == ["discreet.timed", "exception"]
    assert whole.attributes["discreet.category"] == "performance"
    codes = {
        attribute.value.string_value
        for event in whole.record.events
        for attribute in event.attributes
        if attribute.key == "discreet.error.fingerprint"
    }
    assert codes == {by_name[""].attributes["discreet.error.fingerprint"]}
    (series,) = next(metric for metric in metrics if metric.name == "checkout.duration").series
    assert series == {"by": "[REDACTED:email]", "[REDACTED:card]": "[REDACTED:card]", "error.type": "ShopError"}
    counted = {
        series["error.type"]: point.as_int  # type: ignore[union-attr]
        for metric in metrics
        if metric.name == "discreet.errors"
        for series, point in zip(metric.series, metric.points, strict=True)
    }
    assert counted == {"ShopError": 1, "_OTHER": 0}
    assert done.stdout == "('ShopError', 1)\n"
