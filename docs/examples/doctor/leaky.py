"""The same service with a library that patches OpenTelemetry after Discreet: spans pass it raw, and the doctor says so.

Look into it with `discreet doctor -- opentelemetry-instrument uvicorn doctor.leaky:app` in docs/examples.
"""

from typing import Any

from opentelemetry.sdk.trace import SynchronousMultiSpanProcessor

from .app import app

__all__ = ["app"]


def on_end(self: Any, span: Any) -> None:
    """Hand spans on without the guard, as a well-meant patch may do."""
    for processor in self._span_processors:
        processor.on_end(span)


SynchronousMultiSpanProcessor.on_end = on_end  # type: ignore[method-assign]
