"""Gates, derived from patterns: RE2-compatible source that matches wherever the pattern can, and little else.

A gate is the pattern cut at the earliest point that proves it, without look-around and anchors, since google-re2 has
no look-around and a short pattern keeps its automaton small (FACTS, 2). Character classes become the wider of the two
engines' readings, so that the gate never misses what the pattern finds. From a gate follow the literals of which one
must be in the text, for the engine without google-re2.
"""

from __future__ import annotations

import hashlib
import json
import pkgutil
import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

if sys.version_info >= (3, 11):
    from re import _constants as sre  # type: ignore[attr-defined]
    from re import _parser as sre_parse  # type: ignore[attr-defined]
else:
    import sre_constants as sre
    import sre_parse

ENOUGH: Final = 16
_FEW: Final = 3
_HIGH: Final = r"\x{80}-\x{10ffff}"
# What a class means in a positive set (at least what Python takes) and in a negated one (at most what it takes).
_WIDE: Final = {
    sre.CATEGORY_DIGIT: "0-9" + _HIGH,
    sre.CATEGORY_WORD: "0-9A-Za-z_" + _HIGH,
    sre.CATEGORY_SPACE: r"\t-\r\x1c-\x20" + _HIGH,
    sre.CATEGORY_NOT_DIGIT: r"\x00-/:-\x{10ffff}",
    sre.CATEGORY_NOT_WORD: r"\x00-/:-@\[-\^`{-\x{10ffff}",
    sre.CATEGORY_NOT_SPACE: r"\x00-\x08\x0e-\x1b!-\x{10ffff}",
}
_NARROW: Final = {
    sre.CATEGORY_DIGIT: "0-9",
    sre.CATEGORY_WORD: "0-9A-Za-z_",
    sre.CATEGORY_SPACE: r"\t-\r\x1c-\x20",
    sre.CATEGORY_NOT_DIGIT: r"\x00-/:-\x7f",
    sre.CATEGORY_NOT_WORD: r"\x00-/:-@\[-\^`{-\x7f",
    sre.CATEGORY_NOT_SPACE: r"\x00-\x08\x0e-\x1b!-\x7f",
}
_REPEATS: Final = tuple(
    getattr(sre, name) for name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") if hasattr(sre, name)
)
_ANY_DIGIT: Final = "[0-9]"
_PLAIN: Final = (sre.LITERAL, sre.RANGE)
_EMPTY: Final = frozenset({sre.AT, sre.ASSERT, sre.ASSERT_NOT})
_Node = tuple[Any, Any]


def parse(pattern: str) -> Any:
    """Gives the parse tree of a pattern, as the standard library's compiler sees it."""
    return sre_parse.parse(pattern)


def widest(pattern: str) -> int:
    """Gives how many characters a pattern takes at most."""
    return int(parse(pattern).getwidth()[1])


def _char(code: int) -> str:
    return re.escape(chr(code)) if code < 0x80 and chr(code).isprintable() else rf"\x{{{code:x}}}"  # noqa: PLR2004


def _in_class(code: int) -> str:
    char = chr(code)
    if not (code < 0x80 and char.isprintable()):  # noqa: PLR2004 - ASCII
        return rf"\x{{{code:x}}}"
    return "\\" + char if char in r"\]^-[" else char


def _is_digit(code: int) -> bool:
    return ord("0") <= code <= ord("9")


def _digits_only(items: list[_Node]) -> bool:
    ranges = [(value, value) if kind is sre.LITERAL else value for kind, value in items if kind in _PLAIN]
    return len(ranges) == len(items) and all(_is_digit(low) and _is_digit(high) for low, high in ranges)


def _class(items: Iterable[_Node]) -> str:
    items = list(items)
    negated = bool(items) and items[0][0] is sre.NEGATE
    categories = _NARROW if negated else _WIDE
    parts = []
    for kind, value in items[negated:]:
        if kind is sre.LITERAL:
            parts.append(_in_class(value))
        elif kind is sre.RANGE:
            parts.append(f"{_in_class(value[0])}-{_in_class(value[1])}")
        else:
            parts.append(categories[value])
    return f"[{'^' if negated else ''}{''.join(parts)}]"


