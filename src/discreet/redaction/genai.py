"""Where prompts and completions of language models ride: attributes of the `gen_ai` conventions."""

from __future__ import annotations

from typing import Final

from discreet.detectors.catalogue import named

# Those of the catalogue, and the older names that instrumentations still send; indexed and nested keys follow them.
CONTENT: Final = (
    *named("messages"),
    "gen_ai.event.content",
    "llm.prompts",
    "llm.completions",
    "llm.input_messages",
    "llm.output_messages",
    "traceloop.entity.input",
    "traceloop.entity.output",
    "input.value",
    "output.value",
)
_KEPT: Final = frozenset({"gen_ai.prompt.name"})


def is_genai_content(key: str) -> bool:
    """Says whether an attribute holds what people wrote to a model or got from it, not counts or names about it."""
    if not key.startswith(("gen_ai.", "llm.", "traceloop.", "input.", "output.")) or key in _KEPT:
        return False
    return any(key == name or key.startswith(f"{name}.") for name in CONTENT)
