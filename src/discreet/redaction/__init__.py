"""Redaction: takes out of text, values and attributes what is private. Pure: knows nothing of OpenTelemetry."""

from discreet.redaction.actions import ACTIONS, Actions, PseudonymKey, pseudonymize
from discreet.redaction.explain import Finding, explain
from discreet.redaction.markers import FAILED, MARKER, has_marker, is_marker, marker, withheld
from discreet.redaction.redactor import Redactor
from discreet.redaction.walk import AnyValue

__all__ = [
    "ACTIONS",
    "FAILED",
    "MARKER",
    "Actions",
    "AnyValue",
    "Finding",
    "PseudonymKey",
    "Redactor",
    "explain",
    "has_marker",
    "is_marker",
    "marker",
    "pseudonymize",
    "withheld",
]
