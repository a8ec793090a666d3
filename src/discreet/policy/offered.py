"""What a remote offers: a map of files, one of which is ours, read as any configuration file is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.policy.documents import Document, Reader
from discreet.policy.errors import Problem
from discreet.policy.files import MOST, document_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "OpAMP"
"""How messages and origins name the remote."""

ENTRIES: Final = ("discreet", "")
"""Names of the entry that is ours, the first that is there: an agent with one file may have it without a name."""

_KIB: Final = 1024


def offered(files: Mapping[str, tuple[bytes, str]]) -> Document | None:
    """Give the document of a map of files; None where it is empty, or ours is. Never raises.

    What it refers to would lie on this host, so references are wrong in it.

    Args:
        files: Content and content type by name: JSON where the type says so, else YAML.
    """
    if not files:
        return None
    entry = next((name for name in ENTRIES if name in files), None)
    if entry is None:
        return _wrong("has no entry that is ours", f"Name it {ENTRIES[0]}, or leave its name empty")
    content, kind = files[entry]
    if not content.strip():
        return None
    if len(content) > MOST:
        return _wrong(f"is larger than {MOST // _KIB} KiB", "Leave out what is not needed")
    try:
        return document_of(content, Reader(NAME, {}, foreign=True), NAME, is_json="json" in kind.lower())
    except Exception as error:  # whatever is in it, the app runs on
        return _wrong(f"cannot be read ({type(error).__name__})", "Write options and their values")


def _wrong(rule: str, remedy: str) -> Document:
    return Document(problems=(Problem(NAME, rule, remedy),))
