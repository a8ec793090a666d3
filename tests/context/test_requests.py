"""No request is charged to the user of another: twelve ways to bind a user in a FastAPI application, under load.

Each request names its user, and everything it records, on whatever thread or task, must be that user's: spans that
were open before the user was known, too.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Annotated, Any

import httpx
import pytest
import uvicorn
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Header, HTTPException, WebSocket
from fastapi.testclient import TestClient
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.threading import ThreadingInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind
from starlette.responses import StreamingResponse

import discreet
from discreet.policy import current
from discreet.redaction import pseudonymize

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.context.conftest import Telemetry

pytestmark = pytest.mark.seams
User = Annotated[str, Header(alias="x-user")]
REQUESTS = 4


def token(person: str) -> str:
    """Give the pseudonym of an id by the key of the tests."""
    key = current().pseudonym_key
    assert key is not None
    return pseudonymize("person_id", person, key)


def bind_sync(x_user: User) -> str:
    """A sync dependency: it runs in a thread pool, in a copy of the context."""
    discreet.user(x_user)
    return x_user


async def bind_async(x_user: User) -> str:
    """An async dependency."""
    discreet.user(x_user)
    return x_user


async def bind_in_task(x_user: User) -> str:
    """A dependency that leaves it to a task of its own."""

    async def bind() -> None:
        discreet.user(x_user)

    await asyncio.create_task(bind())
    return x_user


def bind_yielding(x_user: User) -> Iterator[str]:
    """A sync dependency that yields: begun and ended in two contexts."""
    discreet.user(x_user)
    yield x_user
    log.info("%s dependency ends", x_user)


log = logging.getLogger("shop")
sync_user = Annotated[str, Depends(bind_sync)]
async_user = Annotated[str, Depends(bind_async)]
task_user = Annotated[str, Depends(bind_in_task)]
yielding_user = Annotated[str, Depends(bind_yielding)]


class Binding:
    """A pure ASGI middleware that binds who is named, and records after the answer."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope.get("headers", ()))
        if scope["type"] == "http" and scope["path"] == "/middleware":
            discreet.user(headers[b"x-user"].decode())
        await self.app(scope, receive, send)
        if scope["type"] == "http" and b"x-user" in headers:
            log.info("%s after the answer", headers[b"x-user"].decode())


router = APIRouter()


@router.get("/sync")
def sync(user: sync_user) -> None:
    log.info("%s sync", user)


@router.get("/async")
async def asynchronous(user: async_user) -> None:
    await asyncio.sleep(0.01)
    log.info("%s async", user)


@router.get("/sync-in-async")
async def sync_in_async(user: sync_user) -> None:
    await asyncio.sleep(0.01)
    log.info("%s sync in async", user)


@router.get("/middleware")
def middleware(x_user: User) -> None:
    log.info("%s middleware", x_user)


@router.get("/task")
async def task(user: task_user) -> None:
    async def nested() -> None:
        await asyncio.sleep(0.01)
        await asyncio.gather(asyncio.create_task(note("deep")), asyncio.to_thread(log.info, "%s to_thread", user))

    async def note(what: str) -> None:
        log.info("%s %s", user, what)

    await asyncio.create_task(nested())


@router.get("/yielding")
def yielding(user: yielding_user) -> None:
    log.info("%s yielding", user)


@router.get("/error")
def error(user: sync_user) -> None:
    log.info("%s error", user)
    raise RuntimeError


@router.get("/refused")
async def refused(user: async_user) -> None:
    raise HTTPException(403, detail=user)


@router.get("/background")
def background(user: sync_user, tasks: BackgroundTasks) -> None:
    tasks.add_task(log.info, "%s background in a thread", user)

    async def later() -> None:
        await asyncio.sleep(0)
        log.info("%s background", user)

    tasks.add_task(later)


@router.get("/stream")
async def stream(user: async_user) -> StreamingResponse:
    async def body() -> AsyncIterator[bytes]:
        for number in range(2):
            await asyncio.sleep(0)
            log.info("%s stream %s", user, number)
            yield b"."

    return StreamingResponse(body())


@router.get("/executor")
async def executor(user: async_user) -> None:
    await asyncio.get_running_loop().run_in_executor(None, log.info, "%s executor", user)
    thread = threading.Thread(target=log.info, args=(f"{user} thread",))
    thread.start()
    await asyncio.to_thread(thread.join)


@router.get("/excluded")
async def excluded(user: sync_user) -> None:
    log.info("%s excluded", user)


@router.get("/nobody")
def nobody(number: int) -> None:
    log.info("%s nobody", number)


@router.websocket("/socket")
async def socket(websocket: WebSocket) -> None:
    await websocket.accept()
    who = await websocket.receive_text()
    discreet.user(who)
    await websocket.send_text("known")
    while (said := await websocket.receive_text()) != "end":
        log.info("%s %s", who, said)
        await websocket.send_text("noted")
    await websocket.close()


def make_app(tracers: TracerProvider) -> FastAPI:
    """Give the application: one path for each way."""
    app = FastAPI()
    app.add_middleware(Binding)
    app.include_router(router)
    FastAPIInstrumentor.instrument_app(
        app, tracer_provider=tracers, exclude_spans=["send", "receive"], excluded_urls="excluded"
    )
    return app


