"""The work that `whole.py` measures: a log record, a span, a measurement, a request of a small service."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from opentelemetry import _logs, metrics, trace
from sqlalchemy import String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

if TYPE_CHECKING:
    from collections.abc import Callable

LOGGER = logging.getLogger("shop.orders")
SIGNALS = (trace.get_tracer_provider, _logs.get_logger_provider)


class Base(DeclarativeBase):
    """The tables."""


class Order(Base):
    """One order."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))


def application() -> FastAPI:
    """A service that looks one order up, and logs it."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Order(id=number, owner=f"owner {number}") for number in range(100))
        session.commit()
    app = FastAPI()

    @app.get("/orders/{number}")
    async def order(number: int, request: Request) -> dict[str, Any]:
        with Session(engine) as session:
            found = session.scalars(select(Order).where(Order.id == number % 100)).one()
        LOGGER.info("order %d looked up for %s", number, request.query_params.get("by", "somebody"))
        return {"id": found.id, "owner": found.owner}

    return app


def who(number: int, dirty: int) -> str:
    """Somebody, whose name is private in one of `dirty` cases."""
    return f"zoe{number}@example.org" if dirty and number % dirty == 0 else f"user {number}"


class Work:
    """The blocks of work; each gives seconds of its own thread, and those of single requests."""

    def __init__(self) -> None:
        self.app = application()
        self.loop = asyncio.new_event_loop()
        self.tracer = trace.get_tracer("bench")
        meter = metrics.get_meter("bench")
        self.counter = meter.create_counter("orders.accepted")
        self.histogram = meter.create_histogram("orders.duration", unit="s")
        self.count = 0

    def log(self, number: int, dirty: int) -> None:
        """One record of stdlib logging."""
        LOGGER.info("order %d of %s accepted after %d ms", number, who(number, dirty), number % 97)

    def span(self, number: int, dirty: int) -> None:
        """One span of 14 attributes."""
        with self.tracer.start_as_current_span("GET /orders/{number}", kind=trace.SpanKind.SERVER) as span:
            for key in range(12):
                span.set_attribute(f"shop.attribute.{key}", f"value {key}")
            span.set_attribute("url.path", f"/orders/{who(number, dirty).replace(' ', '/')}")
            span.set_attribute("http.response.status_code", 200)

    def measurement(self, number: int, dirty: int) -> None:
        """One addition and one recording, of four attributes each."""
        given: dict[str, Any] = {
            "shop": "north",
            "route": f"/r/{number % 5}",
            "status": 200,
            "by": who(0, 1) if dirty else "somebody",
        }
        self.counter.add(1, given)
        self.histogram.record(number % 7 / 10, given)

    def request(self, number: int, dirty: int) -> None:
        """One request through ASGI, SQLAlchemy and logging."""
        self.loop.run_until_complete(self._call(f"/orders/{number}", f"by={who(number, dirty).replace(' ', '+')}"))

    async def _call(self, path: str, query: str) -> None:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(b"host", b"shop.internal"), (b"user-agent", b"bench/1.0")],
            "client": ("10.0.0.9", 4711), "server": ("10.0.0.1", 80),
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            pass

        await self.app(scope, receive, send)

    def block(self, name: str, count: int, dirty: int) -> dict[str, float]:
        """Run a block, with all that its telemetry costs until it is exported; microseconds each."""
        one: Callable[[int, int], None] = getattr(self, name)
        gc.collect()
        gc.disable()
        times = []
        process, thread = time.process_time(), time.thread_time()
        for _ in range(count):
            self.count += 1
            begin = time.perf_counter()
            one(self.count, dirty)
            times.append(time.perf_counter() - begin)
        thread = time.thread_time() - thread
        for provider in SIGNALS:
            getattr(provider(), "force_flush", lambda: None)()
        process = time.process_time() - process
        gc.enable()
        return {
            "process": process / count * 1e6,
            "thread": thread / count * 1e6,
            "p50": statistics.median(times) * 1e6,
            "rss": _resident(),
        }


def _resident() -> float:
    """Megabytes of resident memory (proc(5))."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
