"""Addresses that lead to a person or a device: public IPv4 and IPv6 addresses, and hardware addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from discreet.detectors.model import Detector

if TYPE_CHECKING:
    from collections.abc import Iterator

# First and last address of the blocks that are not globally reachable (IANA special-purpose registries, RFC 6890 and
# its updates); everything from 224.0.0.0 on is multicast, reserved or broadcast. Importing `ipaddress` costs 4.5 ms.
_CLOSED_V4: Final = (
    (0x00000000, 0x00FFFFFF),  # 0.0.0.0/8, this network
    (0x0A000000, 0x0AFFFFFF),  # 10.0.0.0/8, private
    (0x64400000, 0x647FFFFF),  # 100.64.0.0/10, behind carriers' NAT
    (0x7F000000, 0x7FFFFFFF),  # 127.0.0.0/8, loopback
    (0xA9FE0000, 0xA9FEFFFF),  # 169.254.0.0/16, link-local
    (0xAC100000, 0xAC1FFFFF),  # 172.16.0.0/12, private
    (0xC0000000, 0xC00000FF),  # 192.0.0.0/24, protocol assignments
    (0xC0000200, 0xC00002FF),  # 192.0.2.0/24, documentation
    (0xC0A80000, 0xC0A8FFFF),  # 192.168.0.0/16, private
    (0xC6120000, 0xC613FFFF),  # 198.18.0.0/15, benchmarks
    (0xC6336400, 0xC63364FF),  # 198.51.100.0/24, documentation
    (0xCB007100, 0xCB0071FF),  # 203.0.113.0/24, documentation
    (0xE0000000, 0xFFFFFFFF),  # 224.0.0.0/3
)
# The same inside 2000::/3, as value and length of the prefix.
_CLOSED_V6: Final = (
    (0x20010002_0000, 48),  # 2001:2::/48, benchmarks
    (0x2001001, 28),  # 2001:10::/28, ORCHID
    (0x2001002, 28),  # 2001:20::/28, ORCHIDv2
    (0x20010DB8, 32),  # 2001:db8::/32, documentation
    (0x3FFF0, 20),  # 3fff::/20, documentation
)
# Prefixes of 96 bits behind which an IPv4 address stands: mapped (RFC 4291) and translated (RFC 6052).
_WITH_V4: Final = frozenset({0xFFFF, 0x64FF9B << 64})
# What the registries have given out of 2000::/3: wanted of the short forms `2600::1`, which slices look like.
_ALLOCATED = re.compile(r"(?i)2(?:001|002|003|[468ac][0-9a-f]{2})\b")
_PARTS, _GROUPS = 4, 8
_LAST_OCTET, _LAST_GROUP = 255, 4

_PLACES = (
    r"(?:ips?|ipv4|addr|address|addresses|hosts?|users?|clients?|peers?|nodes?|servers?|from|to|lookup|whois|geoip)"
)
# What stands before a version, a section or an object identifier that looks like an address.
_NOT_ADDRESS = re.compile(
    r"(?i)(?:"
    r"(?:version|(?<![a-z])(?:v8?|vers?|revision|rev|release|build|firmware|driver|j[dr]k|openjdk"
    r"|section|sec|chapter|clause|appendix|paragraph|oids?|extension))(?:_?(?:no|number|id|name|string))?"
    r"[\"']?[ \t]{0,2}[:=#.]?[ \t]{0,2}[\"']?"
    r"|[=<>~!]=[ \t]?|(?:~>|[\^~§])[ \t]?"
    r")\Z"
)
_PRODUCT = re.compile(rf"(?i)(?<![\w./:@-])(?!{_PLACES}/)[a-z][a-z0-9_+-]{{0,39}}/\Z")
_PACKAGE = re.compile(rf"(?i)(?<![a-z])(?!{_PLACES}[-_])[a-z][a-z0-9]{{0,39}}-\Z")
_GOES_ON = re.compile(
    r"(?i)[-~][a-z]|[ ]?\((?:release|build|rev)|-[0-9]{1,3}(?![0-9.])|\+|=[\"'#]?[a-z]"
    r"|\.(?:dev|post|rc|pre|alpha|beta|final|release|ga|sp|snapshot|jar|war|whl|egg|zip|tar|t?gz|deb|rpm|exe|dll|so"
    r"|msi|nupkg|apk|pkg|dmg|iso|bin)(?![a-z])"
)
_REVERSED = ".in-addr.arpa"

_IPV4 = r"(?<![0-9A-Za-z_])(?<![0-9A-Za-z_]\.)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9A-Za-z_]|\.[0-9])"
# The first number of an address outside 0/8, 10/8 and 127/8: most addresses in logs are inside, and need no look.
_FIRST = "[1-9]|1[1-9]|[2-9][0-9]|1[013-9][0-9]|12[0-689]|2[0-9][0-9]"
_H = "[0-9A-Fa-f]"
_IPV6 = (
    rf"(?<![0-9A-Za-z_.])(?:(?:[23]{_H}{{3}}|0{{0,2}}64:[Ff]{{2}}9[Bb]|(?:::)?(?:0{{1,4}}:){{0,5}}:?[Ff]{{4}})"
    rf"(?::{{1,2}}{_H}{{1,4}}){{1,8}}(?:::)?|[23]{_H}{{3}}::)"
    # An IPv4 address at the end goes on from the last group.
    r"(?:(?:(?<=:[0-9])|(?<=:[0-9]{2})|(?<=:[0-9]{3}))(?:\.[0-9]{1,3}){3})?"
    rf"(?![0-9A-Za-z_]|::?{_H})"
)
_IPV6_GATE = rf"(?:^|[^0-9A-Za-z])(?:[23]{_H}{{3}}:[0-9A-Fa-f:]|[Ff]{{4}}:{_H}|0{{0,2}}64:[Ff]{{2}}9[Bb]:)"
_MAC = (
    rf"(?<![0-9A-Za-z])(?<!(?<![0-9A-Za-z]){_H}{{2}}[:-]){_H}{{2}}([:-]){_H}{{2}}(?:\1{_H}{{2}}){{4}}"
    rf"(?![0-9A-Za-z]|[:-]{_H}{{2}}(?![0-9A-Za-z]))"
)
# Group addresses of protocols (RFC 1112, RFC 2464, IEEE 802.1D), which belong to no device.
_GROUP_MACS: Final = ("01005e", "3333", "0180c2")
_DATE_PAIRS: Final = ((0, 99), (1, 12), (1, 31), (0, 23), (0, 59), (0, 59))


def ipv4(text: str) -> int | None:
    """Gives an IPv4 address of four decimal parts without leading zeros as a number, None if it is none."""
    parts = text.split(".")
    if len(parts) != _PARTS or not all(
        part.isdecimal() and part == str(int(part)) and int(part) <= _LAST_OCTET for part in parts
    ):
        return None
    number = 0
    for part in parts:
        number = number << 8 | int(part)
    return number


def ipv6(text: str) -> int | None:
    """Gives an IPv6 address in a spelling of RFC 4291, 2.2, without zone, as a number; None if it is none."""
    head, gap, tail = text.partition("::")
    if "::" in tail or ":" in (tail[:1], text[-1:] if not gap else ""):
        return None
    left, right = _groups(head, last=not gap), _groups(tail, last=True)
    if left is None or right is None:
        return None
    missing = _GROUPS - len(left) - len(right)
    if missing < 0 or bool(missing) != bool(gap):
        return None
    number = 0
    for group in (*left, *([0] * missing), *right):
        number = number << 16 | group
    return number


def _groups(text: str, *, last: bool) -> list[int] | None:
    """Gives the groups of one side of `::`; the last of the address may be an IPv4 address."""
    groups: list[int] = []
    names = text.split(":") if text else []
    for place, name in enumerate(names, 1):
        if "." in name:
            embedded = ipv4(name) if last and place == len(names) else None
            if embedded is None:
                return None
            groups += (embedded >> 16, embedded & 0xFFFF)
        elif 0 < len(name) <= _LAST_GROUP and re.fullmatch(_H + "+", name):
            groups.append(int(name, 16))
        else:
            return None
    return groups


def public_ipv4(number: int) -> bool:
    """Says whether an IPv4 address, as a number, is globally reachable unicast."""
    return not any(first <= number <= last for first, last in _CLOSED_V4)


def public_ipv6(number: int) -> bool:
    """Says whether an IPv6 address, as a number, is globally reachable unicast, or stands for such an IPv4 address."""
    if number >> 32 in _WITH_V4:
        return public_ipv4(number & 0xFFFFFFFF)
    if number >> 112 == 0x2002:  # noqa: PLR2004 - 6to4 (RFC 3056) has the IPv4 address behind its first group
        return public_ipv4(number >> 80 & 0xFFFFFFFF)
    return number >> 125 == 1 and not any(number >> (128 - size) == prefix for prefix, size in _CLOSED_V6)


def ipv4_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the match if it is a public address and no version, section number or object identifier."""
    number = ipv4(text[start:end])
    if number is None or text[start:end] == "1.3.6.1":
        return
    if text[end : end + len(_REVERSED)].lower() == _REVERSED:
        number = int.from_bytes(number.to_bytes(4, "little"), "big")
    if public_ipv4(number) and not _GOES_ON.match(text, end) and not _is_version(text, start, end):
        yield start, end


