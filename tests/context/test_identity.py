"""`discreet.user`: whom records belong to, as pseudonyms, for a block or for a request."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from opentelemetry._logs import LogRecord
from opentelemetry.trace import SpanKind

import discreet
from discreet.context import identity
from discreet.policy import Policy, current, put_in_force, resolve
from discreet.redaction import is_marker, pseudonymize
from tests.context.conftest import enforce

if TYPE_CHECKING:
    from tests.context.conftest import Telemetry

pytestmark = pytest.mark.seams


def token(person: str, kind: str = "person_id") -> str:
    """Give the pseudonym of an id by the key of the tests."""
    key = current().pseudonym_key
    assert key is not None
    return pseudonymize(kind, person, key)


def test_ids_of_a_block_are_pseudonyms_on_both_signals(telemetry: Telemetry, log: logging.Logger) -> None:
    """User, session and tenant; an inner block is of somebody else alone, and no raw id is anywhere."""
    with discreet.user("zoe-1", tenant="acme", session="s-77"):
        with telemetry.span("outer"):
            log.info("outer")
        with discreet.user(7):
            log.info("inner")
        log.info("outer again")
    log.info("nobody")
    logs = telemetry.logs()
    of_zoe = {
        "user.id": token("zoe-1"),
        "session.id": token("s-77"),
        "discreet.tenant": token("acme", "tenant"),
    }
    assert telemetry.spans()["outer"].items() >= of_zoe.items()
    assert logs["outer"].items() >= of_zoe.items()
    assert logs["outer again"].items() >= of_zoe.items()
    assert logs["inner"]["user.id"] == token("7")
    assert not {"session.id", "discreet.tenant"} & set(logs["inner"])
    assert not set(of_zoe) & set(logs["nobody"])
    assert all(is_marker(value) for value in of_zoe.values())
    assert logs["outer"]["discreet.security_level"] == "confidential"


def test_a_pseudonym_is_that_of_the_action_and_survives_it(telemetry: Telemetry, log: logging.Logger) -> None:
    """The token of an attribute that the app set raw is the same, whichever action stands for ids."""
    for action in ("pseudonymize", "redact", "mask", "truncate", "keep"):
        enforce(actions={"person_id": action})
        with discreet.user("zoe-1"):
            log.info(action)
            log.info("%s raw", action, extra={"user.id": "zoe-1"})
        assert telemetry.logs()[action]["user.id"] == token("zoe-1")
    assert telemetry.logs()["pseudonymize raw"]["user.id"] == token("zoe-1")
    assert token("a-1") != token("A1") != token("a1")


def test_a_record_of_somebody_else_stays_theirs(telemetry: Telemetry, log: logging.Logger) -> None:
    """A record with a `user.id` of its own gets neither session nor tenant of the bound user."""
    with discreet.user("zoe-1", tenant="acme", session="s-77"):
        log.info("other", extra={"user.id": "other-9"})
        with telemetry.span("other", attributes={"user.id": "other-9"}):
            pass
    for held in (telemetry.logs()["other"], telemetry.spans()["other"]):
        assert held["user.id"] == "other-9"
        assert not {"session.id", "discreet.tenant"} & set(held)


def test_async_with(telemetry: Telemetry, log: logging.Logger) -> None:
    """As `with`; in tasks that run at once each has its own."""

    async def work(person: str) -> None:
        async with discreet.user(person):
            await asyncio.sleep(0)
            await asyncio.create_task(asyncio.to_thread(log.info, person))

    async def all_of_them() -> None:
        await asyncio.gather(*(work(f"p{number}") for number in range(5)))

    asyncio.run(all_of_them())
    assert telemetry.users() == {f"p{number}": token(f"p{number}") for number in range(5)}


def test_a_call_holds_for_the_rest_of_a_request(telemetry: Telemetry, log: logging.Logger) -> None:
    """Its open spans too; the last call counts, and the next request knows nobody."""
    with telemetry.span("server", kind=SpanKind.SERVER):
        log.info("before")
        with telemetry.span("open"):
            discreet.user("first")
            discreet.user("last", session="s")
        with telemetry.span("later"):
            log.info("after")
    with telemetry.span("next", kind=SpanKind.SERVER):
        log.info("next")
    log.info("outside")
    assert telemetry.users() == {"before": None, "after": token("last"), "next": None, "outside": None}
    users = {name: held.get("user.id") for name, held in telemetry.spans().items()}
    assert users == {"server": token("last"), "open": token("last"), "later": token("last"), "next": None}
    assert telemetry.spans()["server"]["session.id"] == token("s")


def test_a_block_in_a_request_does_not_bind_the_request(telemetry: Telemetry, log: logging.Logger) -> None:
    """Acting as somebody else for a block, and in its spans, leaves the user of the request as it was."""
    with telemetry.span("server", kind=SpanKind.SERVER):
        discreet.user("admin")
        with discreet.user("other"), telemetry.span("as other"):
            log.info("as other")
        log.info("as admin")
    assert telemetry.users() == {"as other": token("other"), "as admin": token("admin")}
    users = {name: held.get("user.id") for name, held in telemetry.spans().items()}
    assert users == {"server": token("admin"), "as other": token("other")}


def test_a_block_round_requests_does_not_reach_into_them(telemetry: Telemetry, log: logging.Logger) -> None:
    """Messages that a loop takes in are not charged to whoever started the loop."""
    with discreet.user("operator"):
        with telemetry.span("message", kind=SpanKind.CONSUMER):
            log.info("message")
            with telemetry.span("step"):
                discreet.user("sender")
                log.info("of sender")
        log.info("loop")
    assert telemetry.users() == {"message": None, "of sender": token("sender"), "loop": token("operator")}
    users = {name: held.get("user.id") for name, held in telemetry.spans().items()}
    assert users == {"message": token("sender"), "step": token("sender")}


def test_a_span_that_is_full_keeps_what_the_app_set(
    telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A user known late costs no attribute of the app's."""
    monkeypatch.setattr(telemetry.tracers._span_limits, "max_span_attributes", 2)
    with telemetry.span("server", kind=SpanKind.SERVER, attributes={"a": 1, "b": 2}):
        discreet.user("zoe")
    assert telemetry.spans()["server"].items() >= {"a": 1, "b": 2}.items()
    assert caplog.records == []


