"""The built-in checks find what they are there for."""

from __future__ import annotations

import asyncio
import gc
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine

from discreet import runtime
from discreet.health import ROUNDS, Status, built_in
from discreet.health.built_in import configuration, disk, exports, guard
from discreet.health.checks import checks
from discreet.health.engines import watch_engines
from discreet.policy import Problem
from discreet.policy.refused import note_refused

if TYPE_CHECKING:
    from pathlib import Path


def test_the_guard() -> None:
    """It fails with the signals that are not guarded, and is well once the guard is armed."""
    assert guard().status == "fail"
    assert guard().output.startswith("not guarded: headers, log, metric, output, span; ")
    runtime.arm()
    assert guard().status == "pass"


def test_the_configuration() -> None:
    """It warns while what the files say is refused."""
    runtime.arm()
    assert configuration().status == "pass"
    assert 0 <= (configuration().value or -1) < 3600
    note_refused([Problem("d.yaml:3", "is wrong", "Mend it")])
    found = configuration()
    assert (found.status, found.output) == ("warn", "refused, the one before is in force: d.yaml:3: is wrong. Mend it")
    note_refused([])
    assert configuration().status == "pass"


class Backend(SpanExporter):
    """An exporter that gives, or raises, one answer after the other."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def export(self, spans: Any) -> Any:
        """Give the next answer."""
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_exports(monkeypatch: pytest.MonkeyPatch) -> None:
    """It warns from the first batch that does not arrive until one does, also where the exporter raises."""
    runtime.arm()
    gc.collect()  # exporters of earlier tests
    monkeypatch.setattr(built_in, "deliveries", lambda: [one for one in _all() if one.exporter == "Backend"])
    from discreet.guard import deliveries as _all

    success, failure = SpanExportResult.SUCCESS, SpanExportResult.FAILURE
    exporter = Backend(success, failure, OSError(), success)
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    seen = []
    while exporter.answers:
        provider.get_tracer("t").start_span("s").end()
        provider.force_flush()
        seen.append(exports())
    assert [str(Status(found.status).value) for found in seen] == ["pass", "warn", "warn", "pass"]
    assert (seen[2].output, seen[2].value, seen[2].unit) == ("do not arrive: span by Backend", 2.0, "{batch}")
    provider.shutdown()


@pytest.mark.parametrize(("free", "status"), [(50, "pass"), (10, "pass"), (9, "warn"), (2, "warn"), (1, "fail")])
def test_disk(free: int, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It warns below 10 % of free space, and fails below 2 %."""
    monkeypatch.setattr(psutil, "disk_usage", lambda _: SimpleNamespace(free=free, used=100 - free))
    found = disk()
    assert (found.status, found.value) == (status, free / 100)
    assert (found.output == "") == (status == "pass")


def engine_checks() -> dict[str, str]:
    """Give the status of each check of a database, after a round."""
    watch_engines()
    ROUNDS.once()
    return {one.name: one.status.value for one in ROUNDS.results() if one.name.startswith("database:")}


def test_engines(tmp_path: Path) -> None:
    """Each that ever connected is asked by its own driver, and not kept alive; names tell no host, user or password."""
    watch_engines()
    engines = [create_engine(f"sqlite:///{tmp_path}/{name}.db") for name in ("orders", "orders", "stock")]
    assert engine_checks() == {}
    for engine in engines:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    names = ["database:sqlite:orders.db", "database:sqlite:orders.db#2", "database:sqlite:stock.db"]
    assert engine_checks() == dict.fromkeys(names, "pass")
    assert not any(check.critical for check in checks())
    del engine, connection
    engines.pop().dispose()
    gc.collect()
    assert set(engine_checks()) == set(names[:2])
    for engine in engines:
        engine.dispose()


def test_an_engine_whose_database_is_gone_fails(tmp_path: Path) -> None:
    """By type of the error only."""
    folder = tmp_path / "data"
    folder.mkdir()
    watch_engines()
    engine = create_engine(f"sqlite:///{folder}/orders.db")
    with engine.connect():
        pass
    assert set(engine_checks().values()) == {"pass"}
    engine.dispose()
    (folder / "orders.db").unlink(missing_ok=True)
    folder.rmdir()
    assert set(engine_checks().values()) == {"fail"}
    assert {one.output for one in ROUNDS.results() if one.name.startswith("database:")} == {"raised OperationalError"}


def test_async_engines(tmp_path: Path) -> None:
    """Asked by a connection of the check's own, since those of the pool belong to the loop of the app."""
    watch_engines()
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/orders.db")

    async def work() -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        await engine.dispose()

    asyncio.run(work())
    assert engine_checks() == {"database:sqlite:orders.db": "pass"}
    assert engine_checks() == {"database:sqlite:orders.db": "pass"}
