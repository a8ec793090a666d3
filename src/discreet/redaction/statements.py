"""SQL under the keys of the database conventions: every literal becomes `?`, numbers and booleans too."""

from __future__ import annotations

from discreet.detectors.sql import literal_spans


def without_literals(text: str) -> str:
    """Gives a statement with `?` in the place of each literal, as the conventions for database spans ask."""
    pieces: list[str] = []
    done = 0
    for start, end in literal_spans(text, numbers=True):
        pieces += (text[done:start], "?")
        done = end
    return "".join((*pieces, text[done:])) if pieces else text
