"""The example of reloading does what its page says, and its manifest holds what the page asks for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from discreet.policy import gather_again
from discreet.reload.configuration import AT_START
from tests.docs.consoles import ROOT, fenced, page, printed

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLE = ROOT / "docs" / "examples" / "reload"
PAGE = page("reload.md")
SESSION = fenced(PAGE, "text")[0].splitlines()


@pytest.fixture
def said(tmp_path: Path) -> Iterator[Any]:
    """Start the example as the page does; give its lines."""
    mine = tmp_path / "mine.yaml"
    shutil.copy(EXAMPLE / "discreet.yaml", mine)
    process = subprocess.Popen(
        [sys.executable, str(EXAMPLE / "orders.py")],
        env={**os.environ, "DISCREET_CONFIG": str(mine)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield mine, iter(process.stdout.readline, "")
    finally:
        process.kill()
        process.communicate()


def test_the_session_is_as_the_page_says(said: tuple[Path, Iterator[str]]) -> None:
    """Each line that the page shows is written after the command before it."""
    mine, lines = said
    for shown in SESSION[2:]:
        if shown.startswith("$ cp "):
            shutil.copy(EXAMPLE / shown.split()[2], mine)
        else:
            assert shown in (line.strip() for line in islice(lines, 60))


@pytest.mark.parametrize("block", fenced(PAGE, "console"), ids=lambda block: block.splitlines()[0])
def test_a_command_prints_what_the_page_says(block: str) -> None:
    """The commands of each block, run by a shell beside the example."""
    given, expected = printed(block, EXAMPLE)
    assert given == expected


def test_the_manifest_holds_a_configuration_that_is_right() -> None:
    """What is in its ConfigMap is taken, its Secret lies where that looks, and neither is mounted by subPath."""
    config, secret, deployment = yaml.safe_load_all((EXAMPLE / "deployment.yaml").read_text())
    container = deployment["spec"]["template"]["spec"]["containers"][0]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert not any("subPath" in mount for mount in container["volumeMounts"])
    assert container["env"][0]["value"] == f"{mounts['config']}/discreet.yaml"
    settings = yaml.safe_load(config["data"]["discreet.yaml"])
    assert settings["pseudonym_key"] == f"file:{mounts['keys']}/pseudonym"
    found = gather_again(environ={}, arguments={**settings, "pseudonym_key": secret["stringData"]["pseudonym"]})
    assert found.problems == ()


def test_the_page_names_what_waits_for_a_start() -> None:
    """Every option that is read at start stands there."""
    section = PAGE.split("## What takes effect at the next start only")[1].split("##")[0]
    assert all(f"`{name}`" in section for name in AT_START)
