"""Accounts of persons that prove themselves: bank accounts, wallets, keys of wallets, magnetic stripes."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from discreet.detectors.model import Detector
from discreet.detectors.validators import luhn

if TYPE_CHECKING:
    from collections.abc import Iterator

# What follows country and check digits: d digits, A letters, X letters or digits. ISO 13616 registry, release 101; the
# last block is in use without being registered.
IBANS: Final[dict[str, str]] = dict(
    row.split(":")
    for row in """
    AD:8d12X AE:19d AL:8d16X AT:16d AZ:4A20X BA:16d BE:12d BG:4A6d8X BH:4A14X BI:23d BR:23d1A1X BY:4X4d16X CH:5d12X
    CR:18d CY:8d16X CZ:20d DE:18d DJ:23d DK:14d DO:4X20d EE:16d EG:25d ES:20d FI:14d FK:2A12d FO:14d FR:10d11X2d
    GB:4A14d GE:2A16d GI:4A15X GL:14d GR:7d16X GT:24X HN:4A20d HR:17d HU:24d IE:4A14d IL:19d IQ:4A15d IS:22d
    IT:1A10d12X JO:4A4d18X KW:4A22X KZ:3d13X LB:4d20X LC:4A24X LI:5d12X LT:16d LU:3d13X LV:4A13X LY:21d MC:10d11X2d
    MD:20X ME:18d MK:3d10X2d MN:16d MR:23d MT:4A5d18X MU:4A19d3A NI:4A20d NL:4A10d NO:11d OM:3d16X PK:4A16X PL:24d
    PS:4A21X PT:21d QA:4A21X RO:4A16X RS:18d RU:14d15X SA:2d18X SC:4A20d3A SD:14d SE:20d SI:15d SK:20d SM:1A10d12X
    SO:19d ST:21d SV:4A20d TL:19d TN:20d TR:6d16X UA:6d19X VA:18d VG:4A16d XK:16d YE:4A4d18X
    AO:21d BF:2X22d BJ:2X22d CF:23d CG:23d CI:2X22d CM:23d CV:21d DZ:22d GA:23d GQ:23d GW:2X19d IR:22d KM:23d MA:24d
    MG:23d ML:2X22d MZ:21d NE:2X22d SN:2X22d TD:23d TG:2X22d
    """.split()  # noqa: SIM905 - a table, one line for some ten rows
)
_FIELDS: Final = {"d": "[0-9]", "A": "[A-Z]", "X": "[0-9A-Z]"}
_IBAN_HEAD = r"[0-9]{2}(?:[ -]?[0-9A-Za-z]{4}){2}[ -]?[0-9A-Za-z]{3}"

_B58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_RIPPLE: Final = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_B58_CHARS = "1-9A-HJ-NP-Za-km-z"
_CHECK, _HASH = 4, 20
# First bytes of addresses of a 160-bit hash: Bitcoin and its testnet, Litecoin, Dogecoin, Dash, Tron.
_ADDRESS_BYTES: Final = (
    b"\x00",
    b"\x05",
    b"\x6f",
    b"\xc4",
    b"\x30",
    b"\x32",
    b"\x1e",
    b"\x16",
    b"\x4c",
    b"\x10",
    b"\x41",
)
_ZCASH: Final = (b"\x1c\xb8", b"\x1c\xbd", b"\x1d\x25", b"\x1c\xba")
_WIF_BYTES: Final = (b"\x80", b"\xef", b"\xb0", b"\x9e", b"\xcc")
_WIF_SIZES: Final = (33, 34)
_EXTENDED_SIZE = 78

# `%B4` at the head of track 1 reads as a percent escape too: what decoding makes of it, and the digit it ate.
_EATEN: Final = {0xB4: "4", 0xB5: "5", 0xB6: "6", 0xB7: "7", 0xB8: "8"}
_TAG: Final = ("5710", "5711", "5712", "5713")

_B32: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_B32_CHECKS: Final = frozenset({1, 0x2BC830A3})  # BIP 173, BIP 350
_B32_STEPS: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_B32_NAMES = (
    "bc|tb|bcrt|ltc|tltc|addr|addr_test|stake|stake_test|cosmos|osmo|terra|juno|akash|inj|celestia|thor|kava|secret"
    "|stars|axelar|sei|dydx|band|bnb|zil|one|erd|io"
)


def _countries() -> str:
    """Gives the countries as a pattern: one character class for each first letter."""
    seconds: dict[str, str] = {}
    for country in sorted(IBANS):
        seconds[country[0]] = seconds.get(country[0], "") + country[1]
    return "|".join(f"[{first}{first.lower()}][{rest}{rest.lower()}]" for first, rest in seconds.items())


@lru_cache(maxsize=128)
def _structure(country: str) -> tuple[int, re.Pattern[str]]:
    """Gives how many characters the IBAN of a country has, and their pattern."""
    fields = re.findall(r"([0-9]+)([dAX])", IBANS[country])
    pattern = "".join(f"{_FIELDS[kind]}{{{size}}}" for size, kind in fields)
    return 4 + sum(int(size) for size, _ in fields), re.compile(rf"[A-Z]{{2}}[0-9]{{2}}{pattern}")


def iban(value: str) -> bool:
    """Says whether letters and digits, upper case, are an IBAN: length and structure of its country, and mod 97."""
    if value[:2] not in IBANS or _structure(value[:2])[1].fullmatch(value) is None:
        return False
    return int("".join(str(int(char, 36)) for char in value[4:] + value[:4])) % 97 == 1


def iban_spans(text: str, start: int, _: int) -> Iterator[tuple[int, int]]:
    """Yields the IBAN that begins at `start`, in one piece or with a space or hyphen between groups of four."""
    size = _structure(text[start : start + 2].upper())[0]
    position, taken = start, ""
    while len(taken) < size:
        if len(taken) % 4 == 0 and taken and text[position : position + 1] in {" ", "-"}:
            position += 1
        group = text[position : position + min(4, size - len(taken))]
        taken += group
        position += len(group)
        if not (group.isalnum() and group.isascii()):
            return
    if not text[position : position + 1].isalnum() and iban(taken.upper()):
        yield start, position


def base58check(value: str, alphabet: str = _B58) -> bytes | None:
    """Gives the bytes of a base58 string without their checksum, the first four bytes of a doubled SHA-256."""
    number = 0
    for char in value:
        digit = alphabet.find(char)
        if digit < 0:
            return None
        number = number * 58 + digit
    zeros = len(value) - len(value.lstrip(alphabet[0]))
    raw = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    body, check = raw[:-_CHECK], raw[-_CHECK:]
    return body if hashlib.sha256(hashlib.sha256(body).digest()).digest()[:_CHECK] == check else None


def address58(value: str) -> bool:
    """Says whether a base58 string is the address of a wallet: a known first byte, 160 bits, and the checksum."""
    if value[0] == "r":
        body = base58check(value, _RIPPLE)
        return body is not None and len(body) == 1 + _HASH and body[0] == 0
    body = base58check(value)
    if body is None:
        return False
    return body[:-_HASH] in _ADDRESS_BYTES or body[:-_HASH] in _ZCASH


def wif(value: str) -> bool:
    """Says whether a base58 string is a private key in wallet import format: first byte, 256 bits, checksum."""
    body = base58check(value)
    return body is not None and len(body) in _WIF_SIZES and body.startswith(_WIF_BYTES)


def extended_key(value: str) -> bool:
    """Says whether a base58 string is an extended key of BIP 32: 78 bytes and the checksum."""
    body = base58check(value)
    return body is not None and len(body) == _EXTENDED_SIZE


def bech32(value: str) -> bool:
    """Says whether a string is bech32 or bech32m, all of one case, with the right checksum (BIP 173, BIP 350)."""
    if value not in {value.lower(), value.upper()}:
        return False
    name, _, data = value.lower().rpartition("1")
    values = [_B32.find(char) for char in data]
    if -1 in values:
        return False
    check = 1
    for digit in (*(ord(char) >> 5 for char in name), 0, *(ord(char) & 31 for char in name), *values):
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ digit
        for bit, step in enumerate(_B32_STEPS):
            check ^= step if top >> bit & 1 else 0
    return check in _B32_CHECKS


def ethereum(value: str) -> bool:
    """Says whether 40 hexadecimal digits can be the address of somebody: not the zero and burn addresses."""
    digits = value[2:].lower()
    return len(set(digits[:32])) > 2  # noqa: PLR2004 - 0x000...dead, 0xeeee...


def track(value: str) -> bool:
    """Says whether the card number on a magnetic stripe has its check digit, and is not one digit repeated."""
    number = re.split(r"[\^=D]", value.upper().lstrip("%;B"), maxsplit=1)[0].translate(_EATEN)
    digits = re.sub("[^0-9]", "", number)
    digits = digits[4:] if number.startswith(_TAG) and "^" not in value else digits
    return luhn(digits) and len(set(digits)) > 1


_COUNTRIES = _countries()
_MONTH = "[0-9]{2}(?:0[1-9]|1[0-2])"

ACCOUNT_DETECTORS: Final = (
    Detector(
        kind="iban",
        group="financial",
        pattern=rf"(?<![0-9A-Za-z])(?:{_COUNTRIES}){_IBAN_HEAD}",
        gate=rf"(?:^|[^0-9A-Za-z])(?:{_COUNTRIES}){_IBAN_HEAD}",
        spans=iban_spans,
        level="restricted",
        example="refund to DE89 3704 0044 0532 0130 00",
        near_miss="DE88370400440532013000 ad12cafe-0123-4567-89ab-cdef01234567 DE89370400440532013000X",
        source="ISO 13616; ISO 7064 mod 97-10",
    ),
    Detector(
        kind="crypto_wallet",
        group="financial",
        level="confidential",
        name="wallet_base58",
        pattern=rf"(?<![0-9A-Za-z])[12359ADLMXTtmnr][{_B58_CHARS}]{{24,34}}(?![0-9A-Za-z])",
        gate=rf"(?:^|[^0-9A-Za-z])[12359ADLMXTtmnr][{_B58_CHARS}]{{24}}",
        validate=address58,
        example="sent to 17rCF1GrAcXtu6bfGTSZJdihzVAMqbb8qe",
        near_miss="id 17rCF1GrAcXtu6bfGTSZJdihzVAMqbb8qb",
        source="Bitcoin, Base58Check; BIP 13",
    ),
    Detector(
        kind="crypto_wallet",
        group="financial",
        level="confidential",
        name="wallet_bech32",
        pattern=rf"(?<![0-9A-Za-z])(?i:{_B32_NAMES})1(?i:[ac-hj-np-z02-9]){{38,120}}(?![0-9A-Za-z])",
        gate=rf"(?i:(?:{_B32_NAMES})1[ac-hj-np-z02-9]{{30}})",
        validate=bech32,
        example="sent to bc1qfv0g2nnlfujd6c7n0s42dkjm5wx74myx936dmz",
        near_miss="id bc1qfv0g2nnlfujd6c7n0s42dkjm5wx74myx936dmq",
        source="BIP 173, BIP 350",
    ),
    Detector(
        kind="crypto_wallet",
        group="financial",
        level="confidential",
        name="wallet_ethereum",
        pattern=r"(?<![0-9A-Za-z])0x[0-9A-Fa-f]{40}(?![0-9A-Za-z])",
        proof="word",
        words=("wallet", "eth", "ethereum", "metamask", "payer", "payee", "beneficiary", "polygon", "erc20", "usdt"),
        validate=ethereum,
        example="wallet 0x4b1e854e7f4f24dd63d37c2aa6da5ba38deaec86",
        near_miss="object 0x4b1e854e7f4f24dd63d37c2aa6da5ba38deaec86",
        source="EIP-55",
    ),
    Detector(
        kind="crypto_wallet",
        group="financial",
        level="confidential",
        name="wallet_extended_public",
        pattern=rf"(?<![0-9A-Za-z])[xyzYZtuvUV]pub[{_B58_CHARS}]{{107}}(?![0-9A-Za-z])",
        validate=extended_key,
        example=(
            "xpub661MyMwAqRbcFHp37VUPFshzXJ6DmXiVs3GCnvm5WqMMErEJs8LPJ7W5EvgwTkw8QwLPwmwfEUZUybr457QiRof9K6iMBr5wYg21TVda1PQ"
        ),
        near_miss="xpub" + "6" * 107,
        source="BIP 32, serialization format; SLIP 132",
    ),
    Detector(
        kind="private_key",
        group="secret",
        level="restricted",
        name="private_key_extended",
        pattern=rf"(?<![0-9A-Za-z])[xyzYZtuvUV]prv[{_B58_CHARS}]{{107}}(?![0-9A-Za-z])",
        validate=extended_key,
        example=(
            "xprv9s21ZrQH143K2oja1TwNtjmFyGFjN4zeVpLbzYMTxVpNN3uAKb28kKBbPffB27tUJMXwmgfKkZa2TX6iMDgjNYPEDpFkrDu6dW7ziAk812w"
        ),
        near_miss="xprv" + "9" * 107,
        source="BIP 32, serialization format; SLIP 132",
    ),
    Detector(
        kind="private_key",
        group="secret",
        level="restricted",
        name="private_key_wif",
        pattern=rf"(?<![0-9A-Za-z])[569KLcTQ7X][{_B58_CHARS}]{{50,51}}(?![0-9A-Za-z])",
        gate=rf"(?:^|[^0-9A-Za-z])[569KLcTQ7X][{_B58_CHARS}]{{40}}",
        validate=wif,
        example="imported KyjjTVxQtw8uru8ky4TNJtuTL5S2vBvgLZGVfujrzuojpSPB5v31",
        near_miss="5" + "J" * 50,
        source="Bitcoin, wallet import format",
    ),
    Detector(
        kind="card_track",
        group="financial",
        level="restricted",
        name="card_track_one",
        pattern=(
            r"(?<![0-9A-Za-z])(?:%?[Bb])?[2-9\xb4-\xb8](?: ?[0-9]){11,18}\^[^\^?\r\n]{2,26}\^"
            rf"{_MONTH}[^?\^\r\n\"']{{0,60}}\??"
        ),
        gate=r"[0-9 ]\^[^\^?\r\n]{2,26}\^[0-9]{4}",
        validate=track,
        example="%B4111111111111111^DOE/JANE^29121010000000000000?",
        near_miss="4111111111111112^DOE/JANE^2912101",
        source="ISO/IEC 7813, track 1",
    ),
    Detector(
        kind="card_track",
        group="financial",
        level="restricted",
        name="card_track_two",
        pattern=rf"(?<![0-9A-Za-z])(?:;|571[0-3])?[2-9][0-9]{{11,18}}[=Dd]{_MONTH}[0-9]{{3,17}}[Ff]?\??(?![0-9A-Za-z])",
        gate=rf"[0-9]{{12}}[=Dd]{_MONTH}[0-9]{{3}}",
        validate=track,
        example=";4111111111111111=29121010000000000000?",
        near_miss="id=4111111111111112=2912101",
        source="ISO/IEC 7813, track 2; EMV book 3, tag 57",
    ),
)
