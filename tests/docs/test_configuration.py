"""What the page on configuration says is what the code does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from opentelemetry.configuration import load_config_file

from discreet.cli import main
from discreet.policy import OPTIONS, gather_again
from discreet.policy.schema import schema
from tests.docs.consoles import ROOT, fenced, page, printed

EXAMPLE = ROOT / "docs" / "examples" / "configuration"
PAGE = page("configuration.md")


@pytest.mark.parametrize("block", fenced(PAGE, "console"), ids=lambda block: block.splitlines()[0])
def test_a_command_prints_what_the_page_says(block: str) -> None:
    """The commands of each block, run by a shell beside the example, print what stands behind them."""
    given, said = printed(block, EXAMPLE)
    assert given == said


def test_the_files_on_the_page_are_right(tmp_path: Path) -> None:
    """The first is the example itself; the declarative one is taken in its environment."""
    own, declarative = fenced(PAGE, "yaml")
    assert own == (EXAMPLE / "discreet.yaml").read_text()
    path = tmp_path / "otel.yaml"
    path.write_text(declarative)
    found = gather_again(environ={}, declarative=str(path))
    assert found.problems == ()
    assert found.environment.name == "production"
    assert (found.settings["actions"], found.settings["genai_content"]) == ({"card": "mask"}, "withhold")


def test_the_opentelemetry_package_takes_the_declarative_file(tmp_path: Path) -> None:
    """What we add is no error there."""
    path = tmp_path / "otel.yaml"
    path.write_text(fenced(PAGE, "yaml")[1])
    distribution = load_config_file(str(path)).distribution or {}
    assert distribution["discreet"]["actions"] == {"card": "mask"}


def test_the_reference_is_that_of_the_table() -> None:
    """Printed anew, it is the same: `discreet config schema --markdown`."""
    text = CliRunner().invoke(main, ["config", "schema", "--markdown"]).stdout
    assert PAGE.endswith(f"Printed by `discreet config schema --markdown`.\n\n{text}")
    assert re.findall(r"^### `(\w+)`$", text, re.MULTILINE) == [option.name for option in OPTIONS]


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_the_samples_of_the_reference_are_taken(option: Any, tmp_path: Path) -> None:
    """Each is right in a file, but for the secrets that it refers to."""
    path = tmp_path / "d.yaml"
    path.write_text(f"{option.name}: {option.sample}\n")
    assert list(yaml.safe_load(path.read_text())) == [option.name]
    done = CliRunner().invoke(main, ["config", "check", "--offline", str(path)])
    assert (done.exit_code, done.output) == (0, "")


def test_the_example_names_the_schema_as_editors_do() -> None:
    """The hint of the YAML language server is the first line, and the file is valid by the schema."""
    import jsonschema

    text = (EXAMPLE / "discreet.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=discreet.schema.json\n")
    jsonschema.Draft202012Validator(schema()).validate(yaml.safe_load(text))
