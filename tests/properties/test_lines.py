"""Properties of log lines that hold for every record."""

from __future__ import annotations

import copy
import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discreet import guard
from discreet.guard import lines
from discreet.guard.entries import FIELDS
from discreet.policy import Policy, put_in_force, resolve
from tests.properties.strategies import KEYS, LEAVES, NESTED, TEXTS
from tests.redaction.corpus import CANARIES

many = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
TEMPLATES = st.one_of(TEXTS, NESTED, st.sampled_from(["%s", "%d", "%s %s", "%(a)s", "%", "{}"]))
ARGUMENTS = st.one_of(st.just(()), st.lists(NESTED, max_size=3).map(tuple), st.dictionaries(KEYS, LEAVES, max_size=2))


class Mute:
    """An object that has no words, whatever it is asked."""

    def __str__(self) -> str:
        raise RuntimeError

    __repr__ = __format__ = __str__  # type: ignore[assignment]


class MuteError(Mute, Exception):
    """An exception without words."""


def _cyclic() -> Any:
    held: dict[str, Any] = {}
    held["self"] = [held]
    return held


def _deep() -> Any:
    held: Any = float("nan")
    for _ in range(200):
        held = {"d": [held]}
    return held


ODD = st.one_of(st.builds(Mute), st.builds(_cyclic), st.builds(_deep), st.just(type("X", (str,), {})("a")))
VALUES = st.one_of(NESTED, ODD)
ERRORS = st.one_of(st.none(), st.builds(ValueError, VALUES), st.builds(KeyError, TEXTS), st.builds(MuteError))
RECORDS = st.fixed_dictionaries(
    {
        "name": st.one_of(TEXTS, LEAVES),
        "msg": TEMPLATES,
        "args": ARGUMENTS,
        "levelno": st.one_of(st.integers(-5, 80), LEAVES),
        "levelname": st.one_of(st.sampled_from(["INFO", "WARNING"]), TEXTS, LEAVES),
        "created": st.one_of(st.floats(0, 2e9), st.floats(), st.integers(), st.none()),
        "exc_info": ERRORS.map(lambda error: error and (type(error), error, error.__traceback__)),
        "exc_text": st.one_of(st.none(), TEXTS),
        "stack_info": st.one_of(st.none(), TEXTS),
        "process": st.one_of(st.none(), st.integers(), TEXTS),
    }
)
EXTRAS = st.dictionaries(
    st.one_of(KEYS, st.sampled_from(["body", "attributes", "otelTraceID", "_name"])), VALUES, max_size=4
)


@pytest.fixture(autouse=True, params=["json", "console"])
def form(request: pytest.FixtureRequest) -> str:
    guard.install()
    put_in_force(Policy.compiled(resolve(arguments={"log_format": request.param})[0]))
    return str(request.param)


def _written(record: logging.LogRecord) -> str:
    line = lines.written(logging.StreamHandler(io.StringIO()), record)
    assert line is not None
    return line


def _constant(word: str) -> None:
    raise AssertionError(word)


@many
@given(held=RECORDS, extra=EXTRAS)
def test_every_record_is_one_valid_line(form: str, held: dict[str, Any], extra: dict[str, Any]) -> None:
    """Any message, arguments, extra fields and exception: one line of valid JSON with known fields; nothing raised."""
    record = logging.makeLogRecord({**held, **{name: value for name, value in extra.items() if name not in held}})
    before = copy.copy(vars(record))
    line = _written(record)
    now = vars(record)
    assert now.keys() == before.keys()
    assert all(now[name] is before[name] for name in now)
    if form == "json":
        assert line.isascii()
        assert line.isprintable()
        made = json.loads(line, parse_constant=_constant)
        assert set(made) <= set(FIELDS)
        assert {"timestamp", "severity_number", "body", "discreet.category", "discreet.security_level"} <= set(made)


PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "message": lambda text: {"msg": f"for {text} today"},
    "argument": lambda text: {"msg": "for %s today", "args": (text,)},
    "nested argument": lambda text: {"msg": "%s", "args": ([{"a": (text,)}],)},
    "object": lambda text: {"msg": {"a": [text]}},
    "key of an object": lambda text: {"msg": {f"a {text} b": 1}},
    "logger": lambda text: {"name": f"a {text} b"},
    "level": lambda text: {"levelname": f"a {text} b"},
    "extra": lambda text: {"who": text},
    "nested extra": lambda text: {"who": {"by": [f"a {text} b"]}},
    "bytes": lambda text: {"who": f"a {text} b".encode()},
    "key of an extra": lambda text: {f"a {text} b": 1},
    "exception": lambda text: {"exc_info": (ValueError, ValueError(f"a {text} b"), None)},
    "text of an exception": lambda text: {"exc_text": f"ValueError: {text}\n"},
    "stack": lambda text: {"stack_info": f"Stack: {text}\n"},
    "request": lambda text: {
        "name": "uvicorn.access", "msg": '%s - "%s %s HTTP/%s" %d',
        "args": ("::1:1", "GET", f"/{text}?a={text}", "1", 200),
    },
    "structlog's event": lambda text: {"msg": {"event": f"a {text} b", "b": text}, "_logger": None, "_name": "info"},
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(kind=st.sampled_from(sorted(CANARIES)), extra=EXTRAS)
def test_nothing_private_is_in_a_line(place: str, kind: str, extra: dict[str, Any]) -> None:
    """A value of every kind at every place of a record, whatever stands beside it."""
    text = CANARIES[kind]
    beside = {name: value for name, value in extra.items() if text not in name + repr_of(value)}
    record = logging.makeLogRecord({"levelno": 20, "levelname": "INFO", "name": "a", **beside, **PLACES[place](text)})
    line = _written(record)
    assert text not in line
    assert json.dumps(text)[1:-1] not in line


def repr_of(value: Any) -> str:
    """Give what a value shows, which may refuse."""
    try:
        return repr(value)
    except Exception:
        return ""
