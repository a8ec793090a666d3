"""Ceilings: a record whose level is above that of an exporter is held back there, and only there."""

from __future__ import annotations

import abc
import sys
from typing import TYPE_CHECKING, Any, Final, Generic

from opentelemetry.sdk._logs.export import LogRecordExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter
from opentelemetry.util._importlib_metadata import entry_points

from discreet.classification import Level
from discreet.guard.containment import count
from discreet.guard.parts import SECURITY_LEVEL
from discreet.metrics.counts import COUNTS
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from discreet.policy import Ceiling, Ceilings

_GROUPS: Final = ("opentelemetry_traces_exporter", "opentelemetry_logs_exporter")
_INTERFACES: Final = frozenset({object, abc.ABC, Generic, SpanExporter, LogRecordExporter})
"""Classes whose names say nothing of an exporter."""
_HOLDERS: Final = (("span_exporter",), ("_exporter",), ("_batch_processor", "_exporter"))
"""Where the SDK's processors hold their exporter."""
_DEEPEST: Final = 4  # wrappers round an exporter
_MOST_HELD: Final = 16  # exporters in one list
_MOST_REMEMBERED: Final = 256

_known: tuple[Ceilings | None, dict[int, tuple[Any, Ceiling | None]]] = (None, {})
"""Of one policy, the ceiling by identity of the exporter. Holds the exporter, so that no id comes back."""


def passing(exporter: Any, records: Sequence[Any]) -> Sequence[Any]:
    """Give the records that an exporter may be handed; the others are counted. What it raises lets none pass."""
    ceilings = current().ceilings
    if not ceilings or COUNTS.is_aside():
        return records
    ceiling = _ceiling(exporter, ceilings)
    if ceiling is None:
        return records
    return [record for record in records if _passes(record, ceiling)]


def passes_alone(exporter: Any, record: Any) -> bool:
    """Say whether an exporter may be handed a record of a batch that could not be asked for whole. Never raises."""
    try:
        return bool(passing(exporter, (record,)))
    except Exception:
        count("span" if isinstance(record, ReadableSpan) else "log", "dropped")
        return False


def _passes(record: Any, ceiling: Ceiling) -> bool:
    level = _level(record)
    if level <= ceiling.level:
        return True
    COUNTS.held("span" if isinstance(record, ReadableSpan) else "log", ceiling.name, level.label)
    return False


def _level(record: Any) -> Level:
    """Give the level that was stamped on a clean copy; what cannot be read is restricted."""
    try:
        held: Any = record._attributes if isinstance(record, ReadableSpan) else record.log_record.attributes
        return Level.parse(held[SECURITY_LEVEL])
    except Exception:
        return Level.RESTRICTED


def _ceiling(exporter: Any, ceilings: Ceilings) -> Ceiling | None:
    global _known  # noqa: PLW0603 - bound to one policy
    of_policy, known = _known  # both at once: another thread may go by another policy
    if of_policy is not ceilings or len(known) >= _MOST_REMEMBERED:
        known = {}
        _known = (ceilings, known)
    if id(exporter) not in known:
        known[id(exporter)] = (exporter, _asked(exporter, ceilings))
    return known[id(exporter)][1]


def _asked(exporter: Any, ceilings: Ceilings) -> Ceiling | None:
    try:
        return ceilings.over(names_of(exporter))
    except Exception:  # nobody knows who it is
        return ceilings.strictest()


def names_of(exporter: Any) -> set[str]:
    """Give the names of an exporter and of those that it holds: entry points, ``Class``, ``module:Class``.

    Nothing of the exporter is run: its type and what it holds are looked at, through at most four wrappers.
    """
    kinds = {kind for held in _held(exporter, _DEEPEST, set()) for kind in type(held).__mro__} - _INTERFACES
    names = {name for kind in kinds for name in (kind.__name__, f"{kind.__module__}:{kind.__qualname__}")}
    return names | set(_entry_points(kinds))


def _held(exporter: Any, deepest: int, seen: set[int]) -> Iterator[Any]:
    yield exporter
    seen.add(id(exporter))
    try:
        values = list(object.__getattribute__(exporter, "__dict__").values())
    except AttributeError:  # it has slots
        return
    for value in values:
        for one in value[:_MOST_HELD] if type(value) in {list, tuple} else (value,):
            if deepest and id(one) not in seen and callable(getattr(type(one), "export", None)):
                yield from _held(one, deepest - 1, seen)


def _entry_points(kinds: set[type]) -> Iterator[str]:
    """Yield the names under which classes are registered, and ``otlp`` for every protocol of it.

    Nothing is imported: a class that is in use has been.
    """
    for group in _GROUPS:
        for entry in entry_points(group=group):
            module, _, name = entry.value.partition(":")
            if getattr(sys.modules.get(module), name, None) in kinds:
                yield entry.name
                if entry.name.startswith("otlp_proto_"):
                    yield "otlp"
                    yield entry.name.replace("_proto_", "_")  # as declarative files say


def exporter_of(processor: Any) -> Any | None:
    """Give the exporter of a processor of the SDK, or of one made like it; None where there is none."""
    for path in _HOLDERS:
        held = processor
        for name in path:
            held = getattr(held, name, None)
        if held is not None:
            return held
    return None


def may_have(processor: Any, record: Any) -> bool:
    """Say whether a processor may be handed a record: whether its exporter, if it has one, is below its ceiling."""
    exporter = exporter_of(processor) if current().ceilings else None
    return exporter is None or bool(passing(exporter, (record,)))


def _simple(attribute: str) -> Callable[[Any], Callable[..., None]]:
    """Give the wrapper of a simple processor's dispatch, whose exporter is that attribute."""

    def wrap(original: Callable[..., None]) -> Callable[..., None]:
        def guarded(self: Any, *args: Any, **kwargs: Any) -> None:
            if not current().ceilings or _may_go(getattr(self, attribute), *args, **kwargs):
                original(self, *args, **kwargs)

        return guarded

    return wrap


def _may_go(exporter: Any, *args: Any, **kwargs: Any) -> bool:
    """Say whether the one record goes to the exporter, or the processor itself leaves it."""
    record = (*args, *kwargs.values())[0]
    if isinstance(record, ReadableSpan) and not (record.context and record.context.trace_flags.sampled):
        return True
    return bool(passing(exporter, (record,)))


simple_on_end = _simple("span_exporter")
simple_on_emit = _simple("_exporter")
