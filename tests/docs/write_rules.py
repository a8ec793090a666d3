"""Writes the built-in rules at the end of docs/classification.md: `make attributes`, after a rule was changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from discreet.classification.rules import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discreet.classification.rules import Rule

PAGE = Path(__file__).parents[2] / "docs" / "classification.md"
HEAD = "| rule | category | level | holds for |\n|---|---|---|---|\n"
_PLAIN = ((r"(?:.*\.)?", "…"), (r"(?:[._-]|$)", ""), ("(?:", "("), (r"[_-]", "_"), (r"\.", "."))


def table() -> str:
    """Give the table of the built-in rules, in their order."""
    rows = (f"| `{rule.name}` | {rule.category} | {rule.level.label} | {'; '.join(_told(rule))} |" for rule in BUILT_IN)
    return HEAD + "\n".join(rows) + "\n"


def _told(rule: Rule) -> Iterator[str]:
    if rule.source:
        yield f"scope or logger {_plain(rule.source)}"
    if rule.event:
        yield f"event or span named {_plain(rule.event)}"
    if rule.attributes:
        kinds = f"spans of kind {' or '.join(rule.kinds)}" if rule.kinds else "records"
        yield f"{kinds} with {', '.join(f'`{name}`' for name in rule.attributes)}"


def _plain(pattern: str) -> str:
    """Give a pattern of the table as people read it: its alternatives, with commas between them."""
    for sign, word in _PLAIN:
        pattern = pattern.replace(sign, word)
    return " ".join(f"`{part}`" for part in pattern.split(" ")).replace("|", "\\|")


def main() -> None:
    """Put the table in the place of the one that stands there."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.partition(HEAD)[0] + table(), encoding="utf-8")


if __name__ == "__main__":
    main()
