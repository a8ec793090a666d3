"""Prints the tables of docs/metrics.md from the code: ``python -m discreet.metrics.reference docs/metrics.md``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from discreet.metrics import self_observation, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _lines(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def host_table() -> str:
    """Give the metrics of process and host as a Markdown table."""
    heads = ("metric", "instrument", "unit", "attributes", "what")
    rows = (
        (_code([row.name]), row.kind.replace("_", " "), _code([row.unit]), _code(row.attributes), row.description)
        for row in table.ROWS
    )
    return "\n".join(_lines(heads, rows))


def own_table() -> str:
    """Give the metrics of our own work as a Markdown table."""
    heads = ("metric", "instrument", "unit", "attributes", "what")
    rows = (
        (_code([row.name]), row.instrument, _code([row.unit]), _code(row.attributes), row.description)
        for row in self_observation.ROWS
    )
    return "\n".join(_lines(heads, rows))


TABLES = {"host": host_table, "own": own_table}


def renewed(guide: str) -> str:
    """Give the text of the guide with the tables of today."""
    return _BLOCK.sub(lambda block: f"{block[1]}{TABLES[block[2]]()}\n{block[3]}", guide)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
