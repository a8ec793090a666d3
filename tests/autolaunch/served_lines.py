"""An application that says private things in every way that logging has; knows nothing of Discreet. Tests serve it."""

import logging
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from fastapi import FastAPI

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
logging.captureWarnings(True)
logger = logging.getLogger("shop.orders")
pool = ThreadPoolExecutor(1)
app = FastAPI()


@app.get("/of/{who}")
def of(who: str, card: str = "") -> dict[str, str]:
    logger.info("asked for %s\nwith %s", who, card, extra={"customer": {"email": who, "password": "hunter22"}})
    logger.warning({"customer": who, "card": card})
    logger.info("%d visits", who)
    warnings.warn(f"no {who}", stacklevel=1)
    pool.submit(copy_context().run, logger.info, "later for %s", who).result()
    try:
        raise LookupError(f"no {who}")
    except LookupError:
        logger.exception("failed for %s", who, stack_info=True)
    return {"who": who}


@app.get("/fails/{who}")
def fails(who: str) -> None:
    raise ValueError(f"no {who} here")
