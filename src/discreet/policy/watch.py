"""Which files a configuration is made of, and what shows that one of them is another than before."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from discreet.policy.files import MOST
from discreet.policy.reading import CannotReadError, read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from discreet.policy.errors import Problem

Signature = tuple[int, ...]
"""Device, inode, size, and the times of the last change of content and of state; empty where no file can be seen."""

_NAMED: Final = re.compile(r"""file:([^}\n"'\],]+)""")


_refused: tuple[Problem, ...] = ()


def note_refused(problems: Iterable[Problem]) -> None:
    """Keep what is wrong with the configuration that was refused last; nothing once one is in force again."""
    global _refused  # noqa: PLW0603 - swapped whole
    _refused = tuple(problems)


def refused() -> tuple[Problem, ...]:
    """Give what is wrong with the files as they are now, while an earlier state of them is in force."""
    return _refused


def signatures(files: Iterable[str | None], texts: Iterable[str] = ()) -> dict[str, Signature]:
    """Give the signature of each configuration file, and of each file that it or a text refers to. Never raises.

    What only looks like a reference, as in a comment, is looked at too: that costs one `os.stat`.

    Args:
        files: Paths of configuration files; None for one that is not in use.
        texts: Values of other sources, which may be ``file:/path``.
    """
    own = [path for path in files if path]
    before = {path: _signature(path) for path in own}
    named = (match[1].strip() for text in (*map(_text, own), *texts) for match in _NAMED.finditer(text))
    return {**{path: _signature(path) for path in named}, **before}


def _text(path: str) -> str:
    try:
        return read(path, MOST).decode(errors="replace")
    except CannotReadError:
        return ""


def _signature(path: str) -> Signature:
    try:
        found = os.stat(path)  # noqa: PTH116 - through links, so that the swap of one shows
    except (OSError, ValueError):
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
