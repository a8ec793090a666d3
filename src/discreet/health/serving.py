"""Health as the policy wants it: rounds of checks, their gauge, and who may ask for it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from discreet.health import rounds
from discreet.health.endpoints import cover_starlette
from discreet.metrics import report_state

if TYPE_CHECKING:
    from discreet.policy import Policy


def serve(policy: Policy) -> None:
    """Check from now on, and answer where the policy says so; nothing where checks are off. Idempotent."""
    if not policy.health_interval:
        return
    report_state("health", rounds.states)
    rounds.begin()
    if policy.health_endpoints:
        cover_starlette()
    if policy.health_port:
        from discreet.health.port import PORT  # a server, which most processes have no use for

        PORT.open(policy.health_port)


def stop() -> None:
    """Check and answer no more. For tests: a port is closed, too."""
    rounds.end()
    port = sys.modules.get("discreet.health.port")
    if port is not None:
        port.PORT.close()
