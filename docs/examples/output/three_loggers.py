"""The same line by stdlib logging, structlog and loguru, and an exception that nobody catches: all leave redacted.

Run it as `python docs/examples/output/three_loggers.py` with structlog and loguru installed. It ends with status 1.
"""

import logging
import sys

import structlog
from loguru import logger as loguru_logger

import discreet
from discreet.integrations import loguru_patcher, structlog_processor

CUSTOMER = "zoe@example.org"


def set_up() -> None:
    """Set up the three; stdlib logging and uncaught exceptions need nothing of their own."""
    discreet.configure(signals=(), instrument=False)
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog_processor,  # last before the renderer
            structlog.processors.JSONRenderer(),
        ]
    )
    loguru_logger.remove()
    loguru_logger.add(sys.stdout, format="{level} {message} {extra}")
    loguru_logger.configure(patcher=loguru_patcher)


def main() -> None:
    """Say something private in each, and fail with it."""
    set_up()
    logging.getLogger("shop").info("order of %s", CUSTOMER)
    structlog.get_logger("shop").info("order", customer=CUSTOMER, card="4111 1111 1111 1111", amount=12)
    loguru_logger.bind(password="correct horse").info("order of {}", CUSTOMER)
    raise LookupError(f"no stock for {CUSTOMER}")


if __name__ == "__main__":
    main()
