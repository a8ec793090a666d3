"""What the interpreter and its event loops tell of themselves."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

from discreet.metrics.readings import value
from discreet.metrics.row import COUNTER, GAUGE, Row

if TYPE_CHECKING:
    from discreet.metrics.sources import Figures

_GENERATION: Final = "cpython.gc.generation"


def collections() -> Figures:
    """Give the figures of the garbage collector for each generation, since the interpreter began (gc.get_stats)."""
    return [({_GENERATION: number}, dict(figures)) for number, figures in enumerate(gc.get_stats())]


ROWS: Final = (
    Row(
        "cpython.gc.collections",
        COUNTER,
        "{collection}",
        "The number of times a generation was collected since interpreter start.",
        (_GENERATION,),
        value("gc", "collections"),
    ),
    Row(
        "cpython.gc.collected_objects",
        COUNTER,
        "{object}",
        "The total number of objects collected inside a generation since interpreter start.",
        (_GENERATION,),
        value("gc", "collected"),
    ),
    Row(
        "cpython.gc.uncollectable_objects",
        COUNTER,
        "{object}",
        "The total number of objects which were found to be uncollectable inside a generation since interpreter start.",
        (_GENERATION,),
        value("gc", "uncollectable"),
    ),
    Row(
        "discreet.event_loop.lag",
        GAUGE,
        "s",
        "The longest time of the last minute by which a callback of an event loop came too late.",
        (),
        value("event_loops", "lag"),
    ),
)
