"""Which baggage may go out, and to whom: lists of keys and hosts, compiled to one look each.

Baggage is closed by default: an entry goes out only if its key is listed and the host of the call is.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from discreet.policy.errors import WrongItems
from discreet.policy.words import words_of

_KEY = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,255}")  # W3C Baggage section 3.3.1: RFC 9110's "token"
_PLACE = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[^\[\]:/@\s]+)(?::(?P<port>[0-9]{1,5}))?")
_LABEL = re.compile(r"[0-9A-Za-z_*](?:[0-9A-Za-z_*-]{0,61}[0-9A-Za-z_*])?")
_LONGEST = 253  # RFC 1035 section 2.3.4, as text
_STARS = 2  # in one label: each more is a factor of its length in time
_PORTS = range(1, 1 << 16)

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Host(NamedTuple):
    """Where a call goes.

    Attributes:
        name: In lower case, without a trailing dot; of an IP address its shortest form, without brackets.
        port: None where it is not known.
        address: The IP address, if the name is one.
    """

    name: str
    port: int | None = None
    address: _Address | None = None


def parse_keys(value: object) -> tuple[str, ...]:
    """Give the names and globs of baggage keys from a comma-separated text or a list.

    Raises:
        ValueError: With the place in the list and the rule, without the value.
    """
    words = _words(value)
    rule = "must be a baggage key (letters, digits, . _ -), or a glob with *"
    faults = [
        (place, f"the key at place {place} {rule}") for place, word in enumerate(words, 1) if not _KEY.fullmatch(word)
    ]
    if faults:
        raise WrongItems(faults)
    return words


def parse_hosts(value: object) -> tuple[str, ...]:
    """Give the hosts from a comma-separated text or a list: names, globs, IP addresses or networks, ports at will.

    Raises:
        ValueError: With the place in the list and the rule, without the value.
    """
    words = _words(value)
    faults: list[tuple[int, str]] = []
    for place, word in enumerate(words, 1):
        try:
            _compiled(word)
        except ValueError as error:
            faults.append((place, f"the host at place {place} {error}"))
    if faults:
        raise WrongItems(faults)
    return words


def _words(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words_of(value, "must be a list of texts, or a text with commas")))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What baggage may go out; false where nothing can."""

    keys: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    _key: re.Pattern[str] | None = None
    _rules: tuple[_Rule, ...] = ()

    @classmethod
    def of(cls, keys: tuple[str, ...], hosts: tuple[str, ...]) -> Outgoing:
        """Give the rules of what `parse_keys` and `parse_hosts` gave."""
        key = re.compile("|".join(map(fnmatch.translate, keys))) if keys else None
        return cls(keys, hosts, key, tuple(map(_compiled, hosts)))

    def __bool__(self) -> bool:
        """Say whether any entry could go anywhere."""
        return self._key is not None and bool(self._rules)

    def allows_key(self, key: str) -> bool:
        """Say whether an entry of this key may go out."""
        return self._key is not None and len(key) <= _LONGEST and self._key.fullmatch(key) is not None

    def allows_host(self, host: Host | None) -> bool:
        """Say whether baggage may go to this host; never to one that is not known."""
        return host is not None and any(rule.fits(host) for rule in self._rules)


class _Rule(NamedTuple):
    """One host of the list: a pattern of names, or a network."""

    names: re.Pattern[str] | None
    network: _Network | None
    port: int | None

    def fits(self, host: Host) -> bool:
        if self.port is not None and host.port != self.port:
            return False
        if self.network is not None:
            return host.address is not None and host.address in self.network
        if self.names is None:
            return True
        return host.address is None and self.names.fullmatch(host.name) is not None


@lru_cache(maxsize=1024)
def host_of(name: str, port: int | None = None) -> Host | None:
    """Give the host of a name or IP address as it stands in a URL, None for what is neither.

    A name in other letters than ASCII is none: the same letters are spelt in two ways in the DNS (IDNA 2003, 2008).
    """
    name = name.removesuffix(".").lower()
    if name[:1] == "[" and name[-1:] == "]":
        name = name[1:-1]
    address = _address(name)
    if address is not None:
        return Host(address.compressed, port, address)
    if not 0 < len(name) <= _LONGEST or "*" in name or not all(map(_LABEL.fullmatch, name.split("."))):
        return None
    return Host(name, port)


def _address(name: str) -> _Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _compiled(word: str) -> _Rule:
    network = _network(word)
    if network is not None:
        return _Rule(None, network, None)
    match = _PLACE.fullmatch(word)
    if match is None:
        raise ValueError("must be a host without scheme, user or path; an IPv6 address with a port goes in brackets")
    port = int(match["port"]) if match["port"] else None
    if port is not None and port not in _PORTS:
        raise ValueError("must have a port from 1 to 65535, or none")
    network = _network(match["name"].strip("[]"))
    if network is not None:
        return _Rule(None, network, port)
    return _Rule(_names(match["name"]), None, port)


def _network(word: str) -> _Network | None:
    try:
        return ipaddress.ip_network(word.strip("[]"))
    except ValueError:
        return None


def _names(text: str) -> re.Pattern[str] | None:
    """Give the pattern of a name or glob, None for every host. A leading ``*.`` is any depth, other stars one label."""
    text = text.removesuffix(".").lower()
    if text == "*":
        return None
    if not text.isascii():
        raise ValueError("must be in ASCII, with a label of other letters as xn--...")
    labels = text.split(".")
    if len(text) > _LONGEST or not all(_LABEL.fullmatch(label) and label.count("*") <= _STARS for label in labels):
        raise ValueError("must be a host name, a glob such as *.internal, an IP address or a network")
    if len(labels) > 1 and "*" in labels[-1]:
        raise ValueError("must not end in a star: anybody can own such a name; an IP range is written as 10.0.0.0/8")
    if labels[0] == "*":
        return re.compile(r"(?:[^.]+\.)+" + _glob(labels[1:]))
    return re.compile(_glob(labels))


def _glob(labels: list[str]) -> str:
    return "[^.]*".join(map(re.escape, ".".join(labels).split("*")))
