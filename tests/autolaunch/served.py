"""An application as a user has it: FastAPI and SQLAlchemy; knows nothing of Discreet. The tests serve it."""

import logging
import os

from fastapi import FastAPI
from sqlalchemy import create_engine, text

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
app = FastAPI()
engine = create_engine("sqlite:///:memory:")


@app.get("/of/{who}")
def of(who: str) -> dict[str, int]:
    logging.getLogger("served").info("asked for %s", who)
    with engine.connect() as connection:
        connection.execute(text(f"select '{who}'"))
    return {"pid": os.getpid()}


@app.get("/fails/{who}")
def fails(who: str) -> None:
    raise ValueError(f"no {who} here")
