"""The clinic's web application: `uvicorn clinic.app:create_app --factory`."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from . import appointments, patients, payments, sessions
from .confirmations import Confirmations
from .models import Base
from .settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """Give the application, configured from the environment unless settings are given."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = FastAPI(title="Clinic", lifespan=_lifespan)
    app.state.settings = settings or Settings.from_environment()
    for module in (patients, sessions, appointments, payments):
        app.include_router(module.router)
    app.add_api_route("/health", health)
    return app


async def health() -> dict[str, str]:
    """Say that the service runs."""
    return {"status": "up"}


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open what the request handlers need (`wiring.py`), and close it again."""
    engine = create_engine(app.state.settings.database_url)
    Base.metadata.create_all(engine)
    app.state.sessions = sessionmaker(engine)
    app.state.confirmations = Confirmations()
    app.state.confirmations.start()
    with httpx.Client(base_url=app.state.settings.payment_url, timeout=10) as app.state.payments:
        yield
    app.state.confirmations.stop()
    engine.dispose()
