"""A health check for every SQLAlchemy engine of the process that ever connected."""

from __future__ import annotations

import asyncio
import sys
import weakref
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from discreet.health.checks import Check, add, checks, remove

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT: Final = 5.0
_known: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
_ours: weakref.WeakSet[Any] = weakref.WeakSet()
_listening = False


def watch_engines() -> None:
    """Have each engine checked from its next connection on, and no longer than it lives; nothing without SQLAlchemy."""
    global _listening  # noqa: PLW0603 - one listener in a process
    if not _listening and "sqlalchemy.engine" in sys.modules:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        event.listen(Engine, "engine_connect", _remember)
        _listening = True
    alive = set(_known.values())
    for check in checks():
        if isinstance(check.call, _Asked) and check.name not in alive:
            remove(check.name)


def forget_engines() -> None:
    """Know of no engine until it connects again. For tests."""
    _known.clear()
    watch_engines()


def _remember(connection: Any) -> None:
    engine = connection.engine
    if engine not in _known and engine not in _ours:
        name = _named(engine.url, taken=set(_known.values()))
        _known[engine] = name
        add(Check(name, _Asked(engine), TIMEOUT, critical=False))


def _named(url: Any, taken: set[str]) -> str:
    """Give a name of backend and database, without host, user and password; numbered where there are several."""
    plain = ":".join(filter(None, ("database", url.get_backend_name(), PurePath(url.database or "").name)))
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain}#{number}"
    return name


class _Asked:
    """Has the driver of an engine ask for an answer, as `pool_pre_ping` does; does not keep the engine alive."""

    def __init__(self, engine: Any) -> None:
        self._engine: Callable[[], Any] = weakref.ref(engine)

    def __call__(self) -> None:
        engine = self._engine()
        if engine is None:
            return
        if engine.dialect.is_async:
            asyncio.run(_ask_async(engine))
            return
        with engine.connect() as connection:
            _ping(connection)


async def _ask_async(engine: Any) -> None:
    """Ask by a connection of its own: those of the pool belong to the event loop of the app."""
    from sqlalchemy.engine import Engine
    from sqlalchemy.ext.asyncio import AsyncEngine
    from sqlalchemy.pool import NullPool

    own = Engine(NullPool(engine.pool._creator), engine.dialect, engine.url)
    _ours.add(own)
    async with AsyncEngine(own).connect() as connection:
        await asyncio.wait_for(connection.run_sync(_ping), TIMEOUT)


def _ping(connection: Any) -> None:
    connection.dialect.do_ping(connection.connection.dbapi_connection)
