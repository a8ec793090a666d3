"""An application that says which policy its worker has. The tests serve it."""

import logging
import os

from fastapi import FastAPI

from discreet.policy import current

logging.basicConfig(level=logging.INFO)
app = FastAPI()


@app.get("/")
def limit() -> dict[str, int]:
    logging.getLogger("served").info("asked by zoe.canary@example.org")
    return {"pid": os.getpid(), "limit": current().cardinality_limit}
