"""Helpers for tests and demonstrations: an OTLP receiver on loopback, and what it received as plain Python.

The names are loaded when they are first used: importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from discreet.testing.receiver import OtlpReceiver
    from discreet.testing.records import LogItem, MetricItem, SpanItem
    from discreet.testing.request import Request, Signal
    from discreet.testing.values import plain_attributes, plain_value

__all__ = [
    "LogItem",
    "MetricItem",
    "OtlpReceiver",
    "Request",
    "Signal",
    "SpanItem",
    "plain_attributes",
    "plain_value",
]

_HOMES = {
    "LogItem": "records",
    "MetricItem": "records",
    "OtlpReceiver": "receiver",
    "Request": "request",
    "Signal": "request",
    "SpanItem": "records",
    "plain_attributes": "values",
    "plain_value": "values",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
