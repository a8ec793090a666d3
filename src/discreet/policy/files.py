"""A configuration file: options at its top, and more of them for each environment.

Either a file of our own (``DISCREET_CONFIG``), or ``distribution.discreet`` of OpenTelemetry's declarative file.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.policy.errors import Problem
from discreet.policy.json_nodes import json_tree
from discreet.policy.nodes import Broken, Items, Pairs, Scalar, UnreadableError, get
from discreet.policy.options import OPTIONS
from discreet.policy.overlays import attributes_of
from discreet.policy.reading import CannotReadError, read
from discreet.policy.sources import NAMES, Given, Source, unknown
from discreet.policy.substitution import is_reference, refers, substitute
from discreet.policy.yaml_nodes import refuse_control, yaml_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from discreet.policy.nodes import Node

MOST: Final = 256 * 1024
"""Most bytes of a file; PyYAML reads this in a second."""

ENVIRONMENTS: Final = "environments"
DISTRIBUTION: Final = ("distribution", "discreet")
_IGNORED = ("$schema",)  # by which editors find the schema of a JSON file
_SAFE = re.compile(r"[\w.-]{1,64}")
_BY_NAME = {option.name: option for option in OPTIONS}
_OPTIONS_OF = "Write options and their values, such as `detectors: [email, card]`"
_ASIDE = "Write file:/path, ${file:/path} or ${env:NAME}"


class Document(NamedTuple):
    """A file that was read.

    Attributes:
        options: What stands at its top.
        overlays: What stands under each environment.
        problems: What is wrong with the file as a whole.
        resource: The resource attributes of a declarative file, as text.
        readable: Whether there was a file that could be read.
    """

    options: Source = Source({})
    overlays: Mapping[str, Source] = {}
    problems: tuple[Problem, ...] = ()
    resource: Mapping[str, str] = {}
    readable: bool = True


def document(
    path: str, environ: Mapping[str, str], *, variable: str = "", name: str = "", follow: bool = True
) -> Document:
    """Read a file, YAML unless its name ends in ``.json``. Never raises.

    Args:
        path: Where it lies.
        environ: What references stand for.
        variable: That which named the file, for messages about the whole.
        name: How messages name the file; else by the last part of its path.
        follow: Whether references are followed; else what holds one is left out.
    """
    name = name or os.path.basename(path) or path  # noqa: PTH119 - a name for messages
    place = f"{variable} ({name})" if variable else name
    try:
        content = read(path, MOST)
    except CannotReadError as error:
        return Document(
            problems=(Problem(place, str(error), "Give the path of a file that can be read"),), readable=False
        )
    try:
        root = _tree(content, is_json=path.lower().endswith(".json"))
    except UnreadableError as error:
        where = f"{name}:{error.line}" if error.line else place
        return Document(problems=(Problem(where, error.rule, error.remedy),))
    if not isinstance(root, Pairs):
        where = place if root is None else f"{name}:{root.line}"
        rule = "is empty" if root is None else "must be a mapping of options"
        return Document(problems=(Problem(where, rule, _OPTIONS_OF),))
    reader = _Reader(name, environ, follow=follow)
    if get(root, "file_format") is None:
        return reader.document(root, "")
    found = reader.document(get(root, *DISTRIBUTION), ".".join((*DISTRIBUTION, "")))
    return found._replace(resource=_resource(get(root, "resource"), environ))


def _tree(content: bytes, *, is_json: bool) -> Node | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError("is not UTF-8 text", "Save it as UTF-8", line) from None
    refuse_control(text)
    if not text.strip():
        return None
    return json_tree(text) if is_json else yaml_tree(text)


class _Reader:
    """Turns the tree of one file into sources."""

    def __init__(self, name: str, environ: Mapping[str, str], *, follow: bool) -> None:
        self._name, self._environ, self._follow = name, environ, follow

    def document(self, node: Node | None, prefix: str) -> Document:
        """Give the document of a mapping that stands under a prefix such as ``distribution.discreet.``."""
        if node is None:
            return Document()
        problems: list[Problem] = []
        members = dict(self._members(node, prefix, problems))
        overlays: dict[str, Source] = {}
        if ENVIRONMENTS in members:
            under = f"{prefix}{ENVIRONMENTS}."
            for key, value in self._members(members.pop(ENVIRONMENTS), under, problems):
                overlays[key] = self._source(value, f"{under}{_shown(key)}.")
        here = {key: value for key, value in members.items() if key not in _IGNORED}
        found = self._options(here, prefix, (*NAMES, ENVIRONMENTS))
        return Document(found._replace(problems=(*problems, *found.problems)), overlays)

    def _source(self, node: Node, prefix: str) -> Source:
        problems: list[Problem] = []
        found = self._options(dict(self._members(node, prefix, problems)), prefix)
        return found._replace(problems=(*problems, *found.problems))

    def _members(self, node: Node, prefix: str, problems: list[Problem]) -> Iterator[tuple[str, Node]]:
        """Yield the members of a mapping whose key is a text that stands there once; the rest are problems."""
        if isinstance(node, Scalar) and node.value is None:
            return
        if not isinstance(node, Pairs):
            rule, remedy = ("must be a mapping of options", _OPTIONS_OF) if not isinstance(node, Broken) else node[1:]
            problems.append(self._problem(node.line, prefix.rstrip("."), rule, remedy))
            return
        first: dict[str, int] = {}
        twice: set[str] = set()
        for key, _ in node.nodes:
            fault = _fault_of(key)
            if fault:
                problems.append(self._problem(key.line, prefix.rstrip("."), *fault))
            elif (text := _text(key)) in first:
                twice.add(text)
                where = f"{prefix}{_shown(text)}"
                rule = f"stands here again, after line {first[text]}"
                problems.append(self._problem(key.line, where, rule, "Keep one; neither is taken"))
            else:
                first[text] = key.line
        yield from (
            (_text(key), value) for key, value in node.nodes if _fault_of(key) is None and _text(key) not in twice
        )

    def _options(self, members: Mapping[str, Node], prefix: str, known: Sequence[str] = NAMES) -> Source:
        given: dict[str, Given] = {}
        problems: list[Problem] = []
        for key, node in members.items():
            option = _BY_NAME.get(key)
            place = self._place(node.line, f"{prefix}{key}" if option else prefix.rstrip("."))
            if key == ENVIRONMENTS:
                problems.append(Problem(place, "has environments in an environment", "Write them at the top"))
                continue
            if option is None:
                problems += unknown([key], place, known)
                continue
            faults: list[tuple[int, str, str]] = []
            if isinstance(node, Scalar) and node.value is None:
                faults.append((node.line, "has no value", f"{option.remedy}, or leave the option out"))
            elif option.by_reference and isinstance(node, Scalar) and not is_reference(str(node.value)):
                faults.append((node.line, "must not hold the key itself, only where it lies", _ASIDE))
            elif not self._follow and _refers(node):
                continue
            else:
                value = self._value(node, faults)
            if faults:
                problems += (self._problem(line, f"{prefix}{key}", rule, remedy) for line, rule, remedy in faults)
            else:
                given[key] = Given(value, place, tuple(self._place(item, f"{prefix}{key}") for item in _lines(node)))
        return Source(given, tuple(problems))

    def _value(self, node: Node, faults: list[tuple[int, str, str]]) -> Any:
        """Give the plain value of a node, with references followed."""
        if isinstance(node, Broken):
            faults.append((node.line, node.rule, node.remedy))
            return None
        if isinstance(node, Items):
            return [self._value(item, faults) for item in node.nodes]
        if isinstance(node, Pairs):
            return self._mapping(node, faults)
        if not isinstance(node.value, str):
            return node.value
        text, unmet = substitute(node.value, self._environ)
        faults += ((node.line, rule, remedy) for rule, remedy in unmet)
        return text

    def _mapping(self, node: Pairs, faults: list[tuple[int, str, str]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.nodes:
            fault = _fault_of(key)
            if fault:
                faults.append((key.line, *fault))
            elif _text(key) in found:
                faults.append((key.line, "has a key that stands here again", "Keep one"))
            else:
                found[_text(key)] = self._value(value, faults)
        return found

    def _place(self, line: int, where: str) -> str:
        return f"{self._name}:{line}: {where}" if where else f"{self._name}:{line}"

    def _problem(self, line: int, where: str, rule: str, remedy: str) -> Problem:
        return Problem(self._place(line, where), rule, remedy)


def _fault_of(key: Node) -> tuple[str, str] | None:
    if isinstance(key, Broken):
        return key.rule, key.remedy
    if not isinstance(key, Scalar) or not isinstance(key.value, str):
        return "has a key that is not a text", "Put it in quotes"
    return None


def _text(key: Node) -> str:
    return str(key.value) if isinstance(key, Scalar) else ""


def _shown(key: str) -> str:
    return key if _SAFE.fullmatch(key) else "?"


def _lines(node: Node) -> Iterator[int]:
    """Yield the lines of the items of a list, or of the members of a mapping."""
    if isinstance(node, Items):
        yield from (item.line for item in node.nodes)
    elif isinstance(node, Pairs):
        yield from (key.line for key, _ in node.nodes)


def _refers(node: Node) -> bool:
    """Say whether a value depends on what lies outside of the file."""
    if isinstance(node, Items):
        return any(map(_refers, node.nodes))
    if isinstance(node, Pairs):
        return any(_refers(value) for _, value in node.nodes)
    return (
        isinstance(node, Scalar)
        and isinstance(node.value, str)
        and (refers(node.value) or node.value.startswith("file:"))
    )


def _resource(node: Node | None, environ: Mapping[str, str]) -> dict[str, str]:
    """Give the text attributes of a declarative file's resource; where both say one, ``attributes`` wins."""
    listed = get(node, "attributes_list")
    found = attributes_of(_followed(listed, environ))
    rows = get(node, "attributes")
    for row in rows.nodes if isinstance(rows, Items) else ():
        found[_followed(get(row, "name"), environ)] = _followed(get(row, "value"), environ)
    return found


def _followed(node: Node | None, environ: Mapping[str, str]) -> str:
    text = node.value if isinstance(node, Scalar) else None
    return substitute(text, environ)[0] if isinstance(text, str) else ""
