"""The systemd units are sound by systemd's own tools, hardened, and say nothing that must be secret."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.deploy.manifests import DEPLOY, variables_that_are_no_options

if TYPE_CHECKING:
    from pathlib import Path

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
EXPOSED_AT_MOST = 20
"""Tenths of what `systemd-analyze security` calls the exposure level: below 2.0 is its best grade but one."""


@pytest.fixture(params=UNITS, ids=lambda unit: unit.name)
def unit(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A unit whose programs are there: those of the deployment are replaced by one that does nothing."""
    if not shutil.which("systemd-analyze"):
        message = "systemd-analyze is not on the PATH: install systemd"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    file: Path = tmp_path / request.param.name
    file.write_text(
        re.sub(r"^(Exec\w+)=/(?:opt|usr/local)/\S+", r"\1=/bin/true", request.param.read_text(), flags=re.MULTILINE)
    )
    return file


def _analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


def test_systemd_finds_nothing_wrong(unit: Path) -> None:
    """`systemd-analyze verify` says nothing: no unknown directive, no program that is not there."""
    done = _analyze("verify", unit)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_mistake_is_found(unit: Path) -> None:
    """Verification is one that finds what is misspelled."""
    unit.write_text(unit.read_text().replace("ProtectSystem=", "ProtectSytem="))
    assert "ProtectSytem" in _analyze("verify", unit).stderr


def test_little_is_open(unit: Path) -> None:
    """`systemd-analyze security` calls it well hardened."""
    done = _analyze("security", "--offline=true", f"--threshold={EXPOSED_AT_MOST}", unit)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.name)
def test_a_reload_sends_the_signal_that_reloads(file: Path) -> None:
    """`systemctl reload` sends SIGHUP; to a collector only after its configuration was found sound."""
    reloads = re.findall(r"^ExecReload=(.+)$", file.read_text(), re.MULTILINE)
    assert reloads[-1] == "/bin/kill -HUP $MAINPID"
    assert len(reloads) == 1 or " validate " in reloads[0]


def test_variables_are_options_and_no_secrets() -> None:
    """The example of an environment file names options that there are, and no secret."""
    text = (DEPLOY / "systemd" / "clinic.env").read_text() + (DEPLOY / "systemd" / "clinic.service").read_text()
    names = set(re.findall(r"^(?:Environment=)?(\w+)=", text, re.MULTILINE))
    assert variables_that_are_no_options(names) == set()
    assert not re.search(r"PASSWORD|TOKEN|SECRET", text)
    assert "DISCREET_PSEUDONYM_KEY=file:" in text
