"""No provider gets the same instrument twice."""

from __future__ import annotations

import gc
import threading
import weakref

import pytest
from opentelemetry.metrics import MeterProvider, NoOpMeterProvider
from opentelemetry.sdk.metrics import MeterProvider as SdkMeterProvider

from discreet.metrics.once import Claims


def _provider() -> SdkMeterProvider:
    return SdkMeterProvider(shutdown_on_exit=False)


def test_a_name_is_claimed_once_for_each_provider() -> None:
    """A second claim gives only what is new; another provider has claims of its own."""
    claims, one, other = Claims(), _provider(), _provider()
    assert claims.claim(one, ["a", "b"]) == {"a", "b"}
    assert claims.claim(one, ["b", "c"]) == {"c"}
    assert claims.claim(other, ["a"]) == {"a"}


def test_the_stand_in_hands_on_to_the_global_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked of the API's stand-in, before there was a provider, is not asked of the global one again."""
    claims, stand_in, real = Claims(), NoOpMeterProvider(), _provider()
    current: list[MeterProvider] = [stand_in]
    monkeypatch.setattr("discreet.metrics.once.get_meter_provider", lambda: current[0])
    assert claims.claim(stand_in, ["a"]) == {"a"}
    current[0] = real
    assert claims.claim(real, ["a", "b"]) == {"b"}
    assert claims.claim(_provider(), ["a"]) == {"a"}


def test_threads_that_claim_together_share() -> None:
    """Of threads that register at the same time, one does."""
    claims, provider, got = Claims(), _provider(), []
    start = threading.Barrier(8)

    def register() -> None:
        start.wait(10)
        got.append(claims.claim(provider, ["a"]))

    threads = [threading.Thread(target=register) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(map(len, got)) == [0] * 7 + [1]


def test_a_provider_is_not_kept_alive() -> None:
    """Claims hold no provider that nobody else holds."""
    claims, provider = Claims(), NoOpMeterProvider()
    gone = weakref.ref(provider)
    claims.claim(provider, ["a"])
    del provider
    gc.collect()
    assert gone() is None
