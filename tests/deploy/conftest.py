"""The tools of the collector's tests, for deployments that are made of the same servers."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "examples")]

from tests.collector.conftest import binary, tools  # noqa: E402

__all__ = ["binary", "tools"]
