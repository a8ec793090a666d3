"""Explanations: which detector looked at a text, what it found where, and what made it leave a look-alike alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.detectors import KIND_LEVELS, attribute_of, key_kind
from discreet.detectors.catalogue import UNLESS_NAMED
from discreet.detectors.keys import LIKE
from discreet.detectors.looks import holds
from discreet.detectors.sql import literal_spans
from discreet.redaction.gates import searcher
from discreet.redaction.markers import is_marker, is_masked
from discreet.redaction.rules import shape_gate
from discreet.redaction.ways import WAYS, is_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from discreet.detectors import Attribute, Detector
    from discreet.redaction.redactor import Redactor

_RAISING: Final = frozenset({"confidential", "restricted"})


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
        why: The format's source or the row of the catalogue for what was redacted, the rule that left what was left.
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
    row = attribute_of(path)
    way = WAYS.get(path)
    if way == "sql":
        for start, end in literal_spans(text, numbers=True):
            yield Finding(path, start, end, "sql_literal", "sql_literal", "internal", "key", "redacted", path)
        return
    if not text or is_marker(text) or is_masked(text):
        return
    by_key = list(_by_key(text, path, row, redactor))
    yield from by_key
    if any(finding.outcome == "redacted" for finding in by_key):
        return
    before = "?" * (way == "query")
    found = {*_redacted(before + text, path, redactor), *_left(before + text, path, redactor)}
    for finding in sorted(found):
        shifted = finding._replace(start=max(0, finding.start - len(before)), end=finding.end - len(before))
        stays = row is not None and way == "machine" and finding.kind == "ip_address" and is_address(text)
        yield shifted._replace(outcome="left", why=_said_by(row)) if row is not None and stays else shifted


def _by_key(text: str, path: str, row: Attribute | None, redactor: Redactor) -> Iterator[Finding]:
    """Yields what the key tells of the whole value: by its words, or by its row in the catalogue."""
    kind = key_kind(path) if path else None
    if kind is not None and kind.removesuffix(LIKE) not in redactor.actions.kept:
        bare = kind.removesuffix(LIKE)
        held = holds(kind, text)
        why = "data/keys.tsv" if row is None or row.kind != bare else _said_by(row)
        why = why if held else "the key tells only half, and the value does not look like one"
        level = KIND_LEVELS.get(bare, "restricted")
        yield Finding(path, 0, len(text), bare, f"{bare}_key", level, "key", "redacted" if held else "left", why)
    elif row is not None and (kind in UNLESS_NAMED or row.sensitivity in _RAISING):
        told = row.way if row.kind == "-" else row.kind
        yield Finding(path, 0, len(text), told, "catalogue", row.sensitivity, "key", "left", _said_by(row))


def _said_by(row: Attribute) -> str:
    """Gives in words which row of the catalogue decided, and why it is there."""
    asked = f"; `actions` has to name {row.kind}" if row.kind in UNLESS_NAMED else ""
    return f"data/attributes.tsv, {row.name}: {row.source}{asked}"


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
