"""The propagator that arms: a module of its own, which needs nothing of OpenTelemetry's instrumentation.

`opentelemetry.instrumentation.distro` itself imports the propagators, and so comes here while it is half loaded.
"""

from __future__ import annotations

import contextlib
from typing import Any

from opentelemetry.propagators.textmap import TextMapPropagator

from discreet import guard, runtime


def _complete() -> None:
    """Arm what was still being imported when the propagator was made, which is where it is looked up."""
    with contextlib.suppress(Exception):
        guard.complete()


class ArmingPropagator(TextMapPropagator):
    """Writes and reads nothing: choosing it in ``OTEL_PROPAGATORS`` arms the guard in any process.

    ``OTEL_PROPAGATORS=tracecontext,baggage,discreet``, for processes that neither ``opentelemetry-instrument`` starts
    nor `discreet.configure` sets up.
    """

    def __init__(self) -> None:
        runtime.arm("OTEL_PROPAGATORS")

    def extract(self, carrier: Any, context: Any = None, getter: Any = None) -> Any:  # noqa: ARG002
        """Take nothing."""
        _complete()
        from opentelemetry.context import get_current

        return get_current() if context is None else context

    def inject(self, carrier: Any, context: Any = None, setter: Any = None) -> None:  # noqa: ARG002
        """Write nothing."""
        _complete()

    @property
    def fields(self) -> set[str]:
        """No fields."""
        return set()
