"""Detectors from outside: entry points of other packages, and patterns of the configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from discreet.detectors import linear
from discreet.detectors.model import Detector, DetectorError

ENTRY_POINTS: Final = "discreet.detectors"
_FIELDS: Final = ("kind", "pattern", "example", "near_miss", "group", "level", "source", "name", "words")
_NEEDED: Final = ("kind", "pattern", "example", "near_miss")


def detector_of(row: object) -> Detector:
    """Gives the detector that a mapping of the configuration describes, tried on its own example and near-miss.

    Needed are `kind`, `pattern`, `example` and `near_miss`; `group` is "custom" and `level` "restricted" unless given.

    Raises:
        DetectorError: Naming field and rule, never a value.
    """
    if not isinstance(row, Mapping):
        raise DetectorError("must be a mapping with kind, pattern, example and near_miss")
    unknown = [field for field in row if field not in _FIELDS]
    if unknown:
        raise DetectorError(f"a field is not known; known are {', '.join(_FIELDS)}")
    missing = [field for field in _NEEDED if not isinstance(row.get(field), str) or not row[field]]
    if missing:
        raise DetectorError(f"{missing[0]}: give it, as text")
    words = row.get("words") or ()
    if isinstance(words, str) or not all(isinstance(word, str) for word in words):
        raise DetectorError("words: give a list of texts")
    defaults = {"group": "custom", "level": "restricted", "source": "configuration"}
    texts: dict[str, Any] = {
        field: str(row.get(field) or defaults.get(field, "")) for field in _FIELDS if field != "words"
    }
    detector = Detector(proof="word" if words else "shape", words=tuple(words), **texts)
    _try(detector)
    return detector


def _try(detector: object) -> None:
    """Raises if the pattern does not compile, is not linear, or does not do what its examples say."""
    if not isinstance(detector, Detector):
        raise DetectorError("not a Detector")
    try:
        linear.check(detector.pattern)
        pattern = re.compile(detector.pattern)
    except linear.NotLinear as error:
        raise DetectorError(str(error)) from None
    except (re.error, RecursionError, OverflowError):
        raise DetectorError("pattern: does not compile") from None
    if pattern.search("") is not None:
        raise DetectorError("pattern: matches the empty text; let it take one character at least")
    if pattern.search(detector.example) is None:
        raise DetectorError("example: the pattern does not find it")
    if not detector.words and pattern.search(detector.near_miss) is not None:
        raise DetectorError("near_miss: the pattern finds it too")


def installed() -> tuple[tuple[Detector, ...], tuple[str, ...]]:
    """Gives the detectors that installed packages bring by entry point, and in words what could not be loaded.

    An entry point of the group `discreet.detectors` names a detector or an iterable of detectors.
    """
    from importlib import metadata

    found: list[Detector] = []
    problems: list[str] = []
    for entry in metadata.entry_points(group=ENTRY_POINTS):
        try:
            loaded = entry.load()
            rows = [loaded] if isinstance(loaded, Detector) else list(loaded)
            for row in rows:
                _try(row)
            found += rows
        except Exception as error:
            reason = str(error) if isinstance(error, DetectorError) else type(error).__name__
            problems.append(f"{entry.name}: {reason}; name a Detector or an iterable of them")
    return tuple(found), tuple(problems)
