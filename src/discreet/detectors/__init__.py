"""Detectors: the table that says how each kind of private value is recognised, and by which keys."""

from discreet.detectors.custom import detector_of, installed
from discreet.detectors.keys import key_kind
from discreet.detectors.model import Detector, DetectorError
from discreet.detectors.planted import planted_detectors
from discreet.detectors.registry import KIND_LEVELS, detectors_named, groups, kinds_of, learn_levels, nearest
from discreet.detectors.table import DETECTORS

__all__ = [
    "DETECTORS",
    "KIND_LEVELS",
    "Detector",
    "DetectorError",
    "detector_of",
    "detectors_named",
    "groups",
    "installed",
    "key_kind",
    "kinds_of",
    "learn_levels",
    "nearest",
    "planted_detectors",
]
