"""A live span as others see it: reads are clean, writes reach the span."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_READS = frozenset(
    {
        "attributes", "context", "dropped_attributes", "dropped_events", "dropped_links", "end_time", "events",
        "get_span_context", "instrumentation_scope", "kind", "links", "name", "parent", "resource", "start_time",
        "status", "to_json",
        "_attributes", "_context", "_end_time", "_events", "_instrumentation_scope", "_kind", "_links", "_name",
        "_parent", "_resource", "_start_time", "_status",
    }
)  # fmt: skip


class LiveSpan:
    """Stands for a span that has not ended, in front of processors that are not ours.

    ``isinstance`` holds as for the span itself. A processor that reaches through ``vars()`` still finds the span: this
    is best effort against mistakes, not a sandbox.
    """

    __slots__ = ("__clean", "__span", "__weakref__")

    def __init__(self, span: Any, clean: Callable[[Any], Any]) -> None:
        if type(span) is LiveSpan:  # a processor handed on what it was handed
            span = object.__getattribute__(span, "_LiveSpan__span")
        object.__setattr__(self, "_LiveSpan__span", span)
        object.__setattr__(self, "_LiveSpan__clean", clean)

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """Pass for the span's own class."""
        return type(self.__span)

    def __getattr__(self, name: str) -> Any:
        """Give what reads from a clean copy made now, and everything else from the span."""
        if name == "_readable_span":
            return lambda: self.__clean(self.__span._readable_span())
        if name in _READS:
            return getattr(self.__clean(self.__span._readable_span()), name)
        return getattr(self.__span, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Write through."""
        setattr(self.__span, name, value)

    def __enter__(self) -> Any:
        """Enter the span itself, which hands on the view."""
        self.__span.__enter__()
        return self

    def __exit__(self, *exc: object) -> Any:
        """Leave the span itself."""
        return self.__span.__exit__(*exc)

    def __eq__(self, other: object) -> bool:
        """Two views of one span are equal, and equal to the span."""
        return other is self.__span or getattr(other, "_LiveSpan__span", None) is self.__span

    def __hash__(self) -> int:
        """Hash as the span does."""
        return hash(self.__span)
