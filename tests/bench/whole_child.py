"""A measured process of `whole.py`: runs one block of work per line of standard input, and says what it cost.

It sets telemetry up before it imports anything that is instrumented, as `opentelemetry-instrument` does, and imports
Discreet only when told to, so that it runs where that is not installed.
"""

from __future__ import annotations

import json
import logging
import sys


def set_up(variant: str) -> None:
    """Set telemetry up as the variant says: none, as the stock distribution does, or as Discreet does."""
    if variant == "discreet":
        import discreet

        discreet.configure()
    elif variant.startswith("stock"):
        from opentelemetry.instrumentation.auto_instrumentation import initialize
        from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor

        initialize()
        # The stock distribution declines SQLAlchemy 2.1, and would have fewer spans to pay for.
        SQLAlchemyInstrumentor().instrument(skip_dep_check=True)
    logging.getLogger().setLevel(logging.INFO)


def main() -> None:
    """Set up, and work on command: `name count dirty`."""
    set_up(sys.argv[1])
    from whole_work import Work  # type: ignore[import-not-found]  # beside this file, which is run as a program

    work = Work()
    for line in sys.stdin:
        name, count, dirty = line.split()
        print(json.dumps(work.block(name, int(count), int(dirty))), flush=True)


if __name__ == "__main__":
    main()
