"""Health: checks off the request path, their results as gauges and events, and the endpoints that orchestrators ask."""

from discreet.health.checks import check
from discreet.health.endpoints import HealthMiddleware, cover_starlette, health_wsgi
from discreet.health.report import answer
from discreet.health.results import Found, Result, Status
from discreet.health.rounds import ROUNDS, begin, end, states
from discreet.health.serving import serve, stop

__all__ = [
    "ROUNDS", "Found", "HealthMiddleware", "Result", "Status", "answer", "begin", "check", "cover_starlette", "end",
    "health_wsgi", "serve", "states", "stop",
]  # fmt: skip
