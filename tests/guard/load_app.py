"""An application as a user has it: sync and async routes, both kinds of SQLAlchemy; knows nothing of telemetry."""

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
from fastapi import BackgroundTasks, Body, Depends, FastAPI, Header, HTTPException, Request, Response, WebSocket
from fastapi.responses import RedirectResponse, StreamingResponse
from pydantic import BaseModel
from sqlalchemy import create_engine, delete, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

logger = logging.getLogger("load")

_PASSED_ON = ("baggage", "tracestate", "x-note")


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"

    email: Mapped[str] = mapped_column(primary_key=True)
    card: Mapped[str]
    password: Mapped[str]


class NewPerson(BaseModel):
    email: str
    card: str
    password: str
    age: int = 0


class LostError(Exception):
    """Nobody handles it: the server answers 500."""


class Journal:
    """What was done for whom after a response was sent; can be waited for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._entries: dict[str, list[str]] = defaultdict(list)

    def write(self, whom: str, entry: str) -> None:
        with self._changed:
            self._entries[whom].append(entry)
            self._changed.notify_all()

    def take(self, whom: str, number: int) -> list[str]:
        """Wait until there are so many entries of somebody, and take them out."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._entries[whom]) >= number, timeout=20)
            return sorted(self._entries.pop(whom))


def create_app(folder: Path) -> FastAPI:
    """Give the application, with its two databases in a folder; it calls itself at ``app.state.url``."""
    sync_url, async_url = f"sqlite:///{folder}/sync.db", f"sqlite+aiosqlite:///{folder}/async.db"
    engine = create_engine(sync_url, connect_args={"timeout": 60})
    async_engine = create_async_engine(async_url, connect_args={"timeout": 60})
    sessions, async_sessions = sessionmaker(engine), async_sessionmaker(async_engine)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        Base.metadata.create_all(engine)
        async with async_engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        async with httpx.AsyncClient(timeout=30) as app.state.async_client:
            with httpx.Client(timeout=30) as app.state.client:
                yield
        await async_engine.dispose()
        engine.dispose()

    app = FastAPI(lifespan=lifespan)
    app.state.journal = Journal()
    app.state.arrived = []

    def session() -> Iterator[Session]:
        with sessions() as opened:
            yield opened

    async def async_session() -> AsyncIterator[AsyncSession]:
        async with async_sessions() as opened:
            yield opened

    _add_people(app, session)
    _add_people_async(app, async_session)
    _add_calls(app)
    _add_others(app)
    _add_bodies(app)
    app.middleware("http")(_log_request)
    return app


async def _log_request(request: Request, call_next: Any) -> Response:
    logger.info("%s %s from %s", request.method, request.url, request.headers.get("x-user"))
    try:
        response: Response = await call_next(request)
    except Exception:
        logger.exception("no answer to %s", request.url.path, extra={"who": request.headers.get("x-user")})
        raise
    logger.info("answered %s", response.status_code, extra={"headers": dict(request.headers)})
    response.headers["x-seen-by"] = "middleware"
    return response


def _add_people(app: FastAPI, session: Any) -> None:
    opened = Annotated[Session, Depends(session)]

    @app.delete("/people/{email}", status_code=204)
    def forget(email: str, database: opened) -> None:
        database.execute(delete(Person).where(Person.email == email))
        database.commit()

    @app.post("/people", status_code=201)
    def add(form: NewPerson, database: opened, tasks: BackgroundTasks) -> dict[str, str]:
        if database.get(Person, form.email):
            logger.warning("known already: %r", form)
            raise HTTPException(409, f"{form.email} is known")
        database.add(Person(**form.model_dump(exclude={"age"})))
        database.commit()
        logger.info(f"added {form.email} with card {form.card}", extra={"form": form.model_dump()})  # noqa: G004
        tasks.add_task(_greet, app, form.email)
        return {"email": form.email, "card": form.card}

    @app.get("/people/{email}")
    def find(email: str, database: opened) -> dict[str, str]:
        person = database.scalar(select(Person).where(Person.email == literal(email, literal_execute=True)))
        if person is None:
            raise HTTPException(404, f"no {email}", headers={"x-missing": email})
        return {"email": person.email, "card": person.card}

    @app.get("/broken/{email}")
    def broken(email: str, database: opened) -> None:
        database.execute(text(f"select '{email}' from nowhere"))


def _greet(app: FastAPI, email: str) -> None:
    logger.info("greeting %s", {"to": email})
    app.state.journal.write(email, "greeted")


