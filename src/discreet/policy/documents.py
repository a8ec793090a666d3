"""What a configuration file says: the tree of it, turned into options and environments, and what is wrong there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.policy.errors import Problem
from discreet.policy.nodes import Broken, Items, Pairs, Scalar
from discreet.policy.options import OPTIONS
from discreet.policy.sources import NAMES, Given, Source, unknown
from discreet.policy.substitution import is_reference, refers, substitute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from discreet.policy.nodes import Node
    from discreet.policy.options import Option

ENVIRONMENTS: Final = "environments"
REMEDY: Final = "Write options and their values, such as `detectors: [email, card]`"
_IGNORED = ("$schema",)  # by which editors find the schema of a JSON file
_SAFE = re.compile(r"[\w.-]{1,64}")
_BY_NAME = {option.name: option for option in OPTIONS}
_ASIDE = "Write file:/path, ${file:/path} or ${env:NAME}"


class Document(NamedTuple):
    """A file that was read.

    Attributes:
        options: What stands at its top.
        overlays: What stands under each environment.
        problems: What is wrong with the file as a whole.
        resource: The resource attributes of a declarative file, as text.
        readable: Whether there was a file that could be read.
        rest: A digest of what a declarative file says beside ours; empty where there is none.
    """

    options: Source = Source({})
    overlays: Mapping[str, Source] = {}
    problems: tuple[Problem, ...] = ()
    resource: Mapping[str, str] = {}
    readable: bool = True
    rest: str = ""


class _Member(NamedTuple):
    key: str
    line: int
    node: Node


class _Fault(NamedTuple):
    line: int
    rule: str
    remedy: str


class Reader:
    """Turns the tree of one file into a document.

    Args:
        name: How messages name the file.
        environ: What references stand for.
        follow: Whether references are followed; else an option that holds one is left out.
        foreign: Whether it comes from outside of this host: it is then wrong to refer to what lies here.
    """

    def __init__(self, name: str, environ: Mapping[str, str], *, follow: bool = True, foreign: bool = False) -> None:
        self._name, self.environ, self.foreign = name, environ, foreign
        self._follow = follow and not foreign

    def document(self, node: Node | None, prefix: str = "") -> Document:
        """Give the document of a mapping that stands under a prefix such as ``distribution.discreet.``."""
        if node is None:
            return Document()
        problems: list[Problem] = []
        members = [member for member in self._members(node, prefix, problems) if member.key not in _IGNORED]
        overlays: dict[str, Source] = {}
        under = f"{prefix}{ENVIRONMENTS}."
        for member in members:
            if member.key == ENVIRONMENTS:
                for overlay in self._members(member.node, under, problems):
                    overlays[overlay.key] = self._overlay(overlay.node, f"{under}{_shown(overlay.key)}.")
        here = [member for member in members if member.key != ENVIRONMENTS]
        found = self._options(here, prefix, (*NAMES, ENVIRONMENTS))
        return Document(found._replace(problems=(*problems, *found.problems)), overlays)

    def _overlay(self, node: Node, prefix: str) -> Source:
        problems: list[Problem] = []
        found = self._options(tuple(self._members(node, prefix, problems)), prefix)
        return found._replace(problems=(*problems, *found.problems))

    def _members(self, node: Node, prefix: str, problems: list[Problem]) -> Iterator[_Member]:
        """Yield the members of a mapping whose key is a text that stands there once; the rest are problems."""
        if isinstance(node, Scalar) and node.value is None:
            return
        if not isinstance(node, Pairs):
            fault = (
                _Fault(*node) if isinstance(node, Broken) else _Fault(node.line, "must be a mapping of options", REMEDY)
            )
            problems.append(self._problem(prefix, fault))
            return
        first: dict[str, int] = {}
        twice: set[str] = set()
        for key, _ in node.nodes:
            text = _key(key)
            if isinstance(text, _Fault):
                problems.append(self._problem(prefix, text))
            elif text in first:
                twice.add(text)
                fault = _Fault(key.line, f"stands here again, after line {first[text]}", "Keep one; neither is taken")
                problems.append(self._problem(f"{prefix}{_shown(text)}", fault))
            else:
                first[text] = key.line
        for key, value in node.nodes:
            text = _key(key)
            if isinstance(text, str) and text not in twice:
                yield _Member(text, key.line, value)

    def _options(self, members: Iterable[_Member], prefix: str, known: Sequence[str] = NAMES) -> Source:
        given: dict[str, Given] = {}
        problems: list[Problem] = []
        for member in members:
            option = _BY_NAME.get(member.key)
            if option is None:
                problems += self._unknown(member, prefix, known)
                continue
            where = f"{prefix}{member.key}"
            faults: list[_Fault] = []
            value = self._value_of(option, member.node, faults)
            problems += (self._problem(where, fault) for fault in faults)
            if not faults and (self._follow or not _refers(member.node)):
                items = tuple(self._place(line, where) for line in _lines(member.node))
                given[member.key] = Given(value, self._place(member.line, where), items)
        return Source(given, tuple(problems))

    def _unknown(self, member: _Member, prefix: str, known: Sequence[str]) -> Iterator[Problem]:
        if member.key == ENVIRONMENTS:
            fault = _Fault(member.line, "has environments in an environment", "Write them at the top")
            yield self._problem(prefix, fault)
        else:
            yield from unknown([member.key], self._place(member.line, prefix), known)

    def _value_of(self, option: Option, node: Node, faults: list[_Fault]) -> Any:
        if isinstance(node, Scalar) and node.value is None:
            faults.append(_Fault(node.line, "has no value", f"{option.remedy}, or leave the option out"))
        elif option.by_reference and not (isinstance(node, Scalar) and is_reference(str(node.value))):
            faults.append(_Fault(node.line, "must not hold the secret itself, only where it lies", _ASIDE))
        elif self.foreign and _refers(node):
            faults.append(_Fault(node.line, "refers to a variable or file of this process", "Write the value out"))
        else:
            return self._value(node, faults)
        return None

    def _value(self, node: Node, faults: list[_Fault]) -> Any:
        """Give the plain value of a node, with references followed."""
        if isinstance(node, Broken):
            faults.append(_Fault(*node))
            return None
        if isinstance(node, Items):
            return [self._value(item, faults) for item in node.nodes]
        if isinstance(node, Pairs):
            return self._mapping(node, faults)
        if not isinstance(node.value, str) or not self._follow:
            return node.value
        text, unmet = substitute(node.value, self.environ)
        faults += (_Fault(node.line, rule, remedy) for rule, remedy in unmet)
        return text

    def _mapping(self, node: Pairs, faults: list[_Fault]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.nodes:
            text = _key(key)
            if isinstance(text, _Fault):
                faults.append(text)
            elif text in found:
                faults.append(_Fault(key.line, "has a key that stands here again", "Keep one"))
            else:
                found[text] = self._value(value, faults)
        return found

    def _place(self, line: int, where: str) -> str:
        return ": ".join(filter(None, (f"{self._name}:{line}", where.rstrip("."))))

    def _problem(self, where: str, fault: _Fault) -> Problem:
        return Problem(self._place(fault.line, where), fault.rule, fault.remedy)


def _key(node: Node) -> str | _Fault:
    if isinstance(node, Broken):
        return _Fault(*node)
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value
    return _Fault(node.line, "has a key that is not a text", "Put it in quotes")


def _shown(key: str) -> str:
    """Give a key as messages may have it: what is written askew may be a value."""
    return key if key in _BY_NAME or _SAFE.fullmatch(key) else "?"


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
    text = node.value if isinstance(node, Scalar) else None
    return isinstance(text, str) and (refers(text) or text.startswith("file:"))