def test_without_a_key_ids_hold_within_the_process(
    telemetry: Telemetry, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a random key, and that is said once."""
    caplog.set_level(logging.INFO, logger="discreet")
    monkeypatch.setattr(identity, "_said", set())
    put_in_force(Policy.compiled(resolve()[0]))
    for body in ("one", "two"):
        with discreet.user("zoe"):
            telemetry.loggers.get_logger("t").emit(LogRecord(body=body))
    users = telemetry.users()
    assert users["one"] == users["two"]
    assert str(users["one"]).startswith("[PSEUDONYM:person_id:process:")
    (said,) = [record.getMessage() for record in caplog.records]
    assert "within this process" in said
    assert "zoe" not in said


def test_a_plain_call_outside_of_a_request_says_so(
    telemetry: Telemetry, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once; a block, and a call in a request, say nothing."""
    monkeypatch.setattr(identity, "_said", set())
    with discreet.user("zoe"):
        pass
    with telemetry.span("server", kind=SpanKind.SERVER):
        discreet.user("zoe")
    assert caplog.records == []
    discreet.user("zoe")
    discreet.user("zoe")
    (said,) = [record.getMessage() for record in caplog.records]
    assert "with discreet.user" in said


@pytest.mark.parametrize("given", ["zoe", 7, UUID(int=7), "\ud800", "x" * 1024])
def test_what_may_be_an_id(telemetry: Telemetry, given: Any) -> None:
    """A text, a number, a UUID; any text at all."""
    with discreet.user(given):
        telemetry.loggers.get_logger("t").emit(LogRecord(body="x"))
    assert telemetry.users()["x"] == token(str(given))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"id": None}, TypeError),
        ({"id": True}, TypeError),
        ({"id": 1.5}, TypeError),
        ({"id": ["secret"]}, TypeError),
        ({"id": ""}, ValueError),
        ({"id": "secret" * 200}, ValueError),
        ({"id": "a", "tenant": ""}, ValueError),
        ({"id": "a", "session": {"secret": 1}}, TypeError),
    ],
)
def test_wrong_arguments_are_said(arguments: Any, error: type[Exception]) -> None:
    """Naming the argument, without the value."""
    with pytest.raises(error, match=r"discreet\.user\((id|tenant|session)=\.\.\.\): must") as raised:
        discreet.user(**arguments)
    assert "secret" not in str(raised.value)
