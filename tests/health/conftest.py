"""Every test of health begins and ends without checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from discreet.health import end
from discreet.health.checks import checks, remove
from discreet.health.engines import forget_engines

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _no_checks() -> Iterator[None]:
    yield
    end()
    forget_engines()
    for check in checks():
        remove(check.name)
