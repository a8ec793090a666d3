"""Events of business and security: what leaves, what is refused, and that values never raise."""

from __future__ import annotations

import decimal
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry._logs import SeverityNumber

import discreet
from discreet import guard
from discreet.metrics import COUNTS
from tests.events.recording import Recorded, recorded
from tests.guard.memory import CARD, EMAIL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.seams


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorded]:
    guard.install()
    COUNTS.reset()
    yield recorded(monkeypatch)
    COUNTS.reset()


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no words")

    __repr__ = __str__


def test_an_event_of_the_business(out: Recorded) -> None:
    """It is an OpenTelemetry event of category business, in the current trace, with the attributes as they are."""
    with out.span() as span:
        discreet.event(
            "order.placed", items=3, name="a name", first_name="Zoe", body="placed", attributes={"order.id": "A-17"}
        )
    record = out.one_log()
    assert (record.event_name, record.body) == ("order.placed", "placed")
    assert (record.severity_number, record.severity_text) == (SeverityNumber.INFO, "INFO")
    assert record.trace_id == span.get_span_context().trace_id
    assert record.span_id == span.get_span_context().span_id
    assert record.timestamp > 10**18
    assert dict(record.attributes) == {
        "order.id": "A-17",
        "items": 3,
        "name": "a name",
        "first_name": "[REDACTED:name]",
        "discreet.category": "business",
        "discreet.security_level": "confidential",
    }
    assert out.logs.records[0].instrumentation_scope.name == "discreet.business"


def test_what_is_private_is_redacted_and_raises_the_level(out: Recorded) -> None:
    """In body, attributes, keys and depth, as in any other record."""
    discreet.event("order.paid", body={"to": [EMAIL]}, by=EMAIL, attributes={EMAIL: {"deep": [CARD]}, "n": int(CARD)})
    record = out.one_log()
    assert EMAIL not in repr(vars(record))
    assert CARD not in repr(vars(record))
    assert record.attributes["discreet.security_level"] == "restricted"
    assert COUNTS.snapshot()["processed"]["log", "business", "restricted"] == 1


@pytest.mark.parametrize(
    ("severity", "number"),
    [("warn", 13), ("ERROR", 17), ("trace", 1), (SeverityNumber.INFO2, 10)],
)
def test_severity_is_a_word_or_a_number_of_opentelemetry(out: Recorded, severity: Any, number: int) -> None:
    """The words are those of the configuration's rules."""
    discreet.event("order.placed", severity=severity)
    record = out.one_log()
    assert record.severity_number.value == number
    assert record.severity_text == SeverityNumber(number).name


def test_a_security_event(out: Recorded) -> None:
    """Its name gets the prefix, its level is confidential, and it is counted as such."""
    discreet.security("login.failed", outcome="failure", attributes={"user.id": "u-7"})
    record = out.one_log()
    assert record.event_name == "security.login.failed"
    assert dict(record.attributes) == {
        "user.id": "u-7",
        "security.outcome": "failure",
        "discreet.category": "security",
        "discreet.security_level": "confidential",
    }
    assert out.logs.records[0].instrumentation_scope.name == "discreet.security"
    assert COUNTS.snapshot()["processed"]["log", "security", "confidential"] == 1


@pytest.mark.parametrize(
    ("outcome", "severity", "number"),
    [
        ("success", None, 9), ("failure", None, 13), ("DENIED", None, 13), (None, None, 9), ("odd", None, 9),
        (7, None, 9), (Unprintable(), None, 9), ("failure", "error", 17), ("success", "warn", 13),
    ],
)  # fmt: skip
def test_failure_and_denial_are_warned_of(out: Recorded, outcome: Any, severity: Any, number: int) -> None:
    """Unless the caller says how severe it is."""
    discreet.security("login", outcome=outcome, severity=severity)
    assert out.one_log().severity_number.value == number


@pytest.mark.parametrize(
    ("said", "level"),
    [("public", "confidential"), ("Restricted", "restricted"), ("nonsense", "confidential"), (4, "confidential")],
)
def test_the_level_of_a_security_event_is_confidential_at_least(out: Recorded, said: Any, level: str) -> None:
    """Who says less is not heard, who says more is."""
    discreet.security("security.key.rotated", attributes={"discreet.security_level": said})
    record = out.one_log()
    assert record.event_name == "security.key.rotated"
    assert record.attributes["discreet.security_level"] == level


