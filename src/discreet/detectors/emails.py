"""E-mail addresses: the search to both sides of an at sign, and the look-alikes that are none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_LOCAL = 64
_MAX_AUTHORITY = 520
# User and password of a URL, to the last at sign (RFC 3986, 3.2.1). Passwords with unescaped slashes are in use; what
# looks like a port before a path is none.
USERINFO: Final = (
    r"(?<=[A-Za-z0-9])://(?P<value>[^\s/?#@:\"'<>\[\]]{0,256}"
    r"(?::(?:[^\s/?#\"'<>]{0,256}|(?![0-9]{1,5}(?:[/?#]|$))[^\s\"'<>]{0,256}))?)@(?=[\w.%\[-])"
)
_USERINFO = re.compile(USERINFO)
# A quoted local part (RFC 5321, 4.1.2), its quotes escaped or not; blanks, but nothing that JSON would put there.
_QUOTED_LOCAL = re.compile(r"\\{0,3}\"[\w.+' -]{1,60}\\{0,3}\"\Z")
_LOCAL_SIGNS: Final = "._+-'~"
_HEX = frozenset("0123456789abcdefABCDEF")
_SCP_USERS: Final = frozenset({"git", "hg", "svn"})
# The service of a Kerberos principal: `HTTP/web.example.org@EXAMPLE.ORG` (RFC 4120, 6.2).
_PRINCIPAL = re.compile(
    r"(?:HTTP|host|ldap|cifs|nfs|imap|smtp|postgres|kafka|krbtgt|zookeeper|hdfs|yarn|hive|MSSQLSvc)/\Z"
)
_VERSION = re.compile(r"v?[0-9]+\.[0-9]+\.[0-9]+[-+]")
# Last labels of things that are written with an at sign and are no hosts: files and units. Not those that are
# top-level domains too (sh, so, py, md, zip).
_SUFFIXES: Final = frozenset(
    [
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "webp",
        "ico",
        "bmp",
        "css",
        "scss",
        "less",
        "js",
        "mjs",
        "cjs",
        "ts",
        "tsx",
        "jsx",
        "json",
        "yaml",
        "yml",
        "xml",
        "html",
        "htm",
        "txt",
        "pyc",
        "pyi",
        "jar",
        "whl",
        "gz",
        "tgz",
        "tar",
        "lock",
        "toml",
        "cfg",
        "ini",
        "conf",
        "log",
        "csv",
        "map",
        "min",
        "woff",
        "ttf",
        "service",
        "timer",
        "socket",
        "mount",
        "target",
        "slice",
        "scope",
        "device",
        "swap",
        "automount",
    ]
)


def _local_start(text: str, at: int) -> int:
    """Gives where the local part begins: at most 64 characters back, not in the middle of a %-escape."""
    start = at
    floor = max(0, at - _MAX_LOCAL)
    quoted = _QUOTED_LOCAL.search(text, floor, at)
    if quoted is not None:
        return quoted.start()
    while start > floor and (text[start - 1].isalnum() or text[start - 1] in _LOCAL_SIGNS):
        start -= 1
    if start and text[start - 1] == "%" and len(set(text[start : start + 2]) - _HEX) == 0 and start + 2 <= at:
        start += 2
    while start < at and text[start] in ".'~":
        start += 1
    return start


def _is_userinfo(text: str, at: int) -> bool:
    """Says whether an at sign ends the user part of a URL, which is another detector's."""
    scheme = text.rfind("://", max(0, at - _MAX_AUTHORITY), at)
    match = _USERINFO.match(text, scheme) if scheme >= 0 else None
    return match is not None and match.end("value") == at


def _domain_end(text: str, start: int, end: int) -> int:
    """Gives where the domain ends without file suffixes (`zoe@example.org.json`), `start` if nothing is left."""
    labels = text[start:end].split(".")
    while labels and labels[-1].lower() in _SUFFIXES:
        end -= len(labels.pop()) + 1
    named = len(labels) > 1 and (labels[-1].isalpha() or labels[-1].startswith("xn--"))
    return end if named and not _VERSION.match(text, start) else start


def email_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the address around an at sign that stands at `start` and whose domain ends at `end`, or nothing.

    Files, units, versions, packages, users of version control and Kerberos principals are no addresses.
    """
    begin = _local_start(text, start)
    local = text[begin:start]
    end = end if text[end - 1] == "]" else _domain_end(text, start + 1, end)
    if text[start + 1 : end].isupper() and _PRINCIPAL.search(text, max(0, begin - 16), begin):
        return
    scp = local in _SCP_USERS and text[end : end + 1] in {":", "/"}
    if local and end > start + 1 and not scp and not _is_userinfo(text, start):
        yield begin, end
