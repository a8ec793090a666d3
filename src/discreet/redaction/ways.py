"""Ways of cleaning that ask for more than a look at the text: which attributes have one, and what it needs to know."""

from __future__ import annotations

from typing import Final

from discreet.detectors.catalogue import named
from discreet.detectors.network import ipv4, ipv6

_LONGEST: Final = 64  # characters of an address
WAYS: Final = {name: way for way in ("sql", "query", "machine") for name in named(way)}
"""Attributes that are cleaned so, with the way."""
WAYS_OF_A_CALL: Final = {**WAYS, **dict.fromkeys(named("peer"), "machine")}
"""The same on a span that calls somebody, whose peer is a machine."""


def is_address(value: str) -> bool:
    """Says whether a value is an IP address and nothing else."""
    return len(value) <= _LONGEST and (ipv4(value) is not None or (":" in value and ipv6(value) is not None))
