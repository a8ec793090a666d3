"""Writes the reference of attributes: `make attributes`, after a row of the catalogue was changed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from discreet.detectors import CATALOGUE, KIND_LEVELS, WAYS
from discreet.detectors.catalogue import UNLESS_NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator

REFERENCE = Path(__file__).parents[2] / "docs" / "attributes.md"
DATA = "../src/discreet/detectors/data/attributes.tsv"
ROWS = tuple(CATALOGUE.values())


def markdown() -> Iterator[str]:
    """Give the lines of the reference."""
    yield from _head()
    yield from _ways()
    yield from _kinds()
    yield from _treated()


def _head() -> Iterator[str]:
    package = sum(row.since != "-" for row in ROWS)
    levels = Counter(row.sensitivity for row in ROWS)
    yield from (
        "# Attributes",
        "",
        f"Written by `make attributes` from [the table]({DATA}), which has one row",
        f"for each of the {package} names of `opentelemetry-semantic-conventions` from 0.61b0 on, old and new",
        f"generation alike, and for {len(ROWS) - package} more that the model or instrumentations for Python have",
        "beside it. A row says how sensitive the attribute is and in which way it is cleaned; a name that ends in `.*`",
        "is a template. Redaction and classification read the same rows.",
        "",
        f"- **Sensitivity**: {', '.join(f'{levels[level]} {level}' for level in _LEVELS)}. A record that carries a",
        "  confidential or restricted attribute has at least that level, cleaned or not, whatever it says of itself.",
        "  Internal is what records are anyway. Resource attributes stand on every record and raise none.",
        "- **Every value is looked at by the detectors**, whichever row it has: values go under wrong names. Names",
        "  that have no row are judged by their words ([detection](detection.md)).",
        "- **`discreet explain --key NAME VALUE`** names the row where it decided.",
    )


def _ways() -> Iterator[str]:
    counts = Counter(row.way for row in ROWS)
    yield from ("", "## Ways of cleaning", "", "| way | names | what it does |", "|---|---|---|")
    for way, meaning in WAYS.items():
        yield f"| `{way}` | {counts[way]} | {meaning} |"


def _kinds() -> Iterator[str]:
    kinds = sorted({row.kind for row in ROWS if row.way == "kind"})
    yield from (
        "",
        "## Kinds of whole values",
        "",
        "What becomes of them is said by [`actions`](detection.md): `person_id=pseudonymize`, `location=keep`. What is",
        "kept is looked at like any other value.",
        "",
        "| kind | level | by default | attributes |",
        "|---|---|---|---|",
    )
    for kind in kinds:
        names = ", ".join(f"`{row.name}`" for row in ROWS if row.way == "kind" and row.kind == kind)
        yield f"| `{kind}` | {KIND_LEVELS[kind]} | {'left' if kind in UNLESS_NAMED else 'redacted'} | {names} |"


def _treated() -> Iterator[str]:
    yield from (
        "",
        "## Attributes that are more than internal, or have a way of their own",
        "",
        "All others are `none`.",
        "",
        "| attribute | sensitivity | way | kind | why |",
        "|---|---|---|---|---|",
    )
    for row in ROWS:
        if row.way != "none":
            kind = "" if row.kind == "-" else f"`{row.kind}`"
            yield f"| `{row.name}` | {row.sensitivity} | `{row.way}` | {kind} | {row.source} |"


_LEVELS = ("public", "internal", "confidential", "restricted")

if __name__ == "__main__":
    REFERENCE.write_text("\n".join(markdown()) + "\n", encoding="utf-8")
