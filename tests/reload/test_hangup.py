"""SIGHUP is taken only from nobody. What it does in processes is tested with real ones."""

from __future__ import annotations

import importlib
import signal
from typing import TYPE_CHECKING, Any

import pytest

from discreet.reload import hangup

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


def _of(module: str) -> Any:
    """Give a handler as a server sets one: a method or a function of its module."""

    def handler(_number: int, _frame: object) -> None: ...

    handler.__module__ = module
    return handler


@pytest.mark.parametrize("module", ["gunicorn.arbiter", "uvicorn.supervisors.multiprocess"])
def test_a_servers_handler_is_left(module: str) -> None:
    """Even where every other is joined."""
    theirs = _of(module)
    signal.signal(signal.SIGHUP, theirs)
    assert not hangup.take(lambda: None, "always")
    assert signal.getsignal(signal.SIGHUP) is theirs


def test_the_real_servers_handlers_are_known_by_their_modules() -> None:
    """The names that we go by are those of the packages as they are installed."""
    for module, name, method in (
        ("gunicorn.arbiter", "Arbiter", "signal"),
        ("uvicorn.supervisors.multiprocess", "Multiprocess", "__init__"),
    ):
        handler = getattr(getattr(importlib.import_module(module), name), method)
        assert handler.__module__.startswith(hangup._SERVERS)


def test_taking_is_idempotent_and_given_back() -> None:
    """A second one adds no second call, and the app's handler is in its place again afterwards."""
    asked: list[int] = []
    theirs = _of("app")
    signal.signal(signal.SIGHUP, theirs)
    assert hangup.take(lambda: asked.append(1), "always")
    assert hangup.take(lambda: asked.append(2), "always")
    signal.raise_signal(signal.SIGHUP)
    assert asked == [1]
    hangup.give_back()
    assert signal.getsignal(signal.SIGHUP) is theirs
