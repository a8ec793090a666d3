"""Detectors: the table that says how each kind of private value is recognised, and by which keys."""

from discreet.detectors.catalogue import CATALOGUE, WAYS, Attribute, attribute_of
from discreet.detectors.custom import detector_of, installed
from discreet.detectors.keys import key_kind
from discreet.detectors.model import Detector, DetectorError
from discreet.detectors.planted import planted_detectors
from discreet.detectors.registry import (
    KIND_LEVELS,
    detectors_named,
    groups,
    kinds_acted_on,
    kinds_of,
    learn_levels,
    nearest,
)
from discreet.detectors.table import DETECTORS

__all__ = [
    "CATALOGUE",
    "DETECTORS",
    "KIND_LEVELS",
    "WAYS",
    "Attribute",
    "Detector",
    "DetectorError",
    "attribute_of",
    "detector_of",
    "detectors_named",
    "groups",
    "installed",
    "key_kind",
    "kinds_acted_on",
    "kinds_of",
    "learn_levels",
    "nearest",
    "planted_detectors",
]
