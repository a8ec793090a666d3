"""The scripts that build the collector and bring the servers: what they print, when they stop, what they advise."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from collector.local.tools import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# What the scripts may need beside Go and the servers.
COMMANDS = (
    *("awk", "bash", "cat", "chmod", "cp", "cut", "date", "dirname", "env", "grep", "head", "id", "mkdir", "mktemp"),
    *("mv", "rm", "sed", "sha256sum", "sleep", "sort", "tail"),
)
# Go that installs a builder which writes a collector, if it is told to; never slower than a second.
GO = """#!/usr/bin/env bash
case $1 in
  env) echo go{version} ;;
  install) mkdir -p "$GOBIN"; cp "$(dirname "$0")/fake-builder" "$GOBIN/builder" ;;
esac
"""
BUILDER = """#!/usr/bin/env bash
echo Getting go modules
{result} || exit 1
folder=$(sed -n 's/^  output_path: //p' "${{1#--config=}}")
mkdir -p "$folder"
printf '#!/bin/sh\\n' >"$folder/otelcol-discreet"
chmod +x "$folder/otelcol-discreet"
"""


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder for PATH with the usual commands, and without Go, Prometheus, Alertmanager and apt-get."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for command in COMMANDS:
        (folder / command).symlink_to(str(shutil.which(command)))
    return folder


def _go(folder: Path, *, version: str = "1.26.8", result: str = "true") -> None:
    for name, text in (("go", GO.format(version=version)), ("fake-builder", BUILDER.format(result=result))):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)


def _run(script: str, path: Path) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": str(path), "DISCREET_CACHE": str(path.parent / "cache"), "HOME": str(path.parent)}
    return subprocess.run([str(ROOT / script)], env=variables, capture_output=True, text=True, check=False)


def test_the_last_line_is_the_binary_and_a_second_build_is_none(bare: Path) -> None:
    """build.sh prints the binary's path, in the cache and by version; the second time it needs no Go for it."""
    _go(bare)
    first = _run("build.sh", bare)
    assert first.returncode == 0, first.stderr
    binary = first.stdout.splitlines()[-1]
    assert binary.startswith(f"{bare.parent}/cache/collector/0.161.0-")
    assert binary.endswith("/otelcol-discreet")
    (bare / "go").unlink()
    second = _run("build.sh", bare)
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, "")


def test_a_failed_build_leaves_nothing_that_counts_as_built(bare: Path) -> None:
    """When the builder fails, so does build.sh, with a remedy; the next call builds."""
    _go(bare, result='test -e "$HOME/reachable"')
    failed = _run("build.sh", bare)
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert "remedy:" in failed.stderr
    assert not list((bare.parent / "cache").rglob("otelcol-discreet"))
    (bare.parent / "reachable").touch()
    assert _run("build.sh", bare).returncode == 0


@pytest.mark.parametrize("version", [None, "1.25.4"], ids=["no Go", "an old Go"])
def test_without_a_fit_go_the_remedy_is_named(bare: Path, version: str | None) -> None:
    """build.sh says what is missing, and what to do about it."""
    if version:
        _go(bare, version=version)
    failed = _run("build.sh", bare)
    assert failed.returncode == 1
    assert "remedy: install Go 1.26 or newer" in failed.stderr


def test_without_servers_the_remedy_is_named(bare: Path) -> None:
    """servers.sh names what is missing where it cannot install it."""
    failed = _run("servers.sh", bare)
    assert failed.returncode == 1
    assert "not on the PATH: prometheus promtool amtool alertmanager" in failed.stderr
    assert "remedy:" in failed.stderr


def test_servers_that_are_there_are_left_alone(bare: Path) -> None:
    """servers.sh installs nothing where all are on the PATH, under either name of Alertmanager."""
    for name in ("prometheus", "promtool", "amtool", "prometheus-alertmanager"):
        (bare / name).symlink_to("/bin/true")
    done = _run("servers.sh", bare)
    assert (done.returncode, done.stderr) == (0, "")
