"""The options of OpAMP: which server, with which headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}")  # RFC 9110 section 5.1: a field name is a token
_VALUE = re.compile(r"[\x20-\x7e\x80-\xff]{0,8192}")  # section 5.5, without tabs


class Server(NamedTuple):
    """An OpAMP server, and how it is spoken to.

    Attributes:
        endpoint: Its URL.
        headers: Pairs of name and value that go with each message.
        interval: Seconds between heartbeats.
    """

    endpoint: str
    headers: tuple[tuple[str, str], ...]
    interval: int


def parse_endpoint(value: object) -> str | None:
    """Give the URL of an OpAMP server over HTTP; None for an empty text.

    Raises:
        ValueError: With the rule, without the value.
    """
    text = value.strip() if isinstance(value, str) else value
    if text == "":
        return None
    if not isinstance(text, str) or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("must be a URL")
    try:
        parts = urlsplit(text)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
        parts = urlsplit("")
    if not whole or parts.scheme not in {"http", "https"}:
        raise ValueError("must be a URL of http or https with a host")
    if "@" in parts.netloc or "?" in text or "#" in text:
        raise ValueError("must have no user, password, query or fragment, as it is shown; opamp_headers is not")
    return text


def parse_headers(value: object) -> tuple[tuple[str, str], ...]:
    """Give pairs of name and value from ``name=value,name=value``, URL-encoded as for OTLP, or from a mapping.

    Raises:
        ValueError: With the place of the header and the rule, without name and value.
    """
    if isinstance(value, Mapping):
        pairs = [(name, text) for name, text in value.items()]
    elif isinstance(value, str):
        parts = [part.partition("=") for part in value.split(",") if part.strip()]
        pairs = [(name.strip(), unquote(text.strip())) if equals else ("", "") for name, equals, text in parts]
    else:
        raise ValueError("must be name=value, with commas between")  # noqa: TRY004 - one error type for every bad value
    for place, (name, text) in enumerate(pairs, 1):
        if not isinstance(name, str) or not isinstance(text, str) or not _NAME.fullmatch(name):
            raise ValueError(f"the header at place {place} must be name=value")
        if not _VALUE.fullmatch(text):
            raise ValueError(f"the header at place {place} has a character that no header may have")
    return tuple(pairs)
