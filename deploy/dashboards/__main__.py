"""Writes the dashboards; with `--check`, says which of the files are not what the tables give, and exits with 1."""

from __future__ import annotations

import sys
from pathlib import Path

from deploy.dashboards.catalogue import DASHBOARDS
from deploy.dashboards.grafana import as_json

FOLDER = Path(__file__).resolve().parents[1] / "grafana" / "dashboards"


def stale() -> list[Path]:
    """Give the files that are missing, differ from the tables, or have none."""
    wanted = {FOLDER / f"{dashboard.uid}.json": as_json(dashboard) for dashboard in DASHBOARDS}
    differing = [file for file, text in wanted.items() if not file.exists() or file.read_text() != text]
    return [*differing, *(file for file in sorted(FOLDER.glob("*.json")) if file not in wanted)]


def write() -> None:
    """Write every dashboard, and take away files of those that are no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file in FOLDER.glob("*.json"):
        file.unlink()
    for dashboard in DASHBOARDS:
        (FOLDER / f"{dashboard.uid}.json").write_text(as_json(dashboard))


if __name__ == "__main__":
    if "--check" in sys.argv:
        print(*stale(), sep="\n")  # noqa: T201
        sys.exit(bool(stale()))
    write()
