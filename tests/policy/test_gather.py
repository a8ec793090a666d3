"""Files, environments, variables and arguments: every option from each, and which wins."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from discreet import runtime
from discreet.detectors import detector_of
from discreet.policy import OPTIONS, Option, current, gather_again
from discreet.redaction import PseudonymKey

ROW = {"kind": "ticket", "pattern": "TCK-[0-9]{4}", "example": "TCK-1234", "near_miss": "TCK-x"}
RULE = {"logger": "shop.pay*", "level": "confidential"}
KEY = "k1:MDAwMDAwMDAwMDAwMDAwMA=="
SECRETS = {"KEY": KEY, "HEADERS": "authorization=Bearer%20x"}
"""What files refer to: secrets stand in variables."""
NATURAL: dict[str, tuple[Any, Any]] = {
    "patterns": ([ROW], (detector_of(ROW),)),
    "detectors": (["card", "email"], ("email", "card")),
    "actions": ({"email": "mask", "card": "drop"}, {"email": "mask", "card": "drop"}),
    "pseudonym_key": ("${env:KEY}", PseudonymKey("k1", b"0" * 16)),
    "genai_content": ("withhold", "withhold"),
    "classify": ([RULE], (RULE,)),
    "exporters": (
        {"console": {"max_level": "internal"}, "acme.exporters:*": "public"},
        {"console": "internal", "acme.exporters:*": "public"},
    ),
    "level_actions": ({"restricted": "strip", "public": "drop"}, {"restricted": "strip", "public": "drop"}),
    "retention": ({"audit": "7y", "restricted": "30d"}, {"audit": "7y", "restricted": "30d"}),
    "cardinality_limit": (50, 50),
    "reload_interval": (30, 30),
    "health_interval": (30, 30),
    "health_port": (9465, 9465),
    "reload_on_hangup": ("never", "never"),
    "honeytokens": (["planted-0001", "planted-0002"], ("planted-0001", "planted-0002")),
    "baggage_keys": (["tenant", "app.*"], ("tenant", "app.*")),
    "baggage_hosts": (["inventory", "*.internal:8443"], ("inventory", "*.internal:8443")),
    "opamp_endpoint": ("https://opamp.example.org/v1/opamp", "https://opamp.example.org/v1/opamp"),
    "opamp_headers": ("${env:HEADERS}", (("authorization", "Bearer x"),)),
    "opamp_interval": (60, 60),
    "baggage_attributes": (["tenant", "app.*"], ("tenant", "app.*")),
    "request_id_headers": (["X-Request-ID", "cf-ray"], ("x-request-id", "cf-ray")),
    "log_format": ("json", "json"),
    **{option.name: (not option.default, not option.default) for option in OPTIONS if isinstance(option.default, bool)},
}
"""Each option as it is naturally written in a file, and the value that it means."""

TEST = {"OTEL_RESOURCE_ATTRIBUTES": "service.name=x,deployment.environment.name=test"}
OPTION = pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)


def write(path: Path, content: Any) -> str:
    """Write a file as JSON or YAML; give its path."""
    path.write_text(json.dumps(content, indent=1) if path.suffix == ".json" else yaml.safe_dump(content))
    return str(path)


def declarative(settings: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Give a declarative file with our settings."""
    return {"file_format": "1.0", "distribution": {"discreet": settings}, **more}


def text_of(option: Option) -> str:
    """Give an option as a variable has it."""
    value = NATURAL[option.name][0]
    if option.by_reference:
        return SECRETS[value[6:-1]]
    if option.name in {"patterns", "classify", "exporters"}:
        return json.dumps(value)
    if isinstance(value, dict):
        return ",".join(f"{kind}={action}" for kind, action in value.items())
    return ",".join(value) if isinstance(value, list) else str(value)


@OPTION
@pytest.mark.parametrize("name", ["d.yaml", "d.yml", "d.json", "d.conf"])
def test_every_option_works_from_a_file(option: Option, name: str, tmp_path: Path) -> None:
    """As natural YAML or JSON, at the top; its origin is the line."""
    given, value = NATURAL[option.name]
    path = write(tmp_path / name, {option.name: given})
    found = gather_again(environ={"DISCREET_CONFIG": path, **SECRETS})
    assert found.problems == ()
    assert found.settings[option.name] == value
    assert found.origins[option.name].startswith(f"{name}:")
    assert found.origins[option.name].endswith(f": {option.name}")
    assert {found.origins[other.name] for other in OPTIONS if other is not option} == {"default"}


@OPTION
def test_every_option_works_from_an_environment_of_a_file(option: Option, tmp_path: Path) -> None:
    """It wins over the top of the file, in that environment alone."""
    given, value = NATURAL[option.name]
    path = write(tmp_path / "d.yaml", {"environments": {"test": {option.name: given}}})
    found = gather_again(environ={"DISCREET_CONFIG": path, **SECRETS, **TEST})
    assert found.problems == ()
    assert found.settings[option.name] == value
    assert f": environments.test.{option.name}" in found.origins[option.name]
    elsewhere = gather_again(environ={"DISCREET_CONFIG": path, **SECRETS})
    assert elsewhere.settings[option.name] == option.default


