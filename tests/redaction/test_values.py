"""Redaction of values: every object is survived, and what comes back is plain and encodable."""

from __future__ import annotations

import copy
import math
from collections import OrderedDict, UserDict, UserList, deque
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from discreet.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Iterator

REDACTOR = Redactor()
CARD = 4111111111111111


class Color(Enum):
    RED = "zoe@example.org"


class Number(IntEnum):
    ONE = 1


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError

    __repr__ = __hash__ = __eq__ = __str__  # type: ignore[assignment]


class Bad:
    def __str__(self) -> str:
        raise RuntimeError

    __repr__ = __str__

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise RuntimeError


class BadMap(UserDict[str, str]):
    def items(self) -> Any:
        raise RuntimeError


@dataclass
class User:
    email: str


def clean(value: object, key: str | None = None) -> object:
    """Give the redacted value."""
    return REDACTOR.value(value, key, set())


@pytest.mark.parametrize("value", [None, True, False, 0, -1, 1.5, "", "ok", b"", b"ok", [], {}, 12345678, math.inf])
def test_harmless_values_stay(value: object) -> None:
    """What holds nothing private comes back equal and of its type."""
    assert clean(value) == value
    assert type(clean(value)) is type(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("to zoe@example.org", "to [REDACTED:email]"),
        (CARD, "[REDACTED:card]"),
        (float(CARD), "[REDACTED:card]"),
        (1795520128229096000, 1795520128229096000),
        (2**70, str(2**70)),
        (10**5000, "[WITHHELD:unprintable]"),
        (b"to zoe@example.org", b"to [REDACTED:email]"),
        (bytearray(b"x"), b"x"),
        (b"\xff zoe@example.org", b"[REDACTED:bytes]"),
        (b"\xff\x00", b"\xff\x00"),
        (("zoe@example.org", 1), ["[REDACTED:email]", 1]),
        ({"zoe@example.org"}, ["[REDACTED:email]"]),
        (deque(["a"]), ["a"]),
        (range(3), [0, 1, 2]),
        (UserList(["zoe@example.org"]), ["[REDACTED:email]"]),
        (UserDict({"a": "zoe@example.org"}), {"a": "[REDACTED:email]"}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (OrderedDict(b=1, a=2), {"b": 1, "a": 2}),
        ({1: "a", None: "b", ("x",): "c"}, {"1": "a", "None": "b", "('x',)": "c"}),
        ({"zoe@example.org": 1, "yan@example.org": 2}, {"[REDACTED:email]": 1, "[REDACTED:email]#2": 2}),
        (Color.RED, "[REDACTED:email]"),
        (Number.ONE, 1),
        (Text("zoe@example.org"), "[REDACTED:email]"),
        (Path("/home/x"), "/home/x"),
        (Decimal("1.5"), "1.5"),
        (User("zoe@example.org"), f"{__name__}.User(email='[REDACTED:email]')".rpartition(".")[2]),
        (ValueError("zoe@example.org"), "[REDACTED:email]"),
        (Bad(), "[WITHHELD:unprintable]"),
        (BadMap({"a": "b"}), "[WITHHELD:unprintable]"),
        ([Bad(), "ok"], ["[WITHHELD:unprintable]", "ok"]),
        ({"a\ud800": "b\udfff"}, {"a\ufffd": "b\ufffd"}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_come_back_plain_and_redacted(value: object, expected: object) -> None:
    """Any object becomes None, bool, str, int, float, bytes, list or dict, without what is private."""
    assert clean(value) == expected


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("password", "x", "[REDACTED:password]"),
        ("password", 5, "[REDACTED:password]"),
        ("password", 5.5, "[REDACTED:password]"),
        ("password", b"x", "[REDACTED:password]"),
        ("password", "", ""),
        ("password", None, None),
        ("password", True, True),
        ("password", "[REDACTED:email]", "[REDACTED:email]"),
        ("ssn", 78051120, "[REDACTED:ssn]"),
        ("password", ["a", {"b": "c", "d": [1]}], None),
        ("user", {"name": "Zoe", "id": 7}, {"name": "[REDACTED:name]", "id": 7}),
        ("http", {"request": {"header": {"authorization": ["x"]}}}, None),
        ("name", "orders", "orders"),
    ],
)
def test_values_under_telling_keys_are_replaced_whole(key: str, value: object, expected: object) -> None:
    """Under a telling key every leaf becomes its marker; nothing, empty and booleans stay."""
    if key == "password" and isinstance(value, list):
        mark = "[REDACTED:password]"
        expected = [mark, {"b": mark, "d": [mark]}]
    if key == "http":
        expected = {"request": {"header": {"authorization": ["[REDACTED:authorization]"]}}}
    assert clean(value, key) == expected


def test_generators_are_not_consumed() -> None:
    """An iterator that the application still needs keeps its items."""

    def items() -> Iterator[int]:
        yield 1

    generator = items()
    assert str(clean(generator)).startswith("<generator")
    assert list(generator) == [1]


def test_depth_cycles_and_count_are_bounded() -> None:
    """Nesting, containers that hold themselves and floods of items are withheld, and the rest is kept."""
    deep: list[Any] = []
    for _ in range(100):
        deep = [deep]
    text = str(clean(deep))
    assert text.count("[") == 20 + 1
    assert "[WITHHELD:depth]" in text
    cyclic: dict[str, Any] = {"a": 1}
    cyclic["self"] = cyclic
    assert clean(cyclic) == {"a": 1, "self": "[WITHHELD:cycle]"}
    twice = ["x"]
    assert clean([twice, twice]) == [["x"], ["x"]]
    many = REDACTOR.value(list(range(20_000)), None, set())
    assert isinstance(many, list)
    assert many[9_999:] == [9_999, "[WITHHELD:items]"]
    assert REDACTOR.value(many, None, set()) == many
    wide = Redactor(max_items=3).attributes({str(number): [number] for number in range(9)}, set())
    assert wide == {"0": [0], "1": ["[WITHHELD:items]"], "[WITHHELD:items]": "[WITHHELD:items]"}


def test_attributes_keep_their_order_and_what_was_given_is_not_changed() -> None:
    """Keys and values are cleaned in a copy, in order; the caller's objects stay as they were."""
    given = {"b": ["zoe@example.org"], "zoe@example.org": 1, "password": "x", "a": {"token": "y"}}
    before = copy.deepcopy(given)
    found: set[str] = set()
    assert list(REDACTOR.attributes(given, found).items()) == [
        ("b", ["[REDACTED:email]"]),
        ("[REDACTED:email]", 1),
        ("password", "[REDACTED:password]"),
        ("a", {"token": "[REDACTED:token]"}),
    ]
    assert found == {"email", "password", "token"}
    assert given == before
    assert REDACTOR.attributes(None, set()) == {}
    assert REDACTOR.attributes(BadMap({"a": "b"}), set()) == {"[WITHHELD:unprintable]": "[WITHHELD:unprintable]"}


def test_a_failing_engine_withholds() -> None:
    """Where the engine itself fails, the text is withheld and nothing is raised."""
    redactor = Redactor()
    odd = Text("zoe@example.org")
    assert redactor.text(odd, set()) == "[REDACTED:email]"
    assert redactor.text(5, set()) == "[WITHHELD:error]"  # type: ignore[arg-type]
    object.__setattr__(redactor, "_engine", None)
    assert redactor.text("x", set()) == "[WITHHELD:error]"
    assert redactor.attributes({"a": "x"}, set()) == {"[WITHHELD:error]": "[WITHHELD:error]"}
