"""Which instruments a meter provider has of us already, so that nobody's metrics are reported twice."""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING, Any

from opentelemetry.metrics import MeterProvider, get_meter_provider
from opentelemetry.sdk.metrics import MeterProvider as SdkMeterProvider

if TYPE_CHECKING:
    from collections.abc import Iterable


class Claims:
    """Names of instruments by provider, which is held weakly."""

    def __init__(self) -> None:
        self._by_provider: weakref.WeakKeyDictionary[Any, set[str]] = weakref.WeakKeyDictionary()
        self._renew_lock()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()

    def claim(self, provider: MeterProvider, names: Iterable[str]) -> frozenset[str]:
        """Give those of the names that the provider does not have yet, and remember them as its own."""
        with self._lock:
            known = self._by_provider.setdefault(provider, set())
            new = frozenset(names) - known - self._inherited(provider)
            known.update(new)
            return new

    def _inherited(self, provider: MeterProvider) -> set[str]:
        """Give what the API's stand-in was asked for: it hands that on to the global provider when there is one."""
        if provider is not get_meter_provider():
            return set()
        stand_ins = (one for one in list(self._by_provider) if not isinstance(one, SdkMeterProvider))
        return {name for one in stand_ins for name in self._by_provider[one]}


CLAIMS = Claims()
"""The claims of this process."""
