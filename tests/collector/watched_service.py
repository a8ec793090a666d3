"""A service that emits what alerts are about: run under `opentelemetry-instrument`, it serves itself and ends."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from typing import Any

import httpx
import sqlalchemy
from fastapi import FastAPI, HTTPException
from opentelemetry import metrics, trace

STATUSES = (200, 401, 403, 500)
"""What it answers, each once."""

app = FastAPI()


@app.get("/{status}")
async def answer(status: int) -> dict[str, str]:
    """Answer with that status."""
    if status >= 400:
        raise HTTPException(status)
    return {}


async def _serve() -> None:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.example.org") as client:
        for status in STATUSES:
            await client.get(f"/{status}")


def main(database: str, bait: str) -> None:
    """Use a pool, answer requests, time something, log an error with what was planted; flush all."""
    engine = sqlalchemy.create_engine(database)
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text("select 1"))
        asyncio.run(_serve())
        logging.getLogger("service").error("failed: %s", bait)
        metrics.get_meter("service").create_histogram("checkout.duration", "s").record(0.2)
        time.sleep(0.1)
        providers: tuple[Any, ...] = (trace.get_tracer_provider(), metrics.get_meter_provider())
        for provider in providers:
            provider.force_flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
