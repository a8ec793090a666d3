"""Writes the collectors."""

from __future__ import annotations

from pathlib import Path

from deploy.kubernetes.collectors import manifests

for name, text in manifests().items():
    (Path(__file__).parent / name).write_text(text)
