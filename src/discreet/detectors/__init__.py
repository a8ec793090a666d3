"""Detectors: the table that says how each kind of private value is recognised, and by which keys."""

from discreet.detectors.keys import key_kind
from discreet.detectors.model import Detector
from discreet.detectors.registry import detectors_named
from discreet.detectors.table import DETECTORS, KIND_LEVELS

__all__ = ["DETECTORS", "KIND_LEVELS", "Detector", "detectors_named", "key_kind"]
