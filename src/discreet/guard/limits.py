"""Length limits are applied after redaction: a value cut before it could hide half a secret from every detector.

The SDK cuts attribute values as they are set (``OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`` and its kin). The guard lets it
keep a margin more, and cuts to the limit on the clean copy. A value so long that the margin was used up as well ends in
something cut, so its last word goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discreet.guard.containment import withhold
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable

MARGIN = 4096
"""How many characters beyond the limit are kept until redaction; longer than any token a detector knows."""

_LIMIT = "_discreet_limit"


def bounded_attributes_init(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap ``BoundedAttributes.__init__``: keep a margin, and survive values that cannot be held as they are."""

    def __init__(  # noqa: N807 - takes the place of the SDK's
        self: Any,
        maxlen: int | None = None,
        attributes: Any = None,
        immutable: bool = True,
        max_value_len: int | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        setattr(self, _LIMIT, max_value_len)
        kept = max_value_len + MARGIN if isinstance(max_value_len, int) and max_value_len >= 0 else max_value_len
        try:
            original(self, maxlen, attributes, immutable, kept, *args, **kwargs)
        except Exception:
            if not attributes or not hasattr(attributes, "items"):
                raise
            original(self, maxlen, _holdable(attributes), immutable, kept, *args, **kwargs)

    return __init__


def bounded_attributes_setitem(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap ``BoundedAttributes.__setitem__``: a value that cannot be held becomes one that can."""

    def __setitem__(self: Any, key: Any, value: Any) -> None:  # noqa: N807
        try:
            original(self, key, value)
        except Exception:
            if getattr(self, "_immutable", False):
                raise
            original(self, key, _replaced(value))

    return __setitem__


def _replaced(value: Any) -> Any:
    try:
        return current().redactor.value(value, None, set())
    except Exception:
        withhold("attributes", "guard_failed")
        return None


def _holdable(attributes: Any) -> dict[str, Any]:
    """Give attributes in which a cycle, too deep a nest or an object that cannot be printed is withheld."""
    return {str(key): current().redactor.value(value, None, set()) for key, value in attributes.items()}


def is_cut(original: object) -> bool:
    """Say whether a length limit is applied to what is made of these attributes."""
    return getattr(original, _LIMIT, None) is not None


def cut(cleaned: dict[str, Any], original: object) -> dict[str, Any]:
    """Apply the length limit that the original attributes were made with, to values at every depth."""
    if not hasattr(original, _LIMIT):
        return _mistrusted(cleaned, original)
    limit = getattr(original, _LIMIT)
    return cleaned if limit is None else {key: _cut(value, limit) for key, value in cleaned.items()}


def _mistrusted(cleaned: dict[str, Any], original: Any) -> dict[str, Any]:
    """Take the last word off what the SDK cut before the guard was there: it may be half a secret."""
    limit = getattr(original, "max_value_len", None)
    if limit is None:
        return cleaned
    return {key: _without_end(value, original.get(key, value), limit) for key, value in cleaned.items()}


def _without_end(value: Any, before: Any, limit: int) -> Any:
    if isinstance(value, str) and isinstance(before, str):
        return value if len(before) < limit else value.rpartition(" ")[0]
    if isinstance(value, (list, tuple)) and isinstance(before, (list, tuple)) and len(value) == len(before):
        return [_without_end(*pair, limit) for pair in zip(value, before, strict=True)]
    return value


def _cut(value: Any, limit: int) -> Any:
    if isinstance(value, str):
        if len(value) >= limit + MARGIN:
            value = value.rpartition(" ")[0]
        return value[:limit]
    if isinstance(value, (list, tuple)):
        return [_cut(item, limit) for item in value]
    if isinstance(value, dict):
        return {key: _cut(item, limit) for key, item in value.items()}
    return value
