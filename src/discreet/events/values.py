"""Values that people give: anything is taken. What OpenTelemetry does not know becomes a text, as it would there.

Nothing is redacted here: the guard does that to everything that leaves, and raises the level by what it finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from discreet.redaction import withheld

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCALARS: Final = frozenset({str, bool, int, float})
_KEPT: Final = (str, bool, int, float, bytes, type(None), dict, list, tuple)


def merged(given: Mapping[str, Any] | None, more: Mapping[str, Any]) -> dict[str, Any]:
    """Give the attributes of a mapping and of keyword arguments together; those win."""
    return {**{text_of(key): value for key, value in (given or {}).items()}, **more}


def loggable(value: Any) -> Any:
    """Give a value as a log record may hold it. One level of containers is looked at; deeper ones are the guard's."""
    if isinstance(value, dict):
        return {text_of(key): _item(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_item(item) for item in value]
    return _item(value)


def _item(value: Any) -> Any:
    return value if isinstance(value, _KEPT) else text_of(value)


def measurable(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Give attributes as a measurement may have them: a container becomes its text."""
    return {key: value if type(value) in _SCALARS else text_of(value) for key, value in attributes.items()}


def text_of(value: Any) -> str:
    """Give the text of anything; of what has none, that it is withheld."""
    try:
        return str(value)
    except Exception:
        return withheld("unprintable")


def kind_of(error: type[BaseException]) -> str:
    """Give the type of an exception for `error.type`: with its module, unless that is `builtins` or `__main__`."""
    module, name = error.__module__, error.__qualname__
    return name if module in {"builtins", "__main__"} else f"{module}.{name}"
