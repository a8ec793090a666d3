"""Which files a configuration is made of, and what shows that one of them is another than before."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Signature = tuple[int, ...]
"""Device, inode, size, and the times of the last change of content and of state; empty where no file can be seen."""


class _Noted(threading.local):
    files: dict[str, Signature] | None = None


_noted = _Noted()


@contextmanager
def noting() -> Iterator[dict[str, Signature]]:
    """Give the files that this thread reads in the block, each with its signature from just before it was read."""
    before, _noted.files = _noted.files, {}
    try:
        yield _noted.files
    finally:
        _noted.files = before


def note(path: str) -> None:
    """Note that a file is about to be read."""
    if _noted.files is not None:
        _noted.files.setdefault(path, signature(path))


def signature(path: str) -> Signature:
    """Give what changes with a file, by `os.stat` alone, through links, so that the swap of one shows. Never raises."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a string, as configured
    except (OSError, ValueError):
        return ()
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
