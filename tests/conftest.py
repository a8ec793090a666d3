"""Every test starts without Discreet in force and without ``OTEL_*`` and ``DISCREET_*`` in its environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEEP = {"DISCREET_REQUIRE_COLLECTOR", "DISCREET_STOCK_PYTHON", "DISCREET_CACHE"}


@pytest.fixture(autouse=True)
def _clean_slate(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith(("OTEL_", "DISCREET_", "FASTAPI_OTEL_")) and name not in _KEEP:
            monkeypatch.delenv(name)
    yield
    from discreet import runtime

    runtime.reset()
