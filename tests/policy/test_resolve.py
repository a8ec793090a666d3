"""One precedence over all sources, and clear problems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from discreet.detectors import detector_of
from discreet.policy import OPTIONS, Policy, current, put_in_force, resolve
from discreet.redaction import PseudonymKey

PATTERN = '[{"kind": "ticket", "pattern": "TCK-[0-9]{4}", "example": "TCK-1234", "near_miss": "TCK-x"}]'
VALUES: dict[str, tuple[Any, str]] = {
    "detectors": (("email",), "email"),
    "actions": ({"email": "mask", "card": "drop"}, "email=mask, card=drop"),
    "patterns": ((detector_of(json.loads(PATTERN)[0]),), PATTERN),
    "honeytokens": (("planted-0001", "planted-0002"), "planted-0001, planted-0002"),
    "pseudonym_key": (PseudonymKey("k1", b"0" * 16), "k1:MDAwMDAwMDAwMDAwMDAwMA=="),
    "cardinality_limit": (50, "50"),
    "genai_content": ("withhold", "withhold"),
    "reload_interval": (30, "30"),
    "health_interval": (30, "30"),
    "health_port": (9465, "9465"),
    "reload_on_hangup": ("never", "never"),
    "log_format": ("console", "console"),
    "classify": (({"logger": "shop.*", "category": "business"},), '[{"logger": "shop.*", "category": "business"}]'),
    "exporters": ({"console": "internal", "*": "confidential"}, "console=internal, *=confidential"),
    "level_actions": ({"restricted": "strip"}, "restricted=strip"),
    "retention": ({"audit": "7y", "restricted": "30d"}, "audit=7y, restricted=30d"),
    "baggage_keys": (("tenant", "app.*"), "tenant, app.*"),
    "opamp_endpoint": ("https://opamp.example.org/v1/opamp", " https://opamp.example.org/v1/opamp "),
    "opamp_headers": ((("authorization", "Bearer x"), ("tenant", "a,b")), "authorization=Bearer%20x, tenant=a%2Cb,"),
    "opamp_interval": (60, "60"),
    "baggage_hosts": (("inventory", "*.internal:8443"), "inventory, *.internal:8443"),
    "baggage_attributes": (("tenant", "app.*"), "tenant, app.*"),
    "request_id_headers": (("x-request-id", "cf-ray"), "X-Request-ID, cf-ray"),
}
WRONG = {
    "baggage_keys": "hunter2 hunter2",
    "baggage_hosts": "https://hunter2/",
    "baggage_attributes": "hunter2 hunter2",
    "request_id_headers": "x-hunter2-*",
}


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_works_from_each_source(option: Any) -> None:
    """A file is beneath the environment, the environment beneath an argument."""
    value, text = VALUES.get(option.name, (False, "false"))
    for sources in (
        {"file": {option.name: text}},
        {"environ": {option.variable: text}},
        {"arguments": {option.name: text}},
    ):
        settings, problems = resolve(**sources)  # type: ignore[arg-type]
        assert problems == []
        assert settings[option.name] == value
    settings, _ = resolve(file={option.name: "nonsense"}, environ={option.variable: text})
    assert settings[option.name] == value


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_a_wrong_value_keeps_the_default(option: Any) -> None:
    """What cannot be understood is said without being quoted, and is not guessed at."""
    settings, (problem,) = resolve(environ={option.variable: WRONG.get(option.name, "hunter2")})
    assert settings[option.name] == option.default
    assert "hunter2" not in str(problem)
    assert problem.place == option.variable
    assert problem.remedy


def test_an_unknown_option_names_the_nearest() -> None:
    """A misspelt option is a problem, with the known one that is nearest."""
    _, (problem,) = resolve(file={"detector": "email"}, file_place="otel.yaml")
    assert problem.place == "otel.yaml"
    assert "detectors" in problem.remedy


def test_a_policy_is_swapped_by_one_reference() -> None:
    """The policy in force is immutable, and replaced as a whole."""
    policy = Policy.compiled(resolve(arguments={"detectors": ["email"]})[0])
    put_in_force(policy)
    assert current() is policy
    assert current().redactor.text("zoe@example.org 4111111111111111", set()) == "[REDACTED:email] 4111111111111111"
    put_in_force(None)
    assert "4111" not in current().redactor.text("zoe@example.org 4111111111111111", set())


def test_the_guide_lists_every_option() -> None:
    """The table in the guide is the table in the code."""
    guide = (Path(__file__).parents[2] / "docs" / "guide.md").read_text()
    for option in OPTIONS:
        empty = option.default in (None, (), {})
        default = ", ".join(option.default) if isinstance(option.default, tuple) else str(option.default).lower()
        default = "none" if empty else default
        assert f"| `{option.name}` | `{option.variable}` | {default} | {option.summary} |" in guide