class _Gate:
    """Writes the gate of one pattern; `left` is how many characters are still wanted.

    With `any_digit` it does not ask which digit it is.
    """

    def __init__(self, left: int, *, any_digit: bool) -> None:
        self.left = left
        self.any_digit = any_digit
        self.cut = left <= 0
        self.parts: list[str] = []
        self._sure = 0  # how many parts there are up to the last one that must match

    def _inner(self, left: int) -> _Gate:
        return _Gate(left, any_digit=self.any_digit)

    def sequence(self, nodes: Iterable[_Node]) -> _Gate:
        for kind, value in nodes:
            if self.cut:
                break
            if kind not in _EMPTY:
                self._node(kind, value)
        return self

    @property
    def source(self) -> str:
        return "".join(self.parts)

    @property
    def trimmed(self) -> str:
        """The source without optional parts at its end, which prove nothing."""
        return "".join(self.parts[: self._sure])

    def _node(self, kind: Any, value: Any) -> None:
        write = _WRITERS.get(kind)
        if write is None:  # a reference to what was matched before: here the gate ends
            self.cut = True
            return
        left = self.left
        write(self, value)
        if self.left < left:
            self._sure = len(self.parts)
        self.cut = self.cut or self.left <= 0

    def _one(self, source: str) -> None:
        self.parts.append(source)
        self.left -= 1

    def _literal(self, code: int) -> None:
        self._one(_ANY_DIGIT if self.any_digit and _is_digit(code) else _char(code))

    def _not_literal(self, code: int) -> None:
        self._one(f"[^{_in_class(code)}]")

    def _any(self, _: None) -> None:
        self._one("(?s:.)")

    def _in(self, items: Iterable[_Node]) -> None:
        items = list(items)
        self._one(_ANY_DIGIT if self.any_digit and _digits_only(items) else _class(items))

    def _group(self, value: tuple[Any, int, int, Any]) -> None:
        _, flags, _, nodes = value
        inner = self._inner(self.left).sequence(nodes)
        self.parts.append(f"(?{'i' if flags & re.IGNORECASE else ''}:{inner.source})")
        self._after(inner)

    def _atomic(self, nodes: Any) -> None:
        self._group((None, 0, 0, nodes))

    def _branch(self, value: tuple[None, list[Any]]) -> None:
        inner = [self._inner(self.left).sequence(nodes) for nodes in value[1]]
        self.parts.append(f"(?:{'|'.join(gate.source for gate in inner)})")
        self.left = max(gate.left for gate in inner)
        self.cut = any(gate.cut for gate in inner)

    def _repeat(self, value: tuple[int, Any, Any]) -> None:
        low, high, nodes = value
        once = self._inner(self.left).sequence(nodes)
        taken = max(1, self.left - once.left)
        wanted = min(int(low), -(-self.left // taken))
        if once.cut:
            wanted = min(wanted, 1)
        ends = once.cut or wanted * taken >= self.left or wanted < int(low)
        if wanted:
            self.parts.append(f"(?:{once.source}){{{wanted}}}" if wanted > 1 else f"(?:{once.source})")
            self.left -= wanted * taken
        if ends and int(low):
            self.cut = True
        elif int(high) > int(low):
            # Its optional part: all of it, or the gate would miss what stands behind a longer run.
            inner = self._inner(10_000).sequence(nodes)
            if inner.cut:
                self.cut = True
                return
            more = int(high) - int(low)
            sign = "?" if more == 1 else "*" if more > _FEW else f"{{0,{more}}}"
            self.parts.append(f"(?:{inner.source}){sign}")

    def _after(self, inner: _Gate) -> None:
        self.left, self.cut = inner.left, inner.cut


_WRITERS: Final[dict[Any, Callable[[_Gate, Any], None]]] = {
    sre.LITERAL: _Gate._literal,
    sre.NOT_LITERAL: _Gate._not_literal,
    sre.ANY: _Gate._any,
    sre.IN: _Gate._in,
    sre.SUBPATTERN: _Gate._group,
    sre.BRANCH: _Gate._branch,
    **dict.fromkeys(_REPEATS, _Gate._repeat),
}
if hasattr(sre, "ATOMIC_GROUP"):
    _WRITERS[sre.ATOMIC_GROUP] = _Gate._atomic


def _edge(nodes: Iterable[_Node]) -> str:
    """Gives what may stand before a pattern that begins with a look-behind of one character.

    An automaton that begins anywhere in a run of digits needs a state for each way to have begun.
    """
    for kind, value in nodes:
        if kind is sre.SUBPATTERN:
            return _edge(value[3])
        if kind is not sre.ASSERT_NOT or value[0] != -1:
            return ""
        inner = list(value[1])
        if len(inner) == 1 and inner[0][0] is sre.IN and inner[0][1][0][0] is not sre.NEGATE:
            return f"(?:^|{_class([(sre.NEGATE, None), *inner[0][1]])})"
        if len(inner) == 1 and inner[0][0] is sre.LITERAL:
            return f"(?:^|[^{_in_class(inner[0][1])}])"
    return ""


def derive(pattern: str, enough: int = ENOUGH, *, any_digit: bool = False) -> str:
    """Gives the gate of a pattern of the standard library's `re`, cut after `enough` characters.

    With `any_digit`, any digit stands for each: fresh numbers would else need new states of the automaton all the
    time, and making one costs a thousand times as much as a step.

    Raises:
        re.error: For a pattern that does not compile.
    """
    tree = parse(pattern)
    gate = _edge(tree) + _Gate(enough, any_digit=any_digit).sequence(tree).trimmed
    return f"(?i:{gate})" if tree.state.flags & re.IGNORECASE else gate


@lru_cache(maxsize=1)
def _stored() -> dict[str, str]:
    """Gives the gates that were derived before, by the digest of their pattern: deriving all takes 40 ms."""
    return dict(json.loads(pkgutil.get_data("discreet.redaction", "data/gates.json") or b"{}"))


def digest(pattern: str) -> str:
    """Gives the key of a pattern in the store."""
    return hashlib.blake2b(pattern.encode(), digest_size=8).hexdigest()


def gate_of(pattern: str, *, any_digit: bool = False) -> str:
    """Gives the gate of a pattern, from the store where it is there (`make gates` writes it)."""
    return _stored().get(digest(pattern)) or derive(pattern, any_digit=any_digit)


def _literals(nodes: Iterable[_Node]) -> tuple[str, ...]:
    """Gives the best choice of literals of which one must be there: the longest run, or one of each branch."""
    best: tuple[str, ...] = ()
    run = ""
    for kind, value in [*nodes, (None, None)]:
        if kind is sre.LITERAL:
            run += chr(value).lower()
            continue
        found: tuple[str, ...] = ()
        if kind is sre.SUBPATTERN:
            found = _literals(value[3])
        elif kind is sre.BRANCH:
            each = [_literals(nodes) for nodes in value[1]]
            found = tuple(word for words in each for word in words) if all(each) else ()
        elif kind in _REPEATS and value[0]:
            found = _literals(value[2])
        best = max(best, (run,) if run else (), found, key=_worth)
        run = ""
    return best


def _worth(words: tuple[str, ...]) -> int:
    return min(map(len, words), default=0)


def literals(gate: str) -> tuple[str, ...]:
    """Gives lower-case literals of which one is in every lower-cased text that the gate matches; none if unknown."""
    return tuple(sorted(set(_literals(parse(_python(gate))))))


def _python(gate: str) -> str:
    """Gives the gate in the notation of the standard library, which has other signs for a code point."""
    return re.sub(r"\\x\{([0-9a-f]+)\}", lambda match: f"\\U{int(match[1], 16):08x}", gate)


def searcher(gate: str) -> Callable[[str], bool]:
    """Gives the gate as a search of the standard library."""
    search = re.compile(_python(gate)).search
    return lambda text: search(text) is not None
