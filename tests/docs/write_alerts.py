"""Writes what follows from the table of alert rules: `make rules`, after a rule or a threshold was changed.

The rules of each environment, and the tables of docs/alerts.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from discreet.rules import THRESHOLDS, markdown, read_environment, render

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "alerts.md"
ALERTS = ROOT / "collector" / "alerts"
NAMES = ("production", "staging", "development")
ENVIRONMENTS = {name: read_environment(ALERTS / "environments" / f"{name}.yaml") for name in NAMES}


def rendered(name: str) -> Path:
    """Give the file of the rules of an environment; production's has the plain name."""
    return ALERTS / ("discreet.rules.yaml" if name == "production" else f"discreet.{name}.rules.yaml")


def thresholds() -> Iterator[str]:
    """Yields the lines of the table of thresholds, with what each environment sets."""
    yield f"| threshold | what | unit | {' | '.join(NAMES)} |"
    yield "|---|---|---|---|---|---|"
    for one in THRESHOLDS:
        values = " | ".join(f"{environment.thresholds[one.name]}" for environment in ENVIRONMENTS.values())
        yield f"| `{one.name}` | {one.what} | {one.unit} | {values} |"


TABLES = {"alerts": markdown, "thresholds": thresholds}


def page(text: str) -> str:
    """Give the page with the tables as they are now."""
    for name, lines in TABLES.items():
        before, begin, rest = text.partition(f"<!-- generated: {name} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        text = f"{before}{begin}{chr(10).join(lines())}\n{end}{after}"
    return text


def main() -> None:
    """Write all of it."""
    for name, environment in ENVIRONMENTS.items():
        rendered(name).write_text(render(environment), encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
