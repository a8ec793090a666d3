"""Explanations: which detector looked at a text, what it found where, and what made it leave a look-alike alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from discreet.detectors import KIND_LEVELS, key_kind
from discreet.detectors.keys import LIKE
from discreet.detectors.looks import holds
from discreet.detectors.sql import literal_spans
from discreet.redaction.gates import searcher
from discreet.redaction.markers import is_marker, is_masked
from discreet.redaction.rules import shape_gate
from discreet.redaction.statements import SQL_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from discreet.detectors import Detector
    from discreet.redaction.redactor import Redactor


class Finding(NamedTuple):
    """What one detector made of one part of a text.

    Attributes:
        path: Key of the attribute, or of the nested value; empty for a plain text.
        start: First character, counted from 0; the whole value for a telling key.
        end: One past the last character.
        kind: What the marker says.
        detector: Name of the row of the table.
        level: "internal", "confidential" or "restricted".
        proof: "shape", "word" or "key".
        outcome: "redacted", or "left" for a look-alike.
        why: The format's source for what was redacted, the rule that was not met for what was left.
    """

    path: str
    start: int
    end: int
    kind: str
    detector: str
    level: str
    proof: str
    outcome: str
    why: str


def explain(value: object, key: str | None, redactor: Redactor) -> list[Finding]:
    """Gives every finding in a value, nested ones too, in the order of their places. No finding quotes the value."""
    return list(_walk(value, key or "", redactor))


def _walk(value: object, path: str, redactor: Redactor) -> Iterator[Finding]:
    if isinstance(value, dict):
        for name, below in value.items():
            shown = redactor.text(str(name), set())
            here = f"{path}.{shown}" if path else shown
            yield from (finding for finding in _redacted(str(name), here, redactor))
            yield from _walk(below, here, redactor)
    elif isinstance(value, (list, tuple)):
        for below in value:
            yield from _walk(below, path, redactor)
    elif value is not None and not isinstance(value, bool):
        yield from _leaf(str(value), path, redactor)


def _leaf(text: str, path: str, redactor: Redactor) -> Iterator[Finding]:
    kind = key_kind(path) if path else None
    if kind is not None and kind.removesuffix(LIKE) in redactor.actions.kept:
        kind = None
    if path in SQL_KEYS:
        for start, end in literal_spans(text, numbers=True):
            yield Finding(
                path, start, end, "sql_literal", "sql_literal", "internal", "key", "redacted", "db.query.text"
            )
        return
    if not text or is_marker(text) or is_masked(text):
        return
    if kind is not None:
        held = holds(kind, text)
        bare = kind.removesuffix(LIKE)
        why = "data/keys.tsv" if held else "the key tells only half, and the value does not look like one"
        level = KIND_LEVELS.get(bare, "restricted")
        yield Finding(path, 0, len(text), bare, f"{bare}_key", level, "key", "redacted" if held else "left", why)
        if held:
            return
    yield from sorted({*_redacted(text, path, redactor), *_left(text, path, redactor)})


def _redacted(text: str, path: str, redactor: Redactor) -> Iterator[Finding]:
    rows = _rows(redactor.detectors)
    for start, end, kind, name in redactor.spans(text):
        row = rows.get(name)
        proof, source = (row.proof, row.source) if row else ("key", "data/keys.tsv")
        yield Finding(path, start, end, kind, name, KIND_LEVELS.get(kind, "restricted"), proof, "redacted", source)


def _left(text: str, path: str, redactor: Redactor) -> Iterator[Finding]:
    """Yields what a pattern matches and a rule of the same detector refuses."""
    fired = redactor.fired(text)
    for row in redactor.detectors:
        if row.proof != "shape" or row.name not in fired or (row.validate is None and row.spans is None):
            continue
        pattern, gate = re.compile(row.pattern), searcher(shape_gate(row))
        for match in pattern.finditer(text):
            start, end = match.span("value" if "value" in pattern.groupindex else 0)
            if not gate(text[max(0, start - 1) : end + 1]):
                continue
            rule = _refusal(row, text, start, end)
            if rule:
                yield Finding(path, start, end, row.kind, row.name, row.level, row.proof, "left", rule)


def _refusal(row: Detector, text: str, start: int, end: int) -> str:
    """Gives the rule that a match does not meet; nothing if it meets all."""
    if row.validate is not None and not row.validate(text[start:end]):
        return _sentence(row.validate)
    if row.spans is not None and not list(row.spans(text, start, end)):
        return _sentence(row.spans)
    return ""


def _sentence(check: Any) -> str:
    """Gives the first line of a check's docstring: what it asks."""
    parts = [part for part in (check.__doc__ or "").strip().split("\n\n") if not part.lstrip().startswith("Args")]
    if not parts:
        return "left by the detector's own check"
    said = " ".join(parts[-1].split()).partition(". ")[0].rstrip(".")
    if said.startswith("Says whether "):
        return f"left by the rule: only if {said.removeprefix('Says whether ')}"
    return f"left by the rule: {said}"


def _rows(detectors: Sequence[Detector]) -> Mapping[str, Detector]:
    return {row.name: row for row in detectors}
