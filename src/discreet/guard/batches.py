"""Batch processors: raw records wait in their queue, and are cleaned on their worker, just before they are exported."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from opentelemetry.sdk.trace import ReadableSpan

from discreet.guard.containment import count, say_strict
from discreet.guard.deliveries import FAILED, delivered
from discreet.guard.egress import passes_alone, passing
from discreet.guard.logs import clean_log
from discreet.guard.queues import watch
from discreet.guard.spans import clean_span
from discreet.metrics.counts import COUNTS
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from discreet.policy import Policy


class CleanExporter:
    """An exporter that is handed clean records only; everything else passes through to it."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def export(self, batch: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
        """Export the clean copies of the batch, but for those above the ceiling of the exporter."""
        clean: Sequence[Any]
        began = time.perf_counter()
        try:
            clean = clean_batch(batch)
        except Exception:
            count(_signal(batch[0]), "dropped", len(batch))
            clean = ()
        try:
            clean = passing(self._inner, clean)
        except Exception:
            clean = [record for record in clean if passes_alone(self._inner, record)]
        if batch:
            COUNTS.worked(_signal(batch[0]), time.perf_counter() - began)
        if not clean and batch:
            return None
        result: Any = FAILED
        try:
            result = self._inner.export(clean, *args, **kwargs)
        finally:
            with contextlib.suppress(Exception):  # one that cannot be hashed or referred to is not watched
                delivered(_signal(batch[0]), self._inner, result)
        return result

    def __getattr__(self, name: str) -> Any:
        """Pass for the exporter itself."""
        return getattr(self._inner, name)


def _signal(record: Any) -> str:
    return "span" if isinstance(record, ReadableSpan) else "log"


def clean_batch(batch: Sequence[Any]) -> list[Any]:
    """Give the clean copy of each record that can be exported, by one policy; one bad record costs itself at most."""
    policy: Policy | None = None
    with contextlib.suppress(Exception):  # what is not learnt here is looked at one by one
        policy = current()
        policy.redactor.learn(_texts(batch))
    cleaned: list[Any] = []
    for record in batch:
        signal = _signal(record)
        try:
            clean = clean_span(record, policy) if signal == "span" else clean_log(record, policy)
        except Exception:
            say_strict(signal, "dropped")
            continue
        if clean is not None:
            cleaned.append(clean)
    return cleaned


def _texts(batch: Sequence[Any]) -> list[Any]:
    """Give what there is to look at in a batch, so that the redactor can look at it at once; anything may lack."""
    found: list[Any] = []
    for record in batch:
        with contextlib.suppress(Exception):  # what is not found here is looked at one by one
            span = isinstance(record, ReadableSpan)
            inner = record if span else record.log_record
            found.append(inner.name if span else inner.body)
            attributes = inner._attributes if span else inner.attributes
            if attributes:  # the SDK's own copy is a plain dict, whose values come ten times faster
                found += attributes.copy().values()
    return found


def export(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap ``BatchProcessor._export``: every batch processor's, used by whomever, filled before the guard or after."""

    def guarded(self: Any, *args: Any, **kwargs: Any) -> None:
        if type(self._exporter) is not CleanExporter:  # its class may be one that cannot be asked for
            self._exporter = CleanExporter(self._exporter)
            watch(self)
        original(self, *args, **kwargs)

    return guarded
