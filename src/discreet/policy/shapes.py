"""What the options take, as JSON Schema (draft 2020-12): each shape takes what its parser takes, and no other form.

Beside its own form, every option takes a text, as a reference may stand for its value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from discreet.classification import CONDITIONS, FIELDS
from discreet.policy.ceilings import FIELD, NAME
from discreet.policy.level_actions import LEVEL_ACTIONS, LEVELS
from discreet.policy.retention import CLASSES, PERIOD
from discreet.redaction import ACTIONS

Shape = Mapping[str, Any]

REFERENCE: Final[Shape] = {
    "type": "string",
    "pattern": r"\$\{[^}]+\}",
    "description": "A reference, followed when read",
}
KIND: Final = {"$ref": "#/$defs/kind"}
"""The name of a kind or group; which are known, is filled in when the schema is written."""


def _or_reference(*shapes: Shape) -> Shape:
    return {"anyOf": [*shapes, REFERENCE]}


def choice(*words: str) -> Shape:
    """Give the shape of one of some words."""
    return _or_reference({"enum": list(words)})


def _texts(item: Shape, **more: Any) -> Shape:
    return {"anyOf": [{"type": "array", "items": item, **more}, {"type": "string"}]}


SWITCH: Final = _or_reference(
    {"type": "boolean"}, {"type": "string", "enum": ["true", "false", "on", "off", "yes", "no", "1", "0"]}
)
COUNT: Final = _or_reference({"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^0*[1-9][0-9]*$"})
URL: Final[Shape] = {"type": "string", "pattern": r"^\s*(https?://[^\s?#@]+)?\s*$|\$\{"}
PORT: Final = _or_reference(
    {"type": "integer", "minimum": 0, "maximum": 65_535}, {"type": "string", "pattern": "^[0-9]{1,5}$"}
)
SECONDS: Final = _or_reference(
    {"type": "integer", "minimum": 0, "maximum": 86_400}, {"type": "string", "pattern": "^[0-9]{1,5}$"}
)
TEXTS: Final = _texts({"type": "string"})
NAMES: Final = _texts(KIND, minItems=1)
ACTIONS_BY_NAME: Final[Shape] = {
    "anyOf": [
        {"type": "object", "propertyNames": KIND, "additionalProperties": choice(*ACTIONS)},
        {"type": "string", "pattern": r"=|\$\{|^\s*$"},
    ]
}
_ID = "([a-z]{1,12}[0-9]{0,3}:)?"
KEY: Final[Shape] = {
    "type": "string",
    "pattern": rf"^\s*(file:.+|{_ID}\$\{{((env:)?[A-Za-z_][A-Za-z0-9_]*|file:[^}}]+)\}})\s*$",
}
_GIVEN: Final[Shape] = {"type": "string", "minLength": 1}
_NAME: Final[Shape] = {"type": "string", "pattern": r"^[a-z][a-z_]{0,39}$|\$\{"}
PATTERNS: Final[Shape] = {
    "anyOf": [
        {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind", "pattern", "example", "near_miss"],
                "additionalProperties": False,
                "properties": {
                    "kind": {**_NAME, "description": "What the marker says: lower-case letters and underscores"},
                    "pattern": {**_GIVEN, "description": "A regular expression whose time is linear"},
                    "example": {**_GIVEN, "description": "A text in which it is found"},
                    "near_miss": {**_GIVEN, "description": "A text that looks like it, and in which it is not found"},
                    "group": {**_NAME, "description": "custom, unless given"},
                    "level": choice("internal", "confidential", "restricted"),
                    "source": _GIVEN,
                    "name": {"type": "string", "pattern": r"^[a-z][a-z0-9_]{0,63}$|\$\{"},
                    "words": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
        {"type": "string", "pattern": r"^\s*\[|\$\{"},
    ]
}
_SAID: Final[Shape] = {"type": "string", "pattern": r"\S", "maxLength": 1024}
RULES: Final[Shape] = {
    "anyOf": [
        {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": dict.fromkeys(FIELDS, _SAID),
                "allOf": [
                    {"anyOf": [{"required": [name]} for name in ("category", "level")]},
                    {"anyOf": [{"required": [name]} for name in CONDITIONS]},
                ],
            },
        },
        {"type": "string", "pattern": r"^\s*\[|\$\{"},
    ]
}


def _by_name(names: Shape, value: Shape) -> Shape:
    """Give the shape of a mapping, which may also be a text: ``name=value,name=value``, or JSON."""
    return {
        "anyOf": [
            {"type": "object", "propertyNames": names, "additionalProperties": value},
            {"type": "string", "pattern": r"=|\$\{|^\s*\{|^\s*$"},
        ]
    }


_LEVEL: Final = choice(*LEVELS)
_CEILING: Final[Shape] = {
    "type": "object",
    "required": [FIELD],
    "additionalProperties": False,
    "properties": {FIELD: _LEVEL},
}
EXPORTERS: Final = _by_name({"pattern": f"^{NAME}$"}, {"anyOf": [_CEILING, *_LEVEL["anyOf"]]})
LEVEL_ACTIONS_BY_LEVEL: Final = _by_name({"enum": [*LEVELS]}, choice(*LEVEL_ACTIONS))
RETENTION: Final = _by_name({"enum": [*CLASSES]}, _or_reference({"type": "string", "pattern": f"^{PERIOD}$"}))
