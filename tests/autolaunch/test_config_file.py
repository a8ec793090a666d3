"""A file of our own under ``opentelemetry-instrument``: its options are in force, and what is wrong in it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.testing import OtlpReceiver
from tests.autolaunch.programs import EMITTING
from tests.pipeline.launching import run
from tests.policy.broken import BROKEN

pytestmark = pytest.mark.seams
TEST = "deployment.environment.name=test"


def test_the_file_governs_what_leaves(tmp_path: Path) -> None:
    """The environment's action is in the exported record."""
    path = tmp_path / "d.yaml"
    path.write_text("environments: {test: {actions: {email: pseudonymize}, pseudonym_key: '${env:KEY}'}}\n")
    extra = {
        "DISCREET_CONFIG": str(path),
        "OTEL_RESOURCE_ATTRIBUTES": TEST,
        "KEY": "k1:MDEyMzQ1Njc4OWFiY2RlZg==",
    }
    with OtlpReceiver() as receiver:
        done = run(receiver, "-c", EMITTING, extra=extra)
        bodies = [log.body for log in receiver.logs()]
    assert (done.returncode, done.stderr) == (0, "")
    (body,) = [body for body in bodies if body.startswith("hello")]
    assert body.startswith("hello [PSEUDONYM:email:k1:")


@pytest.mark.parametrize("case", ["many at once", "no YAML", "a bomb of aliases", "UTF-16", "a list"])
def test_a_broken_file_leaves_the_app_running(case: str, tmp_path: Path) -> None:
    """Each message is one line on standard error, and what is private is redacted."""
    wrong = BROKEN[case]
    path = tmp_path / wrong.name
    path.write_bytes(wrong.content)
    with OtlpReceiver() as receiver:
        done = run(receiver, "-c", EMITTING, extra={"DISCREET_CONFIG": str(path), "OTEL_RESOURCE_ATTRIBUTES": TEST})
    assert done.returncode == 0, done.stderr
    assert "the app ran" in done.stdout
    for message in wrong.messages:
        assert done.stderr.count(f"discreet: {message}\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr
    assert "canary" not in done.stderr
