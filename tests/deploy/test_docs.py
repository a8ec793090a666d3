"""The guides name what there is, their commands work as far as they can here, and say what never ran."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from deploy.dashboards.__main__ import FOLDER
from tests.deploy.interpreters import ROOT
from tests.deploy.manifests import DEPLOY, documents

if TYPE_CHECKING:
    from pathlib import Path

DOCS = ROOT / "docs"
PAGES = [DOCS / "deploy.md", DOCS / "dashboards.md"]
GUIDE = PAGES[0].read_text()
NEVER_RUN = [
    DEPLOY / "compose.yaml",
    *sorted(DEPLOY.rglob("Dockerfile")),
    *(DEPLOY / "kubernetes" / f"{name}.yaml" for name in ("agent", "gateway", "instrumentation")),
    *sorted((DEPLOY / "systemd").glob("*.service")),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link is to a file that exists, and every path of deploy/ that is named is there."""
    text = page.read_text()
    for target in re.findall(r"\]\(([^):#]+)[^):]*\)", text):
        assert (page.parent / target).exists(), target
    for path in re.findall(r"\b(?:deploy|collector)/[\w./-]+\w", text):
        assert path == "deploy/.env" or (ROOT / path).exists(), path


@pytest.mark.parametrize("file", NEVER_RUN, ids=lambda file: str(file.relative_to(DEPLOY)))
def test_a_file_that_never_ran_says_so(file: Path) -> None:
    """Its head says what of it was never run."""
    assert re.search(r"^#.*\b[Nn]ever\b", file.read_text()[:1000], re.MULTILINE)


def test_every_dashboard_is_listed() -> None:
    """The table has a row for each file."""
    listed = re.findall(r"^\| `([\w-]+\.json)` \|", PAGES[1].read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(file.name for file in FOLDER.glob("*.json"))


def test_the_secrets_of_compose_are_made_by_the_command_that_is_given(tmp_path: Path) -> None:
    """The block of the guide writes every secret that the compose file asks for, readable by its owner alone."""
    (block,) = (block for block in re.findall(r"```sh\n(.+?)```", GUIDE, re.DOTALL) if "deploy/.env" in block)
    (tmp_path / "deploy").mkdir()
    subprocess.run(["bash", "-euc", block.partition("docker")[0]], cwd=tmp_path, check=True)
    written = tmp_path / "deploy" / ".env"
    assert written.stat().st_mode & 0o777 == 0o600
    made = dict(line.split("=", 1) for line in written.read_text().splitlines())
    (compose,) = documents(DEPLOY / "compose.yaml")
    assert made.keys() == {secret["environment"] for secret in compose["secrets"].values()}
    assert all(len(value) > 20 for value in made.values())


def test_the_secrets_of_kubernetes_are_named() -> None:
    """The guide has a command for each secret that the manifests name, with the keys that they ask for."""
    text = "".join(file.read_text() for file in (DEPLOY / "kubernetes").glob("*.yaml"))
    names = set(re.findall(r"(?:secretKeyRef: \{name: |secretName: )([\w-]+)", text))
    made = dict(re.findall(r"create secret generic (\S+) --from-literal=(\w+)=", GUIDE))
    assert made.keys() == names
    assert made["clinic-database"] in re.findall(r"secretKeyRef: \{name: clinic-database, key: (\w+)\}", text)
    assert f'/{made["clinic-pseudonyms"]}"' in (DEPLOY / "kubernetes" / "discreet.json").read_text()
