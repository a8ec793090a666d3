"""Whatever lies in a configuration file, reading it raises nothing, and quotes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from discreet.policy import OPTIONS, Policy, gather_again
from tests.policy.broken import BROKEN, SECRET

PARTS = st.sampled_from(
    [
        *(option.name for option in OPTIONS), "environments", "test", "file_format", "distribution", "discreet",
        "email", "kind", "pattern", "mask", SECRET, f"${{{SECRET}", "${env:NOWHERE}", "${file:/}", "true", "7", "~",
        ":", ": ", "- ", "\n", "\n  ", "\n    ", "[", "]", "{", "}", ",", ", ", "&a ", "*a", "<<", "!!int ", "? ", "'",
        '"', "#", "|\n", "\t", "\0", "\ufeff", "é",
    ]
)  # fmt: skip
CONTENTS = (
    st.binary(max_size=200)
    | st.lists(PARTS, max_size=40).map(lambda parts: "".join(parts).encode())
    | st.sampled_from([wrong.content[:4000] for wrong in BROKEN.values()]).flatmap(
        lambda content: st.integers(0, len(content)).map(lambda cut: content[:cut])
    )
)


@pytest.mark.parametrize("name", ["d.yaml", "d.json"])
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=CONTENTS)
def test_reading_never_raises_and_never_quotes(name: str, content: bytes, tmp_path: Path) -> None:
    """A policy comes out of it, and messages hold no value."""
    path = tmp_path / name
    path.write_bytes(content)
    environ = {"DISCREET_CONFIG": str(path), "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=test"}
    found = gather_again(environ=environ, declarative=str(path))
    assert SECRET not in " ".join(map(str, found.problems))
    Policy.compiled(found.settings)
