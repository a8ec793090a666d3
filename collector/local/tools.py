"""The programs that are run, and where to get them."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_NAMES = {"alertmanager": ("alertmanager", "prometheus-alertmanager")}
_SERVERS_REMEDY = "run `collector/servers.sh` (Debian: as root), or put Prometheus and Alertmanager on the PATH"


class ToolMissingError(Exception):
    """A program is not there; the message names the remedy."""


def collector_binary() -> str:
    """Give the collector that `make collector` built.

    Raises:
        ToolMissingError: It is not built yet.
    """
    build = [str(ROOT / "build.sh"), "--where"]
    where = subprocess.run(build, capture_output=True, text=True, check=False)  # noqa: S603 - our own script
    if where.returncode != 0:
        raise ToolMissingError("the collector is not built: run `make collector` (needs Go)")
    return where.stdout.strip()


def tool(name: str) -> str:
    """Give the path of `prometheus`, `promtool`, `alertmanager` or `amtool`.

    Raises:
        ToolMissingError: It is not on the PATH.
    """
    found = next((path for path in map(shutil.which, _NAMES.get(name, (name,))) if path), None)
    if found is None:
        raise ToolMissingError(f"{name} is not on the PATH: {_SERVERS_REMEDY}")
    return found


def run_tool(*command: str | Path) -> str:
    """Run a program to its end in the collector's folder, and give what it printed.

    Raises:
        AssertionError: It did not end with status 0; the message is what it printed.
    """
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own tools
    if done.returncode != 0:
        raise AssertionError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def configs(overlays: Sequence[str] = ()) -> list[str]:
    """Give the collector's arguments for its base configuration and overlays (names in `collector/overlays`)."""
    files = [ROOT / "config.yaml", *(ROOT / "overlays" / f"{name}.yaml" for name in overlays)]
    return [f"--config={file}" for file in files]