@OPTION
def test_every_option_works_from_the_declarative_file(option: Option, tmp_path: Path) -> None:
    """Under ``distribution.discreet``."""
    given, value = NATURAL[option.name]
    path = write(tmp_path / "otel.yaml", declarative({option.name: given}))
    found = gather_again(environ=SECRETS, declarative=path)
    assert found.problems == ()
    assert found.settings[option.name] == value
    assert f": distribution.discreet.{option.name}" in found.origins[option.name]


@OPTION
def test_every_option_works_from_variable_and_argument(option: Option) -> None:
    """As text from the one, as text or itself from the other."""
    given, value = NATURAL[option.name]
    found = gather_again(environ={option.variable: text_of(option)})
    assert (found.problems, found.settings[option.name], found.origins[option.name]) == ((), value, option.variable)
    given = text_of(option) if option.by_reference else given
    found = gather_again(environ={}, arguments={option.name: given})
    assert (found.problems, found.settings[option.name]) == ((), value)
    assert found.origins[option.name] == f"configure({option.name}=...)"


def test_the_precedence_is_one(tmp_path: Path) -> None:
    """Default < declarative file < its environment < own file < its environment < variable < argument."""
    environ = {
        "DISCREET_CONFIG": write(
            tmp_path / "d.yaml", {"cardinality_limit": 30, "environments": {"test": {"cardinality_limit": 40}}}
        ),
        "DISCREET_CARDINALITY_LIMIT": "50",
        **TEST,
    }
    path = write(
        tmp_path / "otel.yaml",
        declarative({"cardinality_limit": 10, "environments": {"test": {"cardinality_limit": 20}}}),
    )
    seen = [gather_again(environ=environ, declarative=path, arguments={"cardinality_limit": 60})]
    seen.append(gather_again(environ=environ, declarative=path))
    del environ["DISCREET_CARDINALITY_LIMIT"]
    seen.append(gather_again(environ=environ, declarative=path))
    here = environ.pop("OTEL_RESOURCE_ATTRIBUTES")
    seen.append(gather_again(environ=environ, declarative=path))
    del environ["DISCREET_CONFIG"]
    seen.append(gather_again(environ={"OTEL_RESOURCE_ATTRIBUTES": here}, declarative=path))
    seen.append(gather_again(environ=environ, declarative=path))
    seen.append(gather_again(environ=environ))
    assert [found.settings["cardinality_limit"] for found in seen] == [60, 50, 40, 30, 20, 10, 2000]
    assert [found.problems for found in seen] == [()] * 7


def test_an_option_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """Lists and mappings of two sources are not mixed."""
    content = {"actions": {"email": "mask"}, "environments": {"test": {"actions": {"card": "drop"}}}}
    found = gather_again(environ={"DISCREET_CONFIG": write(tmp_path / "d.yaml", content), **TEST})
    assert found.settings["actions"] == {"card": "drop"}


def test_a_wrong_value_leaves_the_weaker_source(tmp_path: Path) -> None:
    """The environment's is wrong, so that of the top counts; the rest of the environment does too."""
    content = {"cardinality_limit": 30, "environments": {"test": {"cardinality_limit": "many", "strict": True}}}
    found = gather_again(environ={"DISCREET_CONFIG": write(tmp_path / "d.yaml", content), **TEST})
    assert len(found.problems) == 1
    assert (found.settings["cardinality_limit"], found.settings["strict"]) == (30, True)


def test_names_of_patterns_count_in_every_source(tmp_path: Path) -> None:
    """What a file adds, variables and arguments may name."""
    path = write(tmp_path / "d.yaml", {"patterns": [ROW]})
    environ = {"DISCREET_CONFIG": path, "DISCREET_ACTIONS": "ticket=mask"}
    found = gather_again(environ=environ, arguments={"detectors": ["ticket"]})
    assert found.problems == ()
    assert (found.settings["detectors"], found.settings["actions"]) == (("ticket",), {"ticket": "mask"})


