"""The detectors of this process: the table, and those that installed packages bring."""

from __future__ import annotations

import logging
from functools import lru_cache

from discreet.detectors import DETECTORS, Detector, installed, learn_levels

_logger = logging.getLogger("discreet")


@lru_cache(maxsize=1)
def known_detectors() -> tuple[Detector, ...]:
    """Give the table and the detectors of installed packages; one that cannot be loaded is said, and left out."""
    found, problems = installed()
    for problem in problems:
        _logger.error("discreet: detectors of entry point %s", problem)
    learn_levels(found)
    return (*DETECTORS, *found)


def known_with(patterns: tuple[Detector, ...]) -> tuple[Detector, ...]:
    """Give the detectors of this process with those of a configuration."""
    return (*known_detectors(), *patterns)
