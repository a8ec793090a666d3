"""The public function: redacts any value by the policy in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discreet.policy.compiled import current

if TYPE_CHECKING:
    from discreet.redaction import AnyValue


def redact(value: object, key: str | None = None) -> AnyValue:
    """Give a copy of a value without anything private, by the policy in force.

    Args:
        value: Text, number, bytes, mapping, sequence, or any object, which is taken as its text.
        key: The name the value stands under, if any: `redact("4711", "user.pin")`.

    Returns:
        Plain types only: None, bool, str, int, float, bytes, list, dict. Redacting the result changes nothing.
    """
    return current().redactor.value(value, key, set())