@pytest.mark.parametrize(
    ("resource", "declared", "variable", "name"),
    [
        ({"deployment.environment.name": "a"}, {"deployment.environment.name": "b"}, "c", "a"),
        ({}, {"deployment.environment.name": "b"}, "c", "b"),
        ({}, {"service.name": "x"}, "c", "c"),
        ({"deployment.environment": "a"}, {}, "c", "a"),
        ({"deployment.environment.name": 7}, {}, "", ""),
        ({}, {}, "a%2Fb", "a/b"),
    ],
)
def test_who_says_which_environment_it_is(
    resource: dict[str, Any], declared: dict[str, str], variable: str, name: str, tmp_path: Path
) -> None:
    """An argument, else the declarative file, else the variable, URL-encoded as the specification says."""
    rows = [{"name": key, "value": value} for key, value in declared.items()]
    path = write(tmp_path / "otel.yaml", declarative({}, resource={"attributes": rows}))
    environ = {"OTEL_RESOURCE_ATTRIBUTES": f"service.name=x, deployment.environment.name={variable}"}
    assert gather_again(environ=environ, declarative=path, resource=resource).environment.name == name


def test_the_list_of_a_declarative_resource_counts_too(tmp_path: Path) -> None:
    """``attributes_list`` has the form of the variable, and may refer to it; ``attributes`` wins."""
    resource = {"attributes_list": "${OTEL_RESOURCE_ATTRIBUTES}"}
    path = write(tmp_path / "otel.yaml", declarative({}, resource=resource))
    assert gather_again(environ=TEST, declarative=path).environment == ("test", "OTEL_CONFIG_FILE")
    rows = [{"name": "deployment.environment.name", "value": "other"}]
    path = write(tmp_path / "otel.yaml", declarative({}, resource={**resource, "attributes": rows}))
    assert gather_again(environ=TEST, declarative=path).environment.name == "other"


@pytest.mark.parametrize("content", ["environments:\n", "environments: {test: }\n", "environments: {test: {}}\n"])
def test_an_environment_may_be_empty(content: str, tmp_path: Path) -> None:
    """It then changes nothing."""
    path = tmp_path / "d.yaml"
    path.write_text(content)
    assert gather_again(environ={"DISCREET_CONFIG": str(path), **TEST}).problems == ()


def test_aliases_that_repeat_little_work(tmp_path: Path) -> None:
    """What two environments share may be written once."""
    path = tmp_path / "d.yaml"
    path.write_text("environments:\n  stage: &all {strict: true, detectors: [card]}\n  test: *all\n")
    found = gather_again(environ={"DISCREET_CONFIG": str(path), **TEST})
    assert found.problems == ()
    assert found.settings["detectors"] == ("card",)


@pytest.mark.parametrize("mark", ["\ufeff", ""])
def test_a_mark_of_the_byte_order_is_no_error(mark: str, tmp_path: Path) -> None:
    """Editors of Windows write one."""
    path = tmp_path / "d.yaml"
    path.write_text(f"{mark}output: false\r\n", encoding="utf-8")
    found = gather_again(environ={"DISCREET_CONFIG": str(path)})
    assert (found.problems, found.settings["output"]) == ((), False)


def test_gathering_again_sees_the_file_anew_and_changes_nothing(tmp_path: Path) -> None:
    """The policy in force stays until it is swapped."""
    before = current()
    environ = {"DISCREET_CONFIG": write(tmp_path / "d.yaml", {"output": False})}
    assert gather_again(environ=environ).settings["output"] is False
    write(tmp_path / "d.yaml", {"output": True})
    assert gather_again(environ=environ).settings["output"] is True
    assert current() is before


def test_arming_puts_the_file_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read once, then; an empty variable names no file."""
    path = write(tmp_path / "d.yaml", {"output": False})
    monkeypatch.setenv("DISCREET_CONFIG", path)
    runtime.arm()
    assert current().output is False
    runtime.reset()
    monkeypatch.setenv("DISCREET_CONFIG", "")
    runtime.arm()
    assert current().output is True


def test_the_resource_of_configure_chooses_the_environment(tmp_path: Path) -> None:
    """In another process, as `configure` builds providers; an argument may name what the file's patterns find."""
    content = {"patterns": [ROW], "environments": {"test": {"actions": {"card": "mask"}}}}
    path = write(tmp_path / "d.yaml", content)
    program = (
        "import discreet\n"
        "discreet.configure(exporters=['none'], instrument=False, detectors=['ticket', 'card'],\n"
        "    resource={'deployment.environment.name': 'test'})\n"
        "print(discreet.redact('TCK-1234 4111111111111111 zoe@example.org'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"DISCREET_CONFIG": path}
    )
    assert done.stdout == "[REDACTED:ticket] ****1111 zoe@example.org\n"
    assert done.stderr == ""


@pytest.mark.parametrize("name", ["", "d.json"])
def test_no_yaml_is_loaded_where_none_is_configured(name: str, tmp_path: Path) -> None:
    """Nor the modules that read files, where there is no file."""
    path = write(tmp_path / name, {"output": False}) if name else ""
    program = (
        "import sys; from discreet import runtime; from discreet.policy import current; runtime.arm()\n"
        "print(current().output, 'yaml' in sys.modules, 'discreet.policy.files' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"DISCREET_CONFIG": path}
    )
    assert done.stdout == ("False False True\n" if name else "True False False\n")
