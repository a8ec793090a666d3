"""Network addresses: public ones are found in every spelling; versions, identifiers and local ones are not."""

from __future__ import annotations

import ipaddress
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from discreet.detectors.model import Detector
from discreet.detectors.network import NETWORK_DETECTORS, ipv4, ipv6, mac, public_ipv4, public_ipv6


def found(text: str) -> list[str]:
    spans: list[tuple[int, int]] = []
    for row in NETWORK_DETECTORS:
        if row.proof == "word" and not any(word in text.lower() for word in row.words):
            continue
        for match in re.finditer(row.pattern, text):
            if row.validate is None or row.validate(match[0]):
                found = [*row.spans(text, *match.span())] if row.spans else [match.span()]
                assert not found or not row.gate or re.search(row.gate, text)
                spans += found
    outer = [one for one in spans if not any(two[0] < one[0] and one[1] <= two[1] for two in spans)]
    return [text[start:end] for start, end in outer]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8.8.8.8 - - GET", "8.8.8.8"),
        ("GET /users/8.8.8.8", "8.8.8.8"),
        ("http://8.8.8.8/x", "8.8.8.8"),
        ("from /8.8.8.8:9000 failed", "8.8.8.8"),
        ("dns.google/8.8.8.8:53", "8.8.8.8"),
        ("net 8.8.8.0/24", "8.8.8.0"),
        ("ip=1.1.1.1;", "1.1.1.1"),
        ('{"client": "9.9.9.9"}', "9.9.9.9"),
        ("root@8.8.4.4:22", "8.8.4.4"),
        ("lost 8.8.8.8. Retrying", "8.8.8.8"),
        ("server 8.8.8.8 is up", "8.8.8.8"),
        ("host-8.8.8.8", "8.8.8.8"),
        ("8.8.8.8.in-addr.arpa", "8.8.8.8"),
        ("2001:4860:4860::8888", "2001:4860:4860::8888"),
        ("[2001:4860:4860:0:0:0:0:8888]:53", "2001:4860:4860:0:0:0:0:8888"),
        ("2606:4700::1111 said", "2606:4700::1111"),
        ("2600:: up", "2600::"),
        ("2620:FE::FE/48", "2620:FE::FE"),
        ("peer 2606:4700::1111: refused", "2606:4700::1111"),
        ("addr:2606:4700::1111", "2606:4700::1111"),
        ("::ffff:8.8.8.8 -", "::ffff:8.8.8.8"),
        ("::ffff:808:808", "::ffff:808:808"),
        ("0:0:0:0:0:ffff:8.8.8.8", "0:0:0:0:0:ffff:8.8.8.8"),
        ("64:ff9b::8.8.8.8", "64:ff9b::8.8.8.8"),
        ("2606:4700::1111%eth0", "2606:4700::1111"),
        ("mac 00:1b:44:11:3a:b7 up", "00:1b:44:11:3a:b7"),
        ("00-1B-44-11-3A-B7", "00-1B-44-11-3A-B7"),
        ("device:00:1b:44:11:3a:b7", "00:1b:44:11:3a:b7"),
        ("mac 001b.4411.3ab7", "001b.4411.3ab7"),
    ],
)
def test_public_addresses_are_found(text: str, value: str) -> None:
    """An address that leads to somebody is found, and the address only: no port, no prefix length, no bracket."""
    assert found(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.1 172.16.5.4 192.168.1.1 127.0.0.1 169.254.1.1 100.64.0.1 224.0.0.251 255.255.255.255 0.0.0.0",
        "192.0.2.1 198.51.100.7 203.0.113.9 198.18.0.1 240.0.0.1",
        "v1.2.3.4 version 1.2.3.4 ver. 1.2.3.4 rev 1.2.3.4 release: 1.2.3.4 build=1.2.3.4",
        '"version": "1.2.3.4" app_version=1.2.3.4 appVersion: 1.2.3.4',
        "pkg==1.2.3.4 pkg>=1.2.3.4 pkg~=1.2.3.4 Chrome/120.0.6.109 Safari/1.2.3.4 (x)",
        "1.3.6.1.4.1.311 2.5.4.3=zoe oid 2.5.29.17 OID: 1.2.3.4 1.3.6.1",
        "1.2.3.4.5 1.2.3.04 01.2.3.4 1.2.3.256 1.2.3.4-rc1 1.2.3.4+b 1.2.3.4.dev1 1.2.3.4-SNAPSHOT lib-1.2.3.4.jar",
        "x1.2.3.4 1.2.3.4x lib_1.2.3.4 section 1.2.3.4 § 1.2.3.4",
        "::1 fe80::1 fe80::1%eth0 fc00::1 ff02::1 2001:db8::1 3fff::1 100::1 ::ffff:10.0.0.1 ::",
        "std::vector std::abc::def a::b dead::beef foo::2a00::bar x[2000::2] 12:34:56 12:34:56:789",
        "20:01:48:60:48:60:88:88 00:1b:44:ff:fe:11:3a:b7",
        "16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
        "SHA1 16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48:01:02:03:04",
        "00:00:00:00:00:00 ff:ff:ff:ff:ff:ff 01:00:5e:00:00:fb 33:33:00:00:00:01 24-11-05-10-33-20",
        "00-1b:44-11:3a-b7 part 001b.4411.3ab7 123e4567-e89b-12d3-a456-426614174000",
    ],
)
def test_look_alikes_stay(text: str) -> None:
    """Addresses of nobody, versions, object identifiers, paths, times and fingerprints are no finding."""
    assert found(text) == []


@given(st.integers(0, 2**32 - 1))
@example(int(ipaddress.ip_address("192.88.99.1")))
def test_ipv4_agrees_with_the_registry(number: int) -> None:
    """The table says the same as the standard library of the day, and reads what it writes."""
    address = ipaddress.IPv4Address(number)
    assert ipv4(str(address)) == number
    special = address in ipaddress.ip_network("192.0.0.0/24")
    assert special or public_ipv4(number) == (address.is_global and not address.is_multicast)


@given(st.integers(2**125, 2**126 - 1) | st.integers(0, 2**128 - 1) | st.integers(0, 2**34))
def test_ipv6_agrees_with_the_standard_library(number: int) -> None:
    """Every spelling is read, and what is public is global."""
    address = ipaddress.IPv6Address(number)
    assert ipv6(str(address)) == ipv6(address.exploded.upper()) == number
    if number >> 125 == 1 and number >> 105 != 0x2001 << 7 and number >> 112 != 0x2002 and number >> 108 != 0x3FFF0:
        assert public_ipv6(number) == address.is_global


@given(st.text("0123456789af:.", max_size=24))
def test_ipv6_refuses_what_the_standard_library_refuses(text: str) -> None:
    """Nothing is an address that is none."""
    try:
        expected: int | None = int(ipaddress.IPv6Address(text))
    except ValueError:
        expected = None
    assert ipv6(text) == expected


def test_a_mac_is_a_device() -> None:
    """Zeros, ones and times are no address of a device."""
    assert mac("00:1b:44:11:3a:b7")
    assert not mac("0000.0000.0000")


@pytest.mark.parametrize("row", NETWORK_DETECTORS, ids=lambda row: row.name)
def test_example_and_near_miss(row: Detector) -> None:
    """Each row finds its example and not its near miss."""
    assert found(row.example)
    assert not found(row.near_miss)
