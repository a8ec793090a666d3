"""An async application as a user has it: FastAPI, SQLAlchemy's asyncio, aiosqlite; knows nothing of Discreet."""

import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
logger = logging.getLogger("served")
engine = create_async_engine(os.environ["SERVED_DATABASE"])
sessions = async_sessionmaker(engine, expire_on_commit=False)


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    card: Mapped[str]


class NewPerson(BaseModel):
    email: str
    card: str


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as opened:
        yield opened


app = FastAPI(lifespan=lifespan)
Opened = Annotated[AsyncSession, Depends(session)]


@app.post("/people", status_code=201)
async def add(form: NewPerson, database: Opened) -> dict[str, int]:
    person = Person(**form.model_dump())
    database.add(person)
    try:
        await database.commit()
    except IntegrityError as error:
        logger.exception("known already: %s", form)
        raise HTTPException(409, f"{form.email} is known") from error
    logger.info("asked for %s", form.email, extra={"form": form.model_dump()})
    return {"id": person.id}


@app.get("/people")
async def everybody(database: Opened) -> list[str]:
    return list(await database.scalars(select(Person.email).order_by(Person.id)))


@app.get("/people/{email}")
async def find(email: str, database: Opened) -> dict[str, str]:
    person = await database.scalar(select(Person).where(Person.email == literal(email, literal_execute=True)))
    if person is None:
        raise HTTPException(404, f"no {email}")
    return {"email": person.email, "card": person.card}


@app.get("/fails/{email}")
async def fails(email: str, database: Opened) -> None:
    raise ValueError(f"no {await database.scalar(select(literal(email)))} here")
