"""The reference of the options, in Markdown, for the documentation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from discreet.policy.options import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discreet.policy.options import Option

_ORIGINS = {True: "only where it lies: `file:`, `${file:}`, `${env:}`", False: "yes"}


def reference() -> Iterator[str]:
    """Yield the lines: a section for each option, in the order of the table."""
    for option in OPTIONS:
        yield f"### `{option.name}`"
        yield ""
        yield option.summary
        yield ""
        yield "| | |"
        yield "|---|---|"
        for name, text in _rows(option):
            yield f"| {name} | {text} |"
        yield ""


def _rows(option: Option) -> tuple[tuple[str, str], ...]:
    return (
        ("default", f"`{default}`" if (default := _default(option)) else "none"),
        ("in a file", f"`{option.name}: {option.sample}`"),
        ("held by a file", _ORIGINS[option.by_reference]),
        ("by OpAMP", option.remote.says if option.remote else "no"),
        ("variable", f"`{option.variable}`"),
        ("argument", f"`configure({option.name}=...)`"),
        ("takes", _cell(_taken(option.shape))),
        ("if it is wrong", option.remedy + "."),
    )


def _default(option: Option) -> str:
    value = option.shown(option.default)
    return "all" if value == ["all"] else json.dumps(value) if value not in (None, [], {}) else ""


def _taken(shape: Any) -> str:
    """Give in words the forms that a shape takes, without references, which all take."""
    if "enum" in shape:
        return ", ".join(f"`{word}`" for word in shape["enum"])
    if "anyOf" in shape:
        words = [_taken(part) for part in shape["anyOf"] if "${" not in part.get("description", "")]
        return "; ".join(dict.fromkeys(word for word in words if word))
    return _FORMS.get(shape.get("type", ""), "").format(**shape)


_FORMS = {
    "boolean": "true or false",
    "integer": "a whole number of {minimum} or more",
    "array": "a list",
    "object": "a mapping",
    "string": "a text",
}


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
