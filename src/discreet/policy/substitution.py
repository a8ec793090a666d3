"""References in the values of files, as in OpenTelemetry's file format, and to secrets that are mounted as files.

``${NAME}`` and ``${env:NAME}`` stand for a variable, ``${env:NAME:-default}`` for one that may be missing or empty,
``${file:/run/secrets/x}`` for the text of a file, and ``$$`` for a dollar. What comes in is not looked at again.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from discreet.policy.reading import CannotReadError, read

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST: Final = 64 * 1024
"""Most bytes of a file that stands for a value."""

_NAME = r"(?:env:)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
_REFERENCE = re.compile(r"\$\$|\$\{(?P<inside>[^}]*)(?P<end>\}?)")
_INSIDE = re.compile(rf"{_NAME}(?::-(?P<default>[^\n]*))?|file:(?P<path>[^\n]+)")
_SECRET = re.compile(rf"\s*(?:file:.+|(?:[a-z]{{1,12}}[0-9]{{0,3}}:)?\$\{{(?:{_NAME}|file:[^}}\n]+)\}})\s*")
_WAYS = "Write ${env:NAME}, ${env:NAME:-default} or ${file:/path}; $$ stands for a dollar"

Fault = tuple[str, str]
"""A rule and a remedy."""


def substitute(text: str, environ: Mapping[str, str]) -> tuple[str, list[Fault]]:
    """Give a text with its references followed, and what is wrong with each that cannot be."""
    faults: list[Fault] = []

    def followed(match: re.Match[str]) -> str:
        try:
            return _follow(match, environ)
        except _UnmetError as error:
            faults.append(error.fault)
            return ""

    return (_REFERENCE.sub(followed, text), faults) if "$" in text else (text, [])


def refers(text: str) -> bool:
    """Say whether a text holds a reference."""
    return any(match[0] != "$$" for match in _REFERENCE.finditer(text))


def is_reference(text: str) -> bool:
    """Say whether a text names where a secret lies, and does not hold it: ``file:``, or one reference, after an id."""
    return _SECRET.fullmatch(text) is not None


class _UnmetError(Exception):
    def __init__(self, rule: str, remedy: str) -> None:
        self.fault: Fault = (rule, remedy)


def _follow(match: re.Match[str], environ: Mapping[str, str]) -> str:
    if match[0] == "$$":
        return "$"
    if not match["end"]:
        raise _UnmetError("opens a reference with ${ and does not close it", _WAYS)
    inside = _INSIDE.fullmatch(match["inside"])
    if inside is None:
        raise _UnmetError("holds a reference of a form that is not known", _WAYS)
    return _content(inside["path"]) if inside["path"] else _variable(inside["name"], inside["default"], environ)


def _variable(name: str, default: str | None, environ: Mapping[str, str]) -> str:
    value = environ.get(name) or default
    if not value and default is None:
        raise _UnmetError(
            f"needs the variable {name}, which is not set and has no default", f"Set {name} where the app runs"
        )
    return _encodable(value or "")


def _content(path: str) -> str:
    remedy = "Mount the file, or correct its path"
    if not os.path.isabs(path):  # noqa: PTH117 - no more than this is asked of it
        raise _UnmetError("names a file by a relative path", "Write the path from the root: ${file:/run/secrets/x}")
    try:
        return read(path, MOST).decode().rstrip("\r\n")
    except CannotReadError as error:
        raise _UnmetError(f"names a file that {error}", remedy) from None
    except UnicodeDecodeError:
        raise _UnmetError("names a file that is not UTF-8 text", remedy) from None


def _encodable(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _UnmetError("takes a variable that is not UTF-8 text", "Correct the variable") from None
    return value
