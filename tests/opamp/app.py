"""An app that does what its standard input says, line by line, and prints what came of it."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import discreet

if TYPE_CHECKING:
    from collections.abc import Callable

spans = InMemorySpanExporter()


def redact(text: str) -> str:
    """Give a text as it would leave."""
    return str(discreet.redact(text))


def names_of_spans(_: str) -> str:
    """Name the spans that were made in this process."""
    return ",".join(span.name for span in spans.get_finished_spans())


def fork(_: str) -> str:
    """Fork a child that lives as long as its parent, and ends as a process does."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(write)
        os.read(read, 1)
        sys.exit()
    return str(pid)


COMMANDS: dict[str, Callable[[str], str]] = {"redact": redact, "spans": names_of_spans, "fork": fork}

if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    discreet.configure(exporters=["none"], service_name="orders", instrument=["requests", "urllib3"])
    trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(spans))  # type: ignore[attr-defined]
    print("ready", flush=True)
    for line in sys.stdin:
        command, _, text = line.strip().partition(" ")
        print(COMMANDS[command](text), flush=True)