@pytest.fixture
def app(telemetry: Telemetry, log: logging.Logger) -> Iterator[FastAPI]:
    """The application, with the threads instrumented."""
    ThreadingInstrumentor().instrument()
    made = make_app(telemetry.tracers)
    yield made
    FastAPIInstrumentor.uninstrument_app(made)
    ThreadingInstrumentor().uninstrument()


WAYS = {
    "/sync": 2, "/async": 2, "/sync-in-async": 2, "/middleware": 2, "/task": 3, "/yielding": 3, "/error": 1,
    "/refused": 1, "/background": 3, "/stream": 3, "/executor": 3,
}  # fmt: skip
"""By path, how many log records one request leaves."""


def check(telemetry: Telemetry, expected: int) -> None:
    """Assert that each log record is that of the user whom it names, and each server span too."""
    users = telemetry.users()
    assert len(users) == expected
    for body, user in users.items():
        assert user == (None if body.endswith("nobody") else token(body.split()[0])), body
    telemetry.tracers.force_flush()
    servers = [span for span in telemetry.kept_spans.records if span.kind is SpanKind.SERVER]
    by_trace: dict[int, set[Any]] = {}
    for data in telemetry.kept_logs.records:
        by_trace.setdefault(data.log_record.trace_id, set()).add((data.log_record.attributes or {}).get("user.id"))
    assert all(len(users) == 1 for users in by_trace.values())
    for span in servers:
        assert {(span.attributes or {}).get("user.id")} == by_trace[span.context.trace_id], span.name


@pytest.mark.parametrize("path", WAYS)
def test_each_way_at_once(path: str, app: FastAPI, telemetry: Telemetry) -> None:
    """Requests of different users that run at the same time."""

    async def ask() -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://shop.example.org") as client:
            await asyncio.gather(
                *(client.get(path, headers={"x-user": f"user{number}"}) for number in range(REQUESTS)),
            )

    asyncio.run(ask())
    check(telemetry, WAYS[path] * REQUESTS)


def test_websockets(app: FastAPI, telemetry: Telemetry) -> None:
    """Two connections at once, each its own user's."""
    with (
        TestClient(app) as client,
        client.websocket_connect("/socket") as one,
        client.websocket_connect("/socket") as two,
    ):
        for socket, who in ((one, "user1"), (two, "user2")):
            socket.send_text(who)
            socket.receive_text()
        for said in ("first", "second"):
            for socket in (one, two):
                socket.send_text(said)
                socket.receive_text()
        for socket in (one, two):
            socket.send_text("end")
    check(telemetry, 4)


def test_requests_on_one_connection(app: FastAPI, telemetry: Telemetry) -> None:
    """Served by uvicorn over a connection that stays open, one user after the other, and nobody in between."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        threading.Event().wait(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    asked = 0
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            for number, path in enumerate(path for path in WAYS if path != "/error"):  # after which uvicorn closes it
                client.get(path, headers={"x-user": f"user{number}"})
                client.get("/nobody", params={"number": number})
                client.get("/async", headers={"x-user": f"other{number}"})
                asked += WAYS[path] + 3
    finally:
        server.should_exit = True
        thread.join()
    check(telemetry, asked)


def test_the_server_was_started_in_a_span(app: FastAPI, telemetry: Telemetry) -> None:
    """Then all requests are in one trace, and still nobody's but their own."""
    with telemetry.span("main"), discreet.user("operator"), TestClient(app) as client:
        for number in range(3):
            client.get("/async", headers={"x-user": f"user{number}"})
    users = telemetry.users()
    assert len(users) == 6
    assert {body: user == token(body.split()[0]) for body, user in users.items()} == dict.fromkeys(users, True)
    assert telemetry.spans()["main"].get("user.id") is None


def test_spans_that_are_not_sampled(telemetry: Telemetry, log: logging.Logger) -> None:
    """Log records of such a request have its user all the same."""
    app = make_app(TracerProvider(sampler=ALWAYS_OFF, shutdown_on_exit=False))
    with TestClient(app) as client:
        for number, path in enumerate(("/sync", "/async", "/background")):
            client.get(path, headers={"x-user": f"user{number}"})
    FastAPIInstrumentor.uninstrument_app(app)
    users = telemetry.users()
    assert len(users) == sum(WAYS[path] for path in ("/sync", "/async", "/background"))
    assert {body: user == token(body.split()[0]) for body, user in users.items()} == dict.fromkeys(users, True)


def test_a_path_without_spans(app: FastAPI, telemetry: Telemetry) -> None:
    """Where the instrumentation is told to leave a path out, its log records have their user."""
    with TestClient(app) as client:
        client.get("/excluded", headers={"x-user": "zoe"})
    assert telemetry.users() == {"zoe excluded": token("zoe"), "zoe after the answer": token("zoe")}


def test_an_application_within_another(telemetry: Telemetry, log: logging.Logger) -> None:
    """Both instrumented: the user that the inner one binds is that of the outer one's span too."""
    outer, inner = FastAPI(), make_app(telemetry.tracers)
    outer.mount("/inner", inner)
    FastAPIInstrumentor.instrument_app(outer, tracer_provider=telemetry.tracers)
    with TestClient(outer) as client:
        client.get("/inner/async", headers={"x-user": "zoe"})
    check(telemetry, 2)
    for made in (outer, inner):
        FastAPIInstrumentor.uninstrument_app(made)
