"""The schema that editors use says of a file's structure what our own parsers say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discreet.policy import OPTIONS, gather_again, known_detectors
from discreet.policy.schema import DIALECT, schema
from tests.policy.broken import BROKEN
from tests.policy.test_gather import KEY, NATURAL, ROW, RULE, SECRETS

SCHEMA = schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
TEXT_OF_PATTERNS = json.dumps([ROW])

GOOD: dict[str, list[Any]] = {
    "patterns": [[], [ROW], [{**ROW, "level": "internal", "group": "ours", "words": ["ticket"]}], TEXT_OF_PATTERNS],
    "detectors": [["email"], ["all"], "all", "email, card", ["secret", "email", "email"], "${env:NAMES}"],
    "actions": [{}, {"email": "mask"}, {"secret": "drop", "card": "keep"}, "email=mask", ""],
    "pseudonym_key": ["${env:KEY}", "${KEY}"],
    "genai_content": ["redact", "withhold", "${env:GENAI}"],
    "log_format": ["app", "json", "console", "${env:FORMAT}"],
    "classify": [[], [RULE], [{**RULE, "category": "audit", "name": "pay"}], "[]"],
    "exporters": [
        {},
        {"console": {"max_level": "internal"}},
        {"otlp": "confidential", "acme.exporters:File*": {"max_level": "public"}, "*": "${env:LEVEL}"},
        "console=internal,otlp=confidential",
        '{"console": {"max_level": "internal"}}',
        "",
    ],
    "level_actions": [{}, {"restricted": "strip", "public": "drop", "internal": "keep"}, "restricted=strip", ""],
    "retention": [{}, {"audit": "7y", "restricted": "30d"}, {"api": "${env:PERIOD}"}, "audit=7y,restricted=4w", ""],
    "cardinality_limit": [1, 2000, "7", "${env:COUNT}"],
    "reload_interval": [0, 5, 86_400, "30", "${env:COUNT}"],
    "health_interval": [0, 15, 86_400, "30", "${env:COUNT}"],
    "health_port": [0, 9465, 65_535, "9465", "${env:COUNT}"],
    "reload_on_hangup": ["auto", "always", "never", "${env:HANGUP:-auto}"],
    "honeytokens": [[], ["planted-0001"], "planted-0001,planted-0002"],
    "baggage_keys": [[], ["tenant", "app.*"], "tenant,app.*", "*"],
    "baggage_hosts": [[], ["inventory", "10.0.0.0/8", "[::1]:8080"], "*"],
    "opamp_endpoint": ["http://localhost:4320/v1/opamp", "https://opamp.example.org", "", "${env:URL}"],
    "opamp_headers": ["${env:HEADERS}", "${HEADERS}"],
    "opamp_interval": [1, 30, "7", "${env:COUNT}"],
    "baggage_attributes": [[], ["tenant", "app.*"], "tenant,app.*", "*"],
    "request_id_headers": [[], ["x-request-id", "CF-Ray"], "x-request-id,cf-ray", ""],
    **{
        option.name: [True, False, "true", "off", "${env:SWITCH}"]
        for option in OPTIONS
        if isinstance(option.default, bool)
    },
}
BAD: dict[str, list[Any]] = {
    "patterns": [None, 7, True, {}, "no", [7], [{}], [{**ROW, "more": "x"}], [{**ROW, "kind": "UPPER"}], ROW],
    "detectors": [None, 7, True, {}, [], [7], [["email"]], [None], [{"email": "card"}]],
    "actions": [
        None,
        7,
        True,
        [],
        ["email=mask"],
        {"email": "burn"},
        {"email": 7},
        {"email": None},
        {"email": ["mask"]},
    ],
    "pseudonym_key": [None, 7, True, [], {}, KEY, "", "${env:NOWHERE:-k1:MDAw}", [KEY]],
    "genai_content": [None, 7, True, [], {}, "keep", ["redact"]],
    "log_format": [None, 7, True, [], {}, "text", ["json"]],
    "classify": [
        None,
        7,
        True,
        {},
        [7],
        ["shop"],
        [{}],
        [{"logger": "shop"}],
        [{"level": "public"}],
        [{**RULE, "logger": ""}],
        [{**RULE, "logger": 7}],
        [{**RULE, "colour": "blue"}],
        "shop",
    ],
    "exporters": [
        None,
        7,
        True,
        [],
        ["console=internal"],
        {"console": "secret"},
        {"console": None},
        {"console": 7},
        {"console": {}},
        {"console": ["internal"]},
        {"console": {"max_level": "secret"}},
        {"console": {"max_level": 7}},
        {"console": {"max_level": "internal", "colour": "blue"}},
        {"con sole": "internal"},
        {"": "internal"},
        "console",
    ],
    "level_actions": [
        None,
        7,
        True,
        [],
        {"restricted": "burn"},
        {"restricted": None},
        {"restricted": ["drop"]},
        {"secret": "drop"},
        "strip",
    ],
    "retention": [
        None,
        7,
        True,
        [],
        {"audit": 7},
        {"audit": "7"},
        {"audit": "0d"},
        {"audit": "7 y"},
        {"audit": None},
        {"audits": "7y"},
        "7y",
    ],
    "cardinality_limit": [None, 0, -1, 1.5, True, [], {}, [7], "0", "many", ""],
    "reload_interval": [None, -1, 1.5, True, [], {}, 86_401, "5 s", ""],
    "health_interval": [None, -1, 1.5, True, [], {}, 86_401, "5 s", ""],
    "health_port": [None, -1, 1.5, True, [], {}, 65_536, "localhost:80", ""],
    "reload_on_hangup": [None, 7, True, [], {}, "sometimes", ["auto"]],
    "honeytokens": [None, 7, True, {}, [7], [["planted-0001"]], {"planted-0001": 1}],
    "baggage_keys": [None, 7, True, {}, [7], [None]],
    "baggage_hosts": [None, 7, True, {}, [7], [10.5]],
    "opamp_endpoint": [None, 7, True, [], {}, "opamp.example.org", "wss://opamp.example.org", "https://h/?key=x"],
    "opamp_headers": [None, 7, True, [], {}, {"authorization": "Bearer x"}, "authorization=x", "", ["${env:HEADERS}"]],
    "opamp_interval": [None, 0, -1, 1.5, True, [], {}, [7], "0", "soon", ""],
    "baggage_attributes": [None, 7, True, {}, [7], [None]],
    "request_id_headers": [None, 7, True, {}, [7], [None]],
    **{
        option.name: [None, 0, 1, 1.0, [], {}, [True], "maybe", ""]
        for option in OPTIONS
        if isinstance(option.default, bool)
    },
}
ENVIRON = {
    **SECRETS,
    "NAMES": "email,card",
    "GENAI": "withhold",
    "FORMAT": "json",
    "COUNT": "9",
    "URL": "https://opamp.example.org/v1/opamp",
    "SWITCH": "true",
    "LEVEL": "internal",
    "PERIOD": "30d",
}


def parsers_take(content: Any, directory: Path) -> bool:
    """Say whether our own reading finds nothing wrong with a file of this content."""
    path = directory / "d.json"
    path.write_text(json.dumps(content))
    environ = {**ENVIRON, "DISCREET_CONFIG": str(path), "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test"}
    return gather_again(environ=environ).problems == ()


def pairs(table: dict[str, list[Any]]) -> list[Any]:
    """Give each value with its option, for pytest."""
    return [
        pytest.param(name, value, id=f"{name}-{value!r}"[:60]) for name, values in table.items() for value in values
    ]


@pytest.mark.parametrize(("name", "value"), pairs(GOOD))
@pytest.mark.parametrize("nested", [False, True])
def test_both_take_what_is_right(name: str, value: Any, nested: bool, tmp_path: Path) -> None:
    """At the top and in an environment."""
    content = {"environments": {"test": {name: value}}} if nested else {name: value}
    assert parsers_take(content, tmp_path)
    assert VALIDATOR.is_valid(content)


@pytest.mark.parametrize(("name", "value"), pairs(BAD))
@pytest.mark.parametrize("nested", [False, True])
def test_both_refuse_what_is_wrong(name: str, value: Any, nested: bool, tmp_path: Path) -> None:
    """At the top and in an environment."""
    content = {"environments": {"test": {name: value}}} if nested else {name: value}
    assert not parsers_take(content, tmp_path)
    assert not VALIDATOR.is_valid(content)


@pytest.mark.parametrize(
    "content",
    [[], 7, "x", None, {"zzz": 1}, {"outputt": True}, {"environments": []}, {"environments": {"test": 7}},
     {"environments": {"test": {"zzz": 1}}}, {"environments": {"test": {"environments": {}}}}],
)  # fmt: skip
def test_both_refuse_a_wrong_structure(content: Any, tmp_path: Path) -> None:
    """What is no mapping of options, and options that are not known."""
    assert not parsers_take(content, tmp_path)
    assert not VALIDATOR.is_valid(content)


@pytest.mark.parametrize(
    "content", [{}, {"$schema": "x.json"}, {"environments": None}, {"environments": {"test": None}}]
)
def test_both_take_a_right_structure(content: Any, tmp_path: Path) -> None:
    """What holds nothing, and the key by which editors find the schema."""
    assert parsers_take(content, tmp_path)
    assert VALIDATOR.is_valid(content)


_SCALARS = (
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(["true", "email", "mask", "redact", "", "k"])
)
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["email", "kind"]), inner)
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([option.name for option in OPTIONS]), value=_VALUES)
def test_what_our_parsers_take_the_schema_takes(name: str, value: Any, tmp_path: Path) -> None:
    """Whatever is written: no editor marks what works."""
    content = {name: value}
    assert VALIDATOR.is_valid(content) or not parsers_take(content, tmp_path)


def test_the_tables_here_name_every_option() -> None:
    """None is left out of this comparison."""
    assert set(GOOD) == set(BAD) == {option.name for option in OPTIONS}


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_the_sample_and_the_natural_form_are_valid(option: Any) -> None:
    """What the reference shows is taken."""
    VALIDATOR.validate({option.name: yaml.safe_load(option.sample)})
    VALIDATOR.validate({option.name: NATURAL[option.name][0]})


def test_the_schema_is_one() -> None:
    """Of the dialect that it names, with a description of each option and every kind as a proposal."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == DIALECT
    definitions = SCHEMA["$defs"]
    assert all(definitions[option.name]["description"] == option.summary for option in OPTIONS)
    assert {row.kind for row in known_detectors()} <= set(definitions["kind"]["anyOf"][0]["enum"])


def test_the_schema_alone_refuses_most_broken_files() -> None:
    """Those whose structure is wrong; what needs a look at names, patterns or variables is ours to say."""
    refused = 0
    for wrong in BROKEN.values():
        try:
            content = yaml.safe_load(wrong.content)
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError):
            continue
        refused += not VALIDATOR.is_valid(content)
    assert refused > 20
