"""Access logs of the servers: what their loggers hand over apart, under the names of the semantic conventions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Mapping

_REQUEST: Final = 5  # client, method, path with query, version, status: as uvicorn logs a request

ATOMS: Final[Mapping[str, str]] = {
    "h": "client.address",
    "m": "http.request.method",
    "U": "url.path",
    "q": "url.query",
    "H": "network.protocol.version",
    "s": "http.response.status_code",
    "B": "http.response.body.size",
    "a": "user_agent.original",
}
"""gunicorn's atoms that become attributes."""

_RESPONSE_TRACE: Final = "{traceresponse}o"
"""The atom of the header by which the response carries its trace id (W3C Trace Context level 2)."""


def _of_uvicorn(args: Any) -> dict[str, Any]:
    if len(args) != _REQUEST:
        return {}
    client, method, target, version, status = args
    path, _, query = target.partition("?")
    return {
        "client.address": client.rpartition(":")[0],
        "http.request.method": method,
        "url.path": path,
        "url.query": query,
        "network.protocol.version": version,
        "http.response.status_code": status,
    }


def _of_gunicorn(atoms: Any) -> dict[str, Any]:
    held = {name: atoms.get(atom) for atom, name in ATOMS.items()}
    held["http.response.status_code"] = int(atoms["s"])
    held["network.protocol.version"] = atoms["H"].removeprefix("HTTP/")
    return held


READERS: Final[Mapping[str, Callable[[Any], dict[str, Any]]]] = {
    "uvicorn.access": _of_uvicorn,
    "gunicorn.access": _of_gunicorn,
}
"""By logger, what reads the arguments of its records."""


def request(record: logging.LogRecord) -> dict[str, Any]:
    """Give the attributes of the request that a server's access log tells of, raw; empty for any other record."""
    reader = READERS.get(record.name) if type(record.name) is str else None
    if reader is None or not record.args:
        return {}
    try:
        told = reader(record.args)
    except Exception:
        return {}  # somebody else logs there: its arguments are in the message anyway
    return {name: value for name, value in told.items() if value not in (None, "", "-")}


def trace_parent(record: logging.LogRecord) -> str:
    """Give the trace parent that a response carried, as gunicorn tells it after its span has ended; empty if none."""
    args: Any = record.args
    if record.name != "gunicorn.access" or not hasattr(args, "get"):
        return ""
    return str(args.get(_RESPONSE_TRACE) or "")