def _is_version(text: str, start: int, end: int) -> bool:
    """Says whether what stands before four numbers makes them a version, a section or an object identifier."""
    last = text[start - 1 : start]
    before = text[max(0, start - 48) : start]
    if last == "/":
        return bool(_PRODUCT.search(before)) and not re.match(":[0-9]", text[end : end + 2])
    if last == "-":
        return bool(_PACKAGE.search(before))
    return _NOT_ADDRESS.search(before[-28:]) is not None


def ipv6_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the match if it is a public address and does not go on an address or a path that began before."""
    value = text[start:end]
    number = ipv6(value)
    if number is None or not public_ipv6(number):
        return
    before = re.search(r"(\w*):{1,2}\Z", text[max(0, start - 48) : start]) if text[start - 1 : start] == ":" else None
    if before and (text[start - 2 : start] == "::" or re.fullmatch(_H + "{0,4}", before[1])):
        return
    if value.count(":") > 2 or _ALLOCATED.match(value) or number >> 125 != 1:  # noqa: PLR2004 - fewer groups than three
        yield start, end


def mac(value: str) -> bool:
    """Says whether six pairs, or three groups of four, are the address of a device: not zeros, ones, groups, times."""
    digits = re.sub("[^0-9a-f]", "", value.lower())
    if len(set(digits)) == 1 and digits[0] in "0f":
        return False
    pairs = [digits[at : at + 2] for at in range(0, len(digits), 2)]
    if digits.isdecimal() and all(
        low <= int(pair) <= high for pair, (low, high) in zip(pairs, _DATE_PAIRS, strict=True)
    ):
        return False
    return not digits.startswith(_GROUP_MACS)


NETWORK_DETECTORS: Final = (
    Detector(
        kind="ip_address",
        name="ipv4_address",
        group="network",
        pattern=_IPV4,
        gate=rf"(?:^|[^0-9A-Za-z_])(?:{_FIRST})\.[0-9]{{1,3}}\.[0-9]{{1,3}}\.[0-9]",
        spans=ipv4_spans,
        level="confidential",
        example='8.8.8.8 - - "GET /"',
        near_miss="Chrome/120.0.6.109 version 1.2.3.4 oid 1.3.6.1.4.1 from 10.0.0.1, 192.168.1.7 and 203.0.113.9",
        source="RFC 791; IANA IPv4 special-purpose address registry",
    ),
    Detector(
        kind="ip_address",
        name="ipv6_address",
        group="network",
        pattern=_IPV6,
        gate=_IPV6_GATE,
        spans=ipv6_spans,
        level="confidential",
        example="connect [2001:4860:4860::8888]:443",
        near_miss="std::vector dead::beef fe80::1%eth0 2001:db8::7 ::1 12:34:56 20:01:48:60:48:60:88:88",
        source="RFC 4291, RFC 5952; IANA IPv6 special-purpose address registry",
    ),
    Detector(
        kind="mac_address",
        group="device",
        pattern=_MAC,
        gate=rf"(?:^|[^0-9A-Za-z])(?:{_H}{{2}}[:-]){{4}}",
        validate=mac,
        level="confidential",
        example="lease for 00:1b:44:11:3a:b7",
        near_miss="ff:ff:ff:ff:ff:ff 16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48 00-1b:44-11:3a-b7",
        source="IEEE 802, canonical form of EUI-48",
    ),
    Detector(
        kind="mac_address",
        name="mac_address_dotted",
        group="device",
        pattern=rf"(?<![0-9A-Za-z.]){_H}{{4}}\.{_H}{{4}}\.{_H}{{4}}(?![0-9A-Za-z]|\.[0-9A-Za-z])",
        proof="word",
        words=("mac", "hwaddr", "ether", "lladdr", "station", "bssid", "arp", "bia", "hardware address", "vlan"),
        validate=mac,
        level="confidential",
        example="mac 001b.4411.3ab7 learned on port 7",
        near_miss="part 001b.4411.3ab7",
        source="Cisco IOS, notation of MAC addresses",
    ),
)
