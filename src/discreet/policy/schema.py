"""The JSON Schema (draft 2020-12) of a configuration file, by which editors complete and check."""

from __future__ import annotations

from typing import Any

from discreet.policy.documents import ENVIRONMENTS
from discreet.policy.known import known_detectors
from discreet.policy.options import OPTIONS, Option

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Give the schema, with the kinds and groups that are known in this environment as proposals."""
    options = {option.name: {"$ref": f"#/$defs/{option.name}"} for option in OPTIONS}
    return {
        "$schema": DIALECT,
        "title": "Configuration of Discreet",
        "type": "object",
        "properties": {
            "$schema": {"type": "string", "description": "Where editors find this schema"},
            **options,
            ENVIRONMENTS: {
                "description": "What differs in an environment, by the deployment.environment.name of the resource.",
                "type": ["object", "null"],
                "additionalProperties": {"$ref": "#/$defs/overlay"},
            },
        },
        "additionalProperties": False,
        "$defs": {
            **{option.name: _definition(option) for option in OPTIONS},
            "overlay": {"type": ["object", "null"], "properties": options, "additionalProperties": False},
            "kind": {"anyOf": [{"enum": _names()}, {"type": "string"}]},
        },
    }


def _definition(option: Option) -> dict[str, Any]:
    default = option.shown(option.default)
    known = {} if default is None else {"default": default}
    return {"description": option.summary, **known, **option.shape}


def _names() -> list[str]:
    return sorted({name for row in known_detectors() for name in (row.kind, row.group)})
