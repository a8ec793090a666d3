"""What the README promises is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from discreet.policy import current

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_the_table_of_examples_is_true() -> None:
    """Each line of the table, said by an app, leaves as the table says."""
    rows = re.findall(r"^\| `(.+?)` \| `(.+?)`", README, re.MULTILINE)
    assert len(rows) == 4
    redactor = current().redactor
    for said, left in rows:
        if said.startswith("extra="):
            ((key, value),) = re.findall(r'\{"(\w+)": "(\w+)"\}', said)
            assert redactor.attributes({key: value}, set()) == dict([left.split(": ")])
        else:
            assert redactor.text(said, set()) == left


def test_the_commands_are_there() -> None:
    """Every make target that the README names is in the Makefile."""
    targets = set(re.findall(r"make ([a-z-]+)", README))
    assert targets >= {"demo", "test", "demo-collector"}
    assert all(re.search(rf"^{target}:", MAKEFILE, re.MULTILINE) for target in targets)


def test_the_links_lead_somewhere() -> None:
    """Every file that the README and the guides link to exists."""
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