def _add_people_async(app: FastAPI, session: Any) -> None:
    opened = Annotated[AsyncSession, Depends(session)]

    @app.delete("/async/people/{email}", status_code=204)
    async def forget(email: str, database: opened) -> None:
        await database.execute(delete(Person).where(Person.email == email))
        await database.commit()

    @app.post("/async/people", status_code=201)
    async def add(form: NewPerson, database: opened, tasks: BackgroundTasks) -> dict[str, str]:
        if await database.get(Person, form.email):
            raise HTTPException(409, f"{form.email} is known")
        database.add(Person(**form.model_dump(exclude={"age"})))
        await database.commit()
        logger.info("added %s", form.email, extra={"card": form.card, "password": form.password})
        tasks.add_task(_greet_async, app, form.email)
        return {"email": form.email, "card": form.card}

    @app.get("/async/people/{email}")
    async def find(email: str, database: opened) -> dict[str, str]:
        person = await database.scalar(select(Person).where(Person.email == literal(email, literal_execute=True)))
        if person is None:
            raise HTTPException(404, f"no {email}")
        return {"email": person.email, "card": person.card}


async def _greet_async(app: FastAPI, email: str) -> None:
    await asyncio.sleep(0)
    logger.info("greeting %s later", email)
    app.state.journal.write(email, "greeted later")


def _add_calls(app: FastAPI) -> None:
    @app.get("/inner/{email}")
    def inner(email: str, request: Request) -> dict[str, Any]:
        app.state.arrived.append({name: request.headers.get(name, "") for name in _PASSED_ON})
        return {"email": email, "note": request.headers.get("x-note")}

    @app.get("/moved/{email}")
    def moved(email: str) -> RedirectResponse:
        return RedirectResponse(f"/inner/{email}", 307)

    @app.get("/calls/{email}")
    def calls(email: str) -> Any:
        headers = {"x-note": "sync"}
        return app.state.client.get(f"{app.state.url}/inner/{email}?token={email}", headers=headers).json()

    @app.get("/async/calls/{email}")
    async def calls_async(email: str) -> Any:
        url = f"{app.state.url}/moved/{email}"
        return (await app.state.async_client.get(url, headers={"x-note": "async"}, follow_redirects=True)).json()

    @app.get("/unreachable/{email}")
    async def unreachable(email: str) -> dict[str, str]:
        try:
            await app.state.async_client.get(f"http://127.0.0.1:9/{email}")
        except httpx.HTTPError as error:
            logger.exception(f"cannot ask for {email}")  # noqa: G004
            return {"error": type(error).__name__}
        return {}


def _add_others(app: FastAPI) -> None:
    @app.get("/journal/{email}")
    def journal(email: str, number: int) -> list[str]:
        return list(app.state.journal.take(email, number))

    @app.get("/lost/{email}")
    def lost(email: str) -> None:
        raise LostError(f"lost {email}")

    @app.get("/async/lost/{email}")
    async def lost_async(email: str) -> None:
        try:
            raise KeyError(email)
        except KeyError as error:
            raise LostError(f"lost {email}") from error


def _add_bodies(app: FastAPI) -> None:
    @app.get("/stream/{email}")
    def stream(email: str) -> StreamingResponse:
        return StreamingResponse(f"{number} {email}\n" for number in range(20))

    @app.get("/async/stream/{email}")
    async def stream_async(email: str) -> StreamingResponse:
        async def lines() -> AsyncIterator[str]:
            for number in range(20):
                await asyncio.sleep(0)
                logger.debug("line %d for %s", number, email)
                yield f"{number} {email}\n"

        return StreamingResponse(lines(), media_type="text/event-stream")

    @app.post("/echo")
    async def echo(request: Request, x_user: Annotated[str, Header()]) -> Response:
        body = await request.body()
        logger.info(body)
        return Response(body, headers={"x-user": x_user, "set-cookie": f"who={x_user}; HttpOnly"})

    @app.put("/nested")
    async def nested(form: Annotated[dict[str, list[NewPerson]], Body()]) -> list[str]:
        logger.info("nested", extra={"form": {name: [one.model_dump() for one in ones] for name, ones in form.items()}})
        return sorted(form)

    @app.websocket("/talk/{email}")
    async def talk(socket: WebSocket, email: str) -> None:
        await socket.accept()
        async for said in socket.iter_text():
            logger.info("%s says %s", email, said)
            await socket.send_json({"email": email, "said": said})
