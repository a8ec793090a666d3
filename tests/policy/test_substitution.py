"""References in files: variables, defaults, mounted secrets, and the dollar itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.policy import gather_again
from discreet.policy.substitution import is_reference, substitute

ENVIRON = {"A": "one", "B": "${A}", "EMPTY": "", "BYTES": "\udcff"}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("${A}", "one"),
        ("${env:A}", "one"),
        ("x-${env:A}-${A}", "x-one-one"),
        ("${env:NOWHERE:-two}", "two"),
        ("${NOWHERE:-}", ""),
        ("${EMPTY:-two}", "two"),
        ("${A:-two}", "one"),
        ("${NOWHERE:-a:-b c}", "a:-b c"),
        ("$${A}", "${A}"),
        ("$$${A}", "$one"),
        ("a$ $b ^x$", "a$ $b ^x$"),
        ("${B}", "${A}"),
    ],
)
def test_what_a_text_becomes(text: str, result: str) -> None:
    """As OpenTelemetry's file format says; what comes in is not looked at again."""
    assert substitute(text, ENVIRON) == (result, [])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("${NOWHERE}", "needs the variable NOWHERE, which is not set and has no default"),
        ("${EMPTY}", "needs the variable EMPTY, which is not set and has no default"),
        ("${BYTES}", "takes a variable that is not UTF-8 text"),
        ("${}", "holds a reference of a form that is not known"),
        ("${1A}", "holds a reference of a form that is not known"),
        ("${env:A-x}", "holds a reference of a form that is not known"),
        ("${sys:A}", "holds a reference of a form that is not known"),
        ("${A", "opens a reference with ${ and does not close it"),
        ("${file:relative}", "names a file by a relative path"),
        ("${file:/nowhere/at/all}", "names a file that does not exist"),
        ("${file:/}", "names a file that is a directory"),
        ("${file:/dev/zero}", "names a file that is not a regular file"),
    ],
)
def test_what_cannot_be_followed_is_a_fault(text: str, rule: str) -> None:
    """With a remedy."""
    ((found, remedy),) = substitute(text, ENVIRON)[1]
    assert found == rule
    assert remedy


def test_every_fault_of_a_text_is_found() -> None:
    """Two variables that are missing are two faults."""
    assert len(substitute("${X1} ${A} ${X2}", ENVIRON)[1]) == 2


@pytest.mark.parametrize(
    ("content", "result"),
    [(b"secret\n", "secret"), (b"secret\r\n", "secret"), (b" two\nlines \n", " two\nlines "), (b"${A}", "${A}")],
)
def test_a_file_gives_its_text(content: bytes, result: str, tmp_path: Path) -> None:
    """Without the line's end, and not looked at again."""
    (tmp_path / "x").write_bytes(content)
    assert substitute(f"${{file:{tmp_path}/x}}", {}) == (result, [])


@pytest.mark.parametrize(("content", "rule"), [(b"\xff", "not UTF-8 text"), (b"x" * 70_000, "larger than 64 KiB")])
def test_a_file_that_is_no_value_is_a_fault(content: bytes, rule: str, tmp_path: Path) -> None:
    """Neither bytes nor a flood stand for a value."""
    (tmp_path / "x").write_bytes(content)
    ((found, _),) = substitute(f"${{file:{tmp_path}/x}}", {})[1]
    assert rule in found


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("file:/run/secrets/key", True),
        ("${env:KEY}", True),
        ("${KEY}", True),
        ("${file:/run/secrets/key}", True),
        ("k1:${env:KEY}", True),
        ("k1:MDAw", False),
        ("${env:KEY:-k1:MDAw}", False),
        ("k1:MDAw${env:KEY}", False),
        ("${env:KEY}MDAw", False),
        ("$${env:KEY}", False),
        ("", False),
    ],
)
def test_a_key_lies_elsewhere(text: str, result: bool) -> None:
    """What is no reference could be the key."""
    assert is_reference(text) is result


def test_keys_and_comments_are_left_alone(tmp_path: Path) -> None:
    """Values are substituted, wherever they stand: in lists and mappings too."""
    path = tmp_path / "d.yaml"
    path.write_text(
        "# ${NOWHERE}\ndetectors: ['${KIND}', card]\nactions: {email: '${env:ACTION}'}\n"
        "cardinality_limit: ${LIMIT:-7}\noutput: ${env:OUTPUT}\nbaggage_keys: ${KEYS}\n"
    )
    environ = {"KIND": "email", "ACTION": "mask", "OUTPUT": "off", "KEYS": "tenant,app.*"}
    found = gather_again(environ={"DISCREET_CONFIG": str(path), **environ})
    assert found.problems == ()
    assert found.settings["detectors"] == ("email", "card")
    assert found.settings["actions"] == {"email": "mask"}
    assert found.settings["cardinality_limit"] == 7
    assert found.settings["output"] is False
    assert found.settings["baggage_keys"] == ("tenant", "app.*")
    path.write_text("${KIND}: true\n")
    (problem,) = gather_again(environ={"DISCREET_CONFIG": str(path), **environ}).problems
    assert problem.rule == "has an option that is not known"
