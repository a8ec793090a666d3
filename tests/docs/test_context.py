"""What the page on context says is what the code does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from discreet.context.belonging import SESSION, TENANT, USER
from discreet.policy import OPTIONS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "context.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs" / "examples" / "context" / "shop.py"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_the_code_on_the_page_runs(block: str) -> None:
    """Each piece by itself, without a word on stderr."""
    done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_page_names_what_there_is() -> None:
    """Its attributes are those of the code, and its options are in the table."""
    assert re.findall(r"^\| `([a-z.]+)` \|", PAGE, re.MULTILINE) == [USER, SESSION, TENANT]
    named = {"pseudonym_key", "request_id_headers", "baggage_attributes", "response_header"}
    assert named <= {option.name for option in OPTIONS}
    assert all(f"`{name}`" in PAGE for name in named)


def test_the_example_says_whose_each_record_is() -> None:
    """Two users, two traces; the worker's records are in the trace of the request, of its user, and business."""
    done = subprocess.run([sys.executable, str(EXAMPLE)], capture_output=True, text=True, timeout=120, check=True)
    answered = re.findall(r"^(\w+) was answered with trace (\w{32})$", done.stdout, re.MULTILINE)
    assert [user for user, _ in answered] == ["zoe", "max"]
    found = re.findall(
        r"^order (\d) (\w+) \[(\w+), (\w+)\]\n  trace (\w+)\n  user (\S+)\n  tenant (\S+)\n  request (.+)$",
        done.stdout,
        re.MULTILINE,
    )
    assert len(found) == 4
    users = dict.fromkeys(record[5] for record in found)
    assert len(users) == 2
    by_number = dict(zip("12", users, strict=True))
    for number, what, category, level, trace, user, tenant, request in found:
        assert trace == answered[int(number) - 1][1]
        assert user == by_number[number]
        assert (category, level) == ("business" if what == "shipped" else "application", "confidential")
        if what == "taken":
            assert request == f"['gateway-{number}']"
            assert tenant.startswith("[PSEUDONYM:tenant:process:")
    assert "zoe" not in done.stderr
