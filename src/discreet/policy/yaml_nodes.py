"""YAML as a tree with lines, by PyYAML's safe loader: no tag makes an object, no alias makes a bomb or a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from discreet.policy.nodes import TOO_DEEP, Broken, Items, Pairs, Scalar, UnreadableError, whole

if TYPE_CHECKING:
    from discreet.policy.nodes import Node

MOST: Final = 50_000
"""Most values of a file, with what its aliases repeat."""

_YAML = "tag:yaml.org,2002:"
_TYPED = ("null", "bool", "int", "float")
_TEXTS = ("str", "timestamp", "value")  # a date is no type that any option has
_MEND = "Mend the file; an editor that knows YAML shows the place"
_FAULTS: Final = (  # what PyYAML says, and what we say: its messages quote what stands in the file
    ("found character '\\t'", "has a tab where only spaces may stand", "Indent with spaces"),
    ("undefined alias", "names an anchor that is not there", "Set the anchor above, or write the value out"),
    ("duplicate anchor", "has an anchor twice", "Name the anchors differently"),
    ("another document", "holds more than one document", "Leave one; what differs goes under environments"),
    ("", "is not YAML", _MEND),
)


def yaml_tree(text: str) -> Node | None:
    """Give the tree of a YAML text, None for an empty one.

    Raises:
        UnreadableError: With the line, for what is not YAML, or more than can be taken.
    """
    try:
        import yaml
    except ImportError:
        raise UnreadableError(
            "needs a package that is not installed", "pip install 'discreet[yaml]', or write JSON and end its name so"
        ) from None
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return None if root is None else _Tree(yaml).of(root)
    except yaml.YAMLError as error:
        said = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
        rule, remedy = next((rule, remedy) for words, rule, remedy in _FAULTS if words in said)
        mark = getattr(error, "problem_mark", None)
        raise UnreadableError(rule, remedy, mark.line + 1 if mark else 0) from None
    except RecursionError:
        raise TOO_DEEP from None


class _Tree:
    """Turns PyYAML's nodes into ours; counts them, as an alias repeats all that hangs on its anchor."""

    def __init__(self, yaml: Any) -> None:
        self._yaml = yaml
        self._constructor = yaml.constructor.SafeConstructor()
        self._above: set[int] = set()
        self._count = 0

    def of(self, node: Any) -> Node:
        line = node.start_mark.line + 1
        self._count += 1
        if self._count > MOST:
            raise UnreadableError(f"holds more than {MOST:,} values", "Let aliases repeat less, or split the file")
        if isinstance(node, self._yaml.ScalarNode):
            return self._scalar(node, line)
        if node.tag not in {_YAML + "seq", _YAML + "map"}:
            return _tagged(line)
        if id(node) in self._above:
            return Broken(line, "holds itself, by an alias", "Write the value out")
        self._above.add(id(node))
        try:
            if isinstance(node, self._yaml.SequenceNode):
                return Items(line, tuple(self.of(item) for item in node.value))
            return Pairs(line, tuple((self.of(key), self.of(value)) for key, value in node.value))
        finally:
            self._above.discard(id(node))

    def _scalar(self, node: Any, line: int) -> Node:
        kind = node.tag.removeprefix(_YAML)
        if kind == "merge":
            return Broken(line, "has a merge key", "Write the options out; what differs goes under environments")
        if kind in _TEXTS:
            return whole(line, node.value)
        if kind not in _TYPED:
            return _tagged(line)
        try:
            return Scalar(line, self._constructor.yaml_constructors[node.tag](self._constructor, node))
        except Exception:  # `!!int x` gives ValueError, `!!int` IndexError, `!!bool x` KeyError
            return Broken(line, "is not of the type that it seems to be", "Put a text in quotes")


def _tagged(line: int) -> Broken:
    return Broken(line, "has a tag that no option takes", "Leave the tag out")