def test_nobody_passes_an_event_for_another_category(out: Recorded) -> None:
    """The helper says the category; what an attribute says of it does not count."""
    discreet.event("order.placed", attributes={"discreet.category": "audit"})
    discreet.security("login", attributes={"discreet.category": "application"})
    assert [record.attributes["discreet.category"] for record in out.log_records()] == ["business", "security"]


HELPERS = (discreet.event, discreet.security)
BAD_NAMES: tuple[Any, ...] = (
    "Order.placed", "order placed", "order..placed", ".order", "order.", "order.zoe@example.org", "1.order", "", 7,
    None, ["order"], "a." * 100 + "b", "order.placed\n",
)  # fmt: skip


@pytest.mark.parametrize("helper", HELPERS)
@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_is_none_is_refused(helper: Callable[..., None], name: Any) -> None:
    """The error gives rule and remedy, and not what was given; also where no provider would have taken the event."""
    with pytest.raises(ValueError, match="lower-case words") as caught:
        helper(name)
    assert "order.placed;" in str(caught.value)
    assert "zoe" not in str(caught.value)


@pytest.mark.parametrize("helper", HELPERS)
@pytest.mark.parametrize("severity", ["loud", 17, "zoe@example.org"])
def test_a_severity_that_is_none_is_refused(helper: Callable[..., None], severity: Any) -> None:
    """The error names those that there are."""
    with pytest.raises(ValueError, match="trace, debug, info, warn, error, fatal") as caught:
        helper("order.placed", severity=severity)
    assert "zoe" not in str(caught.value)


def _odd_values() -> list[Any]:
    cyclic: list[Any] = []
    cyclic.append(cyclic)
    deep: Any = "bottom"
    for _ in range(300):
        deep = [deep]
    return [Unprintable(), cyclic, deep, object(), float("nan"), "\ud800", b"\xff", 2**80, {1: {2: Unprintable()}}, ...]


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "without the guard"])
def test_values_never_raise(monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """Anything is taken as a body, as an attribute and as its key, with the guard and without."""
    if guarded:
        guard.install()
    out = recorded(monkeypatch)
    values = _odd_values()
    for value in values:
        discreet.event("order.placed", body=value, value=value)
        discreet.security("login", outcome=value, body=value, attributes=_keyed(value))
    if guarded:
        assert len(out.log_records()) == 2 * len(values)


def _keyed(value: Any) -> dict[Any, Any]:
    """Give the value under itself, where it can be a key."""
    try:
        return {value: value}
    except TypeError:
        return {7: value}


def test_values_that_opentelemetry_does_not_know_are_texts(out: Recorded, caplog: pytest.LogCaptureFixture) -> None:
    """As they would be in the SDK, which warns of each; nothing is logged here."""
    number, some_id = decimal.Decimal("12.50"), uuid.uuid5(uuid.NAMESPACE_DNS, "example.org")
    discreet.event("order.placed", total=number, attributes={"order.key": some_id, "tags": {"a"}, "nested": [number]})
    attributes = out.one_log().attributes
    assert attributes["total"] == "12.50"
    assert attributes["order.key"] == str(some_id)
    assert list(attributes["tags"]) == ["a"]
    assert list(attributes["nested"]) == ["12.50"]
    assert not caplog.records


def test_a_processor_that_raises_is_nothing_to_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard too, which contains it otherwise; what is lost is counted."""
    out = recorded(monkeypatch)
    COUNTS.reset()

    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(out.logger_provider._multi_log_record_processor, "on_emit", fail)
    discreet.event("order.placed")
    assert COUNTS.snapshot()["withheld"]["log", "dropped"] == 1
    COUNTS.reset()


def test_what_the_caller_gave_is_not_changed(out: Recorded) -> None:
    """Attributes and body are copied."""
    given = {"by": EMAIL, "all": [EMAIL]}
    discreet.security("login", outcome="failure", body=given, attributes=given)
    assert out.log_records()
    assert given == {"by": EMAIL, "all": [EMAIL]}


def test_without_a_provider_nothing_happens() -> None:
    """The API's stand-in takes events and forgets them."""
    discreet.event("order.placed", items=3)
    discreet.security("login.failed", outcome="failure")
