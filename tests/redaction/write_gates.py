"""Writes the store of derived gates: `make gates`, after a pattern of the table was changed."""

from __future__ import annotations

import json
from pathlib import Path

from discreet import redaction
from discreet.detectors import DETECTORS
from discreet.redaction.gates import derive, digest
from discreet.redaction.rules import any_digit

STORE = Path(redaction.__file__).parent / "data" / "gates.json"


def gates() -> dict[str, str]:
    """Give the gate of every pattern of the table that has none of its own, by the digest of the pattern."""
    rows = [row for row in DETECTORS if row.proof == "shape" and not row.gate]
    return {digest(row.pattern): derive(row.pattern, any_digit=any_digit(row)) for row in rows}


if __name__ == "__main__":
    STORE.write_text(json.dumps(gates(), indent=0, sort_keys=True) + "\n", encoding="utf-8")
