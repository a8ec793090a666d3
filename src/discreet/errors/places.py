"""Where the file of a frame belongs: its path as every machine that runs the app names it, and whose code it is."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_PACKAGES: Final = re.compile(r".*/(?:site|dist)-packages/", re.DOTALL)
_LIBRARY: Final = re.compile(r".*/lib(?:64)?/(?:python|pypy)3(?:\.\d+)?/", re.DOTALL | re.IGNORECASE)
_FROZEN: Final = "<frozen "
_MADE_UP: Final = re.compile(r"\d+")
_OURS: Final = ("discreet/", "opentelemetry/")
_ABSOLUTE: Final = re.compile(r"/|[A-Za-z]:/")
_LEFT: Final = 2
"""Parts that are left of a path that lies under no root."""


OWN, PACKAGE, REST = range(3)
"""Whose code it is: the app's, an installed package's; the standard library's, OpenTelemetry's, or ours."""


class Place(NamedTuple):
    """A file: its path from its root on, with slashes, and whose code it is."""

    path: str
    whose: int


class Roots(NamedTuple):
    """The folders that modules are found in: what comes before a module's path. Longest first, with slashes."""

    app: tuple[str, ...]
    library: tuple[str, ...]

    @classmethod
    def here(cls, clean: Callable[[str], str] = str) -> Roots:
        """Give those of this process, as they are and as `clean` makes of them."""
        library = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "scripts")}  # scripts start an app
        app = {os.path.abspath(entry) for entry in sys.path if isinstance(entry, str)}  # noqa: PTH100 - no file is read
        app.add(_STARTED_IN)
        return cls(_ordered(app, clean), _ordered(library, clean))


def _ordered(folders: set[str], clean: Callable[[str], str]) -> tuple[str, ...]:
    named = {name for folder in folders if folder for name in (folder, clean(folder))}
    rooted = {_slashed(name).rstrip("/") + "/" for name in named}
    return tuple(sorted(rooted, key=lambda root: (-len(root), root)))


def _slashed(path: str) -> str:
    return path.replace("\\", "/")


def _started_in() -> str:
    try:
        return os.getcwd()  # noqa: PTH109 - the text is wanted
    except OSError:
        return ""


_STARTED_IN: Final = _started_in()


@lru_cache(maxsize=2048)
def place_of(file: str, roots: Roots) -> Place:
    """Give the place of a file by what a traceback calls it; no file is looked at.

    Of a file that lies under no root, folder and name are left, as a path that is one machine's tells nothing.
    """
    if file.startswith("<"):  # no file: code that was made while running, or frozen into the interpreter
        return Place(_MADE_UP.sub("", file), REST if file.startswith(_FROZEN) else OWN)
    path = _slashed(file)
    if match := _PACKAGES.match(path):
        return _place(path[match.end() :], PACKAGE)
    if match := _LIBRARY.match(path):
        return Place(path[match.end() :], REST)
    for root in roots.library:
        if path.startswith(root):
            return Place(path[len(root) :], REST)
    return _place(_from_root(path, roots), OWN)


def _place(path: str, whose: int) -> Place:
    return Place(path, REST if path.startswith(_OURS) else whose)


def _from_root(path: str, roots: Roots) -> str:
    for root in roots.app:
        if path.startswith(root) and root != "/":
            return path[len(root) :]
    return "/".join(path.split("/")[-_LEFT:]) if _ABSOLUTE.match(path) else path.removeprefix("./")
