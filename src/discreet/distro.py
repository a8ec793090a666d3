"""Entry points: every way in which OpenTelemetry starts us leads to the one runtime."""

from __future__ import annotations

import logging
import os
from typing import Any

from opentelemetry.instrumentation.distro import BaseDistro  # type: ignore[attr-defined]
from opentelemetry.sdk._configuration import _OTelSDKConfigurator

from discreet import launcher, runtime
from discreet.setup import environment, instrumentors
from discreet.setup.providers import keeping_security

_logger = logging.getLogger("discreet")


class DiscreetDistro(BaseDistro):  # type: ignore[misc]
    """Our distribution: arms the guard before any provider exists (entry point ``opentelemetry_distro``)."""

    def _configure(self, **_kwargs: Any) -> None:
        runtime.arm("opentelemetry-instrument: our distribution")
        environment.set_defaults()
        if "OTEL_PYTHON_CONFIGURATOR" not in os.environ:
            os.environ["OTEL_PYTHON_CONFIGURATOR"] = "discreet"
            chosen = os.environ.get(launcher.MARK, "")
            os.environ[launcher.MARK] = f"{chosen},OTEL_PYTHON_CONFIGURATOR"


class DiscreetConfigurator(_OTelSDKConfigurator):
    """Our configurator: the SDK's own, behind the guard (entry point ``opentelemetry_configurator``)."""

    def _configure(self, **kwargs: Any) -> None:
        launcher.take_back()
        runtime.arm("opentelemetry-instrument: our configurator")
        if path := os.environ.get("OTEL_CONFIG_FILE"):
            runtime.build_from_file(path)
            return
        try:
            with keeping_security():
                super()._configure(**kwargs)  # type: ignore[no-untyped-call]
        except Exception as error:
            _logger.error(  # noqa: TRY400 - a traceback quotes what was wrong
                "discreet: OpenTelemetry could not be configured (%s); the app runs on without telemetry. "
                "Check the OTEL_* variables.",
                type(error).__name__,
            )


def pre_instrument() -> None:
    """Arm under anybody's distribution, before libraries are instrumented (``opentelemetry_pre_instrument``)."""
    launcher.take_back()
    runtime.arm("opentelemetry-instrument: the hook before instrumentors")
    runtime.observe()


def post_instrument() -> None:
    """Instrument what was left out for its version, although it works (``opentelemetry_post_instrument``)."""
    instrumentors.instrument_declined()
