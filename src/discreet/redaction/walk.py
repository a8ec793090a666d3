"""The walk over one record's values: any object in, plain types out, within bounds."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar, Union

from discreet.detectors import key_kind
from discreet.detectors.keys import LIKE
from discreet.detectors.looks import holds
from discreet.detectors.planted import KIND as HONEYTOKEN
from discreet.detectors.validators import keyed_value
from discreet.redaction.genai import is_genai_content
from discreet.redaction.markers import FAILED, MARKER, has_marker, is_marker, is_masked, marker, withheld
from discreet.redaction.statements import without_literals
from discreet.redaction.ways import WAYS, WAYS_OF_A_CALL, is_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discreet.redaction.redactor import Redactor

AnyValue = Union[None, bool, str, int, float, bytes, "list[AnyValue]", "dict[str, AnyValue]"]

_LONG_NUMBER: Final = 10**8
_MAX_INT64: Final = 2**63
_CONTAINERS: Final = (dict, list, tuple, set, frozenset, deque, Mapping, Sequence, AbstractSet)
_LONGEST_KEY: Final = 64
_KEY = re.compile(r"-{0,2}[A-Za-z][\w.-]*")
_USER_OPTIONS: Final = frozenset({"-u", "--user", "--proxy-user", "-U"})
_Item = TypeVar("_Item")
_BYTES: Final = (bytes, bytearray, memoryview)


class Walk:
    """Cleans the values of one record; counts items and remembers the containers it is inside of."""

    __slots__ = ("_found", "_inside", "_left", "_redactor", "_ways")

    def __init__(self, redactor: Redactor, found: set[str], *, calling: bool = False) -> None:
        self._ways = WAYS_OF_A_CALL if calling else WAYS
        self._redactor = redactor
        self._found = found
        self._left = redactor.max_items
        self._inside: set[int] = set()

    def attributes(self, attributes: Mapping[str, object]) -> dict[str, AnyValue]:
        """Gives the clean copy of a record's attributes."""
        try:
            self._redactor.learn((*attributes, *attributes.values()))
            return self._mapping(attributes, None, None)
        except Exception:
            self._found.add(FAILED)
            return {withheld("unprintable"): withheld("unprintable")}

    def value(self, value: object, key: str | None) -> AnyValue:
        """Gives the clean copy of a value that stands under `key`."""
        if key is None:
            return self._value(value, None, None)
        return self._under(value, key, self._kind(key))

    def _under(self, value: object, key: str, kind: str | None) -> AnyValue:
        """Cleans what stands under a key: content of language models and some attributes have rules of their own."""
        if self._redactor.genai_content == "withhold" and is_genai_content(key):
            return withheld("content")
        way = self._ways.get(key)
        return self._value(value, key, kind) if way is None else self._in_its_way(way, value, key, kind)

    def _in_its_way(self, way: str, value: object, key: str, kind: str | None) -> AnyValue:
        """Cleans the value of an attribute whose row in the catalogue asks for more than a look at its text."""
        if way == "machine" and isinstance(value, (list, tuple)) and len(value) <= self._redactor.max_items:
            return [self._machine(item, key, kind) for item in value]
        if way == "machine":
            return self._machine(value, key, kind)
        if type(value) is str:
            if way == "query":
                return self._redactor.text(f"?{value}", self._found).removeprefix("?")
            value = without_literals(value)
        return self._value(value, key, kind)

    def _machine(self, value: object, key: str, kind: str | None) -> AnyValue:
        """Leaves an IP address as it is, unless a detector of another kind knows it."""
        if type(value) is not str or not is_address(value):
            return self._value(value, key, kind)
        found: set[str] = set()
        clean = self._redactor.text(value, found)
        if found <= {"ip_address"}:
            return value
        self._found |= found
        return clean

    def _kind(self, key: str) -> str | None:
        """Gives what a key promises, unless the policy keeps it."""
        kind = key_kind(key)
        return None if kind is not None and kind.removesuffix(LIKE) in self._redactor.actions.kept else kind

    def _value(self, value: object, path: str | None, kind: str | None) -> AnyValue:
        """Cleans one value; with a kind, every leaf below is replaced by its marker. Never raises."""
        try:
            if value is None or value is True or value is False:
                return value
            if type(value) is str:
                return self._string(value, kind)
            return self._other(value, path, kind)
        except Exception:
            self._found.add(FAILED)
            return withheld("unprintable")

    def _other(self, value: object, path: str | None, kind: str | None) -> AnyValue:
        if isinstance(value, Enum) and not isinstance(value, (str, int, float)):
            return self._value(value.value, path, kind)
        if isinstance(value, str):
            return self._string(str.__str__(value), kind)
        if isinstance(value, int):
            return self._integer(int.__int__(value), kind)
        if isinstance(value, float):
            return self._float(float.__float__(value), kind)
        if isinstance(value, _BYTES):
            return self._bytes(value, kind)
        return self._container_or_text(value, path, kind)

    def _string(self, value: str, kind: str | None) -> str:
        kind = holds(kind, value) if kind is not None else None
        if kind is None:
            return self._redactor.text(value, self._found)
        return value if not value or is_marker(value) or is_masked(value) else self._mark(kind, value)

    def _mark(self, kind: str, value: str) -> str:
        """Gives what stands in the place of a value under a telling key."""
        self._found.add(kind)
        if any(planted in value for planted in self._redactor.planted):
            self._found.add(HONEYTOKEN)
        return self._redactor.actions.replacement(kind, value)

    def _integer(self, value: int, kind: str | None) -> int | str:
        kind = holds(kind, str(value)) if kind is not None else None
        if kind is not None:
            return self._mark(kind, str(value))
        if -_LONG_NUMBER < value < _LONG_NUMBER:
            return value
        text = str(value)
        clean = self._redactor.text(text, self._found)
        return value if clean == text and -_MAX_INT64 <= value < _MAX_INT64 else clean

    def _float(self, value: float, kind: str | None) -> float | str:
        kind = holds(kind, repr(value)) if kind is not None else None
        if kind is not None:
            return self._mark(kind, repr(value))
        if -_LONG_NUMBER < value < _LONG_NUMBER or not value.is_integer() or abs(value) >= _MAX_INT64:
            return value
        clean = self._integer(int(value), None)
        return clean if isinstance(clean, str) else value

    def _bytes(self, value: bytes | bytearray | memoryview, kind: str | None) -> bytes | str:
        plain = value[:] if type(value) is bytes else bytes(memoryview(value))
        if not plain:
            return plain
        kind = holds(kind, plain.decode("latin-1")) if kind is not None else None
        if kind is not None:
            text = plain.decode("latin-1")
            return plain if is_marker(text) else self._mark(kind, text)
        try:
            return self._redactor.text(plain.decode(), self._found).encode()
        except UnicodeDecodeError:
            text = plain.decode("latin-1")
            return plain if self._redactor.text(text, self._found) == text else marker("bytes").encode()

    def _container_or_text(self, value: object, path: str | None, kind: str | None) -> AnyValue:
        """Cleans a mapping or sequence, unless it is too deep or holds itself, and the text of anything else."""
        if not isinstance(value, _CONTAINERS):
            return self._string(str.__str__(str(value)), kind)
        if len(self._inside) >= self._redactor.max_depth:
            return withheld("depth")
        if id(value) in self._inside:
            return withheld("cycle")
        self._inside.add(id(value))
        try:
            if isinstance(value, Mapping):
                return self._mapping(value, path, kind)
            return self._sequence(value, path, kind)
        finally:
            self._inside.discard(id(value))

    def _counted(self, value: object) -> bool:
        """Says whether there is room for one more value. Markers are free, or a second pass would count otherwise."""
        if type(value) is str and is_marker(value):
            return True
        self._left -= 1
        return self._left >= 0

    def _sequence(self, values: Iterable[object], path: str | None, kind: str | None) -> list[AnyValue]:
        clean: list[AnyValue] = []
        before: object = None
        for value in _copy(values, self._redactor.max_items):
            if not self._counted(value):
                clean.append(withheld("items"))
                break
            clean.append(self._item(before, value, path, kind))
            before = value
        return clean

    def _item(self, before: object, value: object, path: str | None, kind: str | None) -> AnyValue:
        """Cleans an item of a list; the one before may be its key: `["--password", "x"]`, `["authorization", "x"]`."""
        if kind is not None or type(value) is not str or type(before) is not str or len(before) > _LONGEST_KEY:
            return self._value(value, path, kind)
        if before in _USER_OPTIONS and ":" in value:
            return self._string(f"{before} {value}", None).removeprefix(f"{before} ")
        told = self._kind(before.lstrip("-")) if _KEY.fullmatch(before) else None
        return self._value(value, path, told if told is not None and keyed_value(value) else None)

    def _mapping(self, values: Mapping[str, object], path: str | None, kind: str | None) -> dict[str, AnyValue]:
        clean: dict[str, AnyValue] = {}
        seen: dict[str, int] = {}
        for key, value in _copy(values.items(), self._redactor.max_items):
            if not self._counted(value):
                clean[withheld("items")] = withheld("items")
                break
            name = self._key(key)
            shown = self._redactor.text(name, self._found)
            # What a marker in a key says is no name: `[REDACTED:email]` stood for an address, not for "email".
            below = _joined(path, MARKER.sub("", shown) if has_marker(shown) else shown)
            # Both spellings are asked: the given one knows most, the shown one is all that a second pass sees.
            deeper = kind or self._kind(below) or (self._kind(_joined(path, name)) if shown != name else None)
            kept = self._under(value, below, deeper)
            if self._is_dropped(kept):
                continue
            clean[_unique(shown, clean, seen)] = kept
        return clean

    def _is_dropped(self, clean: AnyValue) -> bool:
        """Says whether a cleaned value holds a marker of a kind whose attributes are to be removed."""
        dropped = self._redactor.actions.dropped
        if not dropped or not isinstance(clean, str) or not has_marker(clean):
            return False
        return any(marker(kind) in clean for kind in dropped & self._found)

    def _key(self, key: object) -> str:
        """Gives a mapping's key as plain text."""
        if type(key) is str:
            return key
        try:
            return str.__str__(key) if isinstance(key, str) else str.__str__(str(key))
        except Exception:
            self._found.add(FAILED)
            return withheld("unprintable")


def _copy(values: Iterable[_Item], most: int) -> list[_Item]:
    """Copies the front of an iterable at once, so that a change meanwhile cannot break the walk."""
    return list(islice(values, most + 1))


def _joined(path: str | None, name: str) -> str:
    """Gives the path of a key inside of mappings: `user.name`."""
    return f"{path}.{name}" if path else name


def _unique(key: str, taken: Mapping[str, object], seen: dict[str, int]) -> str:
    """Gives the key, or the next free of `key#2`, `key#3`, ..."""
    if key not in taken:
        return key
    number = seen.get(key, 1) + 1
    while f"{key}#{number}" in taken:
        number += 1
    seen[key] = number
    return f"{key}#{number}"
