"""What YAML and JSON files have in common: a tree of values, each with the line it stands in."""

from __future__ import annotations

from typing import NamedTuple


class Scalar(NamedTuple):
    """A text, number, boolean or null."""

    line: int
    value: str | int | float | bool | None


class Items(NamedTuple):
    """A list."""

    line: int
    nodes: tuple[Node, ...]


class Pairs(NamedTuple):
    """A mapping, as it stands: a key may stand twice."""

    line: int
    nodes: tuple[tuple[Node, Node], ...]


class Broken(NamedTuple):
    """A value that cannot be taken, and why."""

    line: int
    rule: str
    remedy: str


Node = Scalar | Items | Pairs | Broken


class UnreadableError(ValueError):
    """Raised for a text that gives no tree.

    Attributes:
        line: Where it went wrong; 0 for the whole.
        rule: What would be right.
        remedy: What to do about it.
    """

    def __init__(self, rule: str, remedy: str, line: int = 0) -> None:
        self.line, self.rule, self.remedy = line, rule, remedy
        super().__init__(rule)


TOO_DEEP = UnreadableError("nests too deeply", "Options are two levels deep at most, under environments four")


def whole(line: int, text: str) -> Scalar | Broken:
    """Give a text, unless it cannot be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return Broken(line, "holds half of a surrogate pair", "Write the character itself")
    return Scalar(line, text)


def get(node: Node | None, *path: str) -> Node | None:
    """Give what stands under keys, None where there is nothing."""
    for key in path:
        pairs = node.nodes if isinstance(node, Pairs) else ()
        node = next((value for name, value in pairs if isinstance(name, Scalar) and name.value == key), None)
    return node
