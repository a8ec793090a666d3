"""Bad input gives one clear line with place and remedy, never the value; and the app runs on."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.testing import OtlpReceiver
from tests.autolaunch.programs import EMITTING
from tests.pipeline.launching import run

NONE = {f"OTEL_{signal}_EXPORTER": "none" for signal in ("TRACES", "METRICS", "LOGS")}

CASES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "unknown detector": ({"DISCREET_DETECTORS": "emial,hunter2"}, ("DISCREET_DETECTORS", "email")),
    "not a switch": ({"DISCREET_OUTPUT": "hunter2"}, ("DISCREET_OUTPUT", "true or false")),
    "endpoint": ({"OTEL_EXPORTER_OTLP_ENDPOINT": "hunter2"}, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")),
    "headers": (
        {"OTEL_EXPORTER_OTLP_HEADERS": "api-key: hunter2", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"},
        ("OTEL_EXPORTER_OTLP_HEADERS", "name=value"),
    ),
    "exporter": ({**NONE, "OTEL_TRACES_EXPORTER": "hunter2"}, ("OTEL_TRACES_EXPORTER", "Installed are")),
    "protocol": ({**NONE, "OTEL_EXPORTER_OTLP_PROTOCOL": "hunter2"}, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")),
}

FILES = {
    "not YAML": ('file_format: "1.0"\n  x: [hunter2\n', "line 2"),
    "wrong type": ('file_format: "1.0"\ntracer_provider:\n  processors: hunter2\n', "tracer_provider.processors"),
    "unknown processor": (
        'file_format: "1.0"\ntracer_provider:\n  processors:\n    - nonsense: {password: hunter2}\n',
        "No processor type",
    ),
    "unknown option": (
        'file_format: "1.0"\ndistribution:\n  discreet:\n    outputt: hunter2\n',
        "Did you mean output",
    ),
    "unknown detector": (
        'file_format: "1.0"\ndistribution:\n  discreet:\n    detectors: [hunter2]\n',
        "distribution.discreet.detectors",
    ),
}


def _run(extra: dict[str, str]) -> str:
    with OtlpReceiver() as receiver:
        done = run(receiver, "-c", EMITTING, extra=extra)
    assert done.returncode == 0, done.stderr
    assert "the app ran" in done.stdout
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr
    assert "canary" not in done.stderr
    return done.stderr


@pytest.mark.parametrize("case", CASES)
def test_a_bad_variable_is_said_once(case: str) -> None:
    """The line names the variable and what to write instead."""
    variables, words = CASES[case]
    lines = [line for line in _run(variables).splitlines() if words[0] in line and "export failed" not in line]
    assert len(lines) == 1, lines
    assert words[1] in lines[0]


@pytest.mark.parametrize("case", FILES)
def test_a_broken_declarative_file_is_said(case: str, tmp_path: Path) -> None:
    """The line names the file and where in it."""
    text, words = FILES[case]
    path = tmp_path / "otel.yaml"
    path.write_text(text)
    stderr = _run({"OTEL_CONFIG_FILE": str(path)})
    assert "otel.yaml" in stderr
    assert words in stderr


def test_a_missing_declarative_file_is_said() -> None:
    """A path that leads nowhere is said, and the app runs on."""
    assert "does not exist" in _run({"OTEL_CONFIG_FILE": "nowhere.yaml"})


@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
def test_nobody_listening_is_one_line(protocol: str) -> None:
    """A backend that is not there is said in one line, for all signals and retries together."""
    stderr = _run(
        {
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
            "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
            "OTEL_EXPORTER_OTLP_TIMEOUT": "2",
            "NAP": "3",
        }
    )
    assert len(stderr.splitlines()) == 1, stderr
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in stderr
