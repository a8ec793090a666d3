"""Applications and engines older than `discreet.configure`, or made by a name that was imported before it.

Instrumentations replace the names of classes and functions, so code that imported a name earlier goes past them. Here
the class itself is replaced at a point that each object passes later: a FastAPI application when it builds its
middleware, an SQLAlchemy engine when it connects.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import sys
import weakref
from typing import Any

from wrapt import wrap_function_wrapper

_logger = logging.getLogger("discreet")
_covered: set[str] = set()


def cover(instrumented: list[str]) -> list[str]:
    """Cover what exists already of the instrumented libraries; give in words what could not be reached."""
    unreached: list[str] = []
    for library, covering in (("fastapi", _fastapi), ("sqlalchemy", _sqlalchemy)):
        if library in instrumented and library in sys.modules:
            try:
                unreached += covering()
            except Exception as error:
                unreached.append(f"what exists already of {library} ({type(error).__name__})")
    return unreached


def _fastapi() -> list[str]:
    from fastapi import applications
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

    original = next(cls for cls in applications.FastAPI.__mro__ if cls.__module__ == "fastapi.applications")

    def build(wrapped: Any, app: Any, args: Any, kwargs: Any) -> Any:
        if getattr(app, "_is_instrumented_by_opentelemetry", False):
            return wrapped(*args, **kwargs)
        try:
            FastAPIInstrumentor.instrument_app(app)
        except Exception as error:
            _say("a FastAPI application", error)
            return wrapped(*args, **kwargs)
        return app.build_middleware_stack()

    if "fastapi" not in _covered:
        _covered.add("fastapi")
        wrap_function_wrapper("fastapi.applications", f"{original.__name__}.build_middleware_stack", build)
    return [problem for app in _instances(original) if (problem := _rebuilt(app))]


def _rebuilt(app: Any) -> str:
    """Build the middleware of an application that runs already once more; give what went wrong, in words."""
    if app.middleware_stack is None or getattr(app, "_is_instrumented_by_opentelemetry", False):
        return ""
    try:
        app.middleware_stack = app.build_middleware_stack()
    except Exception as error:
        return f"a FastAPI application that runs already ({type(error).__name__} as its middleware was built again)"
    return ""


def _sqlalchemy() -> list[str]:
    from opentelemetry.instrumentation.sqlalchemy import engine as traced
    from opentelemetry.metrics import get_meter
    from opentelemetry.trace import get_tracer

    if "sqlalchemy" in _covered:
        return []
    _covered.add("sqlalchemy")
    seen: weakref.WeakSet[Any] = weakref.WeakSet()
    scope = "opentelemetry.instrumentation.sqlalchemy"
    usage = get_meter(scope).create_up_down_counter(
        "db.client.connections.usage", "connections", "Connections by state, of engines older than instrumentation."
    )

    def trace(engine: Any) -> None:
        if engine not in seen:
            seen.add(engine)
            if not any(target() is engine for target, _, _ in traced.EngineTracer._remove_event_listener_params):
                traced.EngineTracer(get_tracer(scope), engine, usage)  # type: ignore[no-untyped-call]

    def connect(wrapped: Any, engine: Any, args: Any, kwargs: Any) -> Any:
        try:
            trace(engine)
        except Exception as error:
            _say("an SQLAlchemy engine", error)
        return wrapped(*args, **kwargs)

    wrap_function_wrapper("sqlalchemy.engine.base", "Engine.connect", connect)
    return []


def _say(what: str, error: Exception) -> None:
    """Say, outside of `discreet.configure`, that something could not be instrumented; the app goes on without."""
    with contextlib.suppress(Exception):
        _logger.warning("discreet: %s could not be instrumented (%s)", what, type(error).__name__)


def _instances(cls: type) -> list[Any]:
    return [thing for thing in gc.get_objects() if isinstance(thing, cls)]
