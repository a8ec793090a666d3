"""The rows of `data/national_ids.tsv` as detectors."""

from __future__ import annotations

import pkgutil
from typing import TYPE_CHECKING, Final

from discreet.detectors.model import Detector
from discreet.detectors.national.checks import CHECKS
from discreet.detectors.national.shapes import pattern_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from discreet.detectors.model import Proof
    from discreet.detectors.national.algorithms import Check

_DATA: Final = "data/national_ids.tsv"
_PROOFS: Final[dict[str, Proof]] = {"shape": "shape", "word": "word"}


def compact(value: str) -> str:
    """Gives a value in upper case, without what separates its parts."""
    return "".join(char for char in value if char.isalnum() or char == "<").upper()


def _validator(check: Check) -> Callable[[str], bool]:
    return lambda value: check(compact(value))


def rows() -> list[dict[str, str]]:
    """Gives the lines of the table, by the names of its columns."""
    text = (pkgutil.get_data("discreet.detectors", _DATA) or b"").decode()
    header, *lines = (line.split("\t") for line in text.splitlines())
    return [dict(zip(header, line, strict=True)) for line in lines]


def detector_of(row: dict[str, str]) -> Detector:
    """Gives the detector of one line of the table.

    Lower case counts too where a check makes up for it.
    """
    checked = row["check"] != "-"
    worded = row["proof"] == "word"
    return Detector(
        kind=row["kind"],
        group=row["group"],
        name=row["name"],
        pattern=pattern_of(row["shape"], any_case=checked and worded, alone=not worded),
        level=row["level"],
        proof=_PROOFS[row["proof"]],
        words=tuple(row["words"].split("|")) if worded else (),
        validate=_validator(CHECKS[row["check"]]) if checked else None,
        example=row["example"],
        near_miss=row["near_miss"],
        source=row["source"],
    )


NATIONAL_DETECTORS: Final[tuple[Detector, ...]] = tuple(map(detector_of, rows()))
"""In the order of the table."""
