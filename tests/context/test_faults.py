"""Where code of ours fails, the record goes without, that is counted, and the app sees nothing of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import propagate
from opentelemetry.trace import SpanKind

import discreet
from discreet.context import belonging, bound, identity
from discreet.guard import belonging as of_guard
from discreet.guard import propagation
from discreet.metrics.counts import COUNTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.context.conftest import Telemetry

pytestmark = pytest.mark.seams
PLACES: list[tuple[Any, str]] = [
    (bound.Binding, "_within"),
    (bound.Binding, "_entry"),
    (identity, "request_of"),
    (identity, "pseudonymize"),
    (belonging, "of_log"),
    (belonging, "of_span"),
    (belonging, "baggage_in"),
    (of_guard, "baggage_in"),
    (of_guard, "put_on"),
    (of_guard, "request_of_span"),
    (of_guard, "shallow"),
    (propagation, "with_waiting"),
    (propagation, "with_request_ids"),
]


def failed() -> int:
    """Give how often something of ours failed."""
    withheld = COUNTS.snapshot()["withheld"]
    return withheld["attributes", "guard_failed"] + withheld["headers", "guard_failed"]


@pytest.mark.parametrize(
    ("owner", "name"), [pytest.param(*place, id=f"{place[0].__name__}.{place[1]}") for place in PLACES]
)
def test_a_fault_of_ours_costs_what_it_was_about(
    owner: Any, name: str, telemetry: Telemetry, log: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spans and log records leave all the same."""
    before = failed()

    def fail(*_: Any, **__: Any) -> Any:
        raise OSError

    @discreet.classify(category="audit")
    def steps() -> Iterator[int]:
        log.info("generator")
        yield 1

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, fail)
        extracted = propagate.extract({"x-request-id": "r"})
        with telemetry.span("server", context=extracted, kind=SpanKind.SERVER):
            discreet.user("zoe")
            with discreet.user("max"), discreet.classify(level="public"), telemetry.span("within"):
                log.info("within")
            assert list(steps()) == [1]
    assert set(telemetry.spans()) == {"server", "within"}
    assert set(telemetry.logs()) == {"within", "generator"}
    assert failed() > before
