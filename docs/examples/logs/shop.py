"""The same order in the lines of three logging libraries: JSON objects, or for a terminal.

Run it as `python docs/examples/logs/shop.py` with structlog and loguru installed; `DISCREET_LOG_FORMAT=console` gives
the form for a terminal. It ends with status 1, by an exception that nobody catches.
"""

import logging
import os
import sys

import structlog
from loguru import logger as loguru_logger
from opentelemetry import trace

import discreet
from discreet.integrations import loguru_context, structlog_context

CUSTOMER = "zoe@example.org"


def set_up() -> None:
    """Set up the libraries. Handlers and formatters of the standard library stay as the app has them."""
    os.environ.setdefault("DISCREET_LOG_FORMAT", "json")
    discreet.configure(service_name="shop", signals=["traces"], exporters=["none"], instrument=False)
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog_context,  # last before the renderer
            structlog.processors.JSONRenderer(),
        ]
    )
    loguru_logger.remove()
    loguru_logger.add(sys.stdout, serialize=True)
    loguru_logger.configure(patcher=loguru_context)


def main() -> None:
    """Say the order in each, within one trace, and fail with it."""
    set_up()
    logger = logging.getLogger("shop.orders")
    through_stdlib = structlog.wrap_logger(
        logger, wrapper_class=structlog.stdlib.BoundLogger, processors=[structlog.stdlib.render_to_log_kwargs]
    )
    with trace.get_tracer("shop").start_as_current_span("order"):
        logger.info("order of %s", CUSTOMER, extra={"amount": 12, "card": "4111 1111 1111 1111"})
        through_stdlib.info("order", customer=CUSTOMER, amount=12)
        structlog.get_logger().info("order", customer=CUSTOMER, amount=12)
        loguru_logger.bind(customer=CUSTOMER, amount=12).info("order")
    raise LookupError(f"no stock for {CUSTOMER}")


if __name__ == "__main__":
    main()
