"""JSON as a tree with lines. The standard library says whether it is JSON; it forgets where a value stood."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from discreet.policy.nodes import TOO_DEEP, Items, Pairs, Scalar, UnreadableError, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discreet.policy.nodes import Node

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_REMEDY = "Mend the file; an editor that knows JSON shows the place"


class _Token(NamedTuple):
    text: str
    line: int


def json_tree(text: str) -> Node:
    """Give the tree of a JSON text.

    Raises:
        UnreadableError: With the line, for what is not JSON (RFC 8259).
    """
    try:
        json.loads(text, parse_constant=_refuse)
        return _node(_tokens(text))
    except json.JSONDecodeError as error:
        raise UnreadableError("is not JSON", _REMEDY, error.lineno) from None
    except RecursionError:
        raise TOO_DEEP from None
    except ValueError:
        raise UnreadableError("holds a number that JSON has not", "Write it as a text") from None


def _refuse(_: str) -> None:
    raise ValueError


def _tokens(text: str) -> Iterator[_Token]:
    line, end = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", end, match.start())
        end = match.start()
        yield _Token(match[0], line)


def _node(tokens: Iterator[_Token]) -> Node:
    return _of(next(tokens), tokens)


def _of(token: _Token, tokens: Iterator[_Token]) -> Node:
    if token.text == "[":
        return Items(token.line, tuple(_of(item, tokens) for item in _until("]", tokens)))
    if token.text == "{":
        return Pairs(token.line, tuple(_pair(key, tokens) for key in _until("}", tokens)))
    value = json.loads(token.text)
    return whole(token.line, value) if isinstance(value, str) else Scalar(token.line, value)


def _until(close: str, tokens: Iterator[_Token]) -> Iterator[_Token]:
    """Yield the first token of each member, up to the bracket that closes."""
    for token in tokens:
        if token.text == close:
            return
        if token.text != ",":
            yield token


def _pair(key: _Token, tokens: Iterator[_Token]) -> tuple[Node, Node]:
    next(tokens)  # the colon
    return whole(key.line, json.loads(key.text)), _node(tokens)
