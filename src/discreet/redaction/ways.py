"""Ways of cleaning that ask for more than a look at the text: which attributes have one, and what it needs to know."""

from __future__ import annotations

from typing import Final

from discreet.detectors.catalogue import named
from discreet.detectors.network import ipv4, ipv6

_LONGEST: Final = 64  # characters of an address
_RECEIVED: Final = {name: way for way in ("sql", "query", "machine") for name in named(way)}
_CALLING: Final = {**_RECEIVED, **dict.fromkeys(named("peer"), "machine")}


def way_of(key: str, *, calling: bool) -> str | None:
    """Gives "sql", "query" or "machine" for an attribute that is cleaned so; of a span that calls, peers are too."""
    return (_CALLING if calling else _RECEIVED).get(key)


def is_address(value: str) -> bool:
    """Says whether a value is an IP address and nothing else."""
    return len(value) <= _LONGEST and (ipv4(value) is not None or (":" in value and ipv6(value) is not None))
