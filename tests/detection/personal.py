"""Personal data: e-mail addresses, cards, accounts, phones, network addresses, dates, names, devices, health."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

from tests.detection import national
from tests.detection.national_table import TABLE
from tests.detection.personal_tables import (
    CARDS,
    DATES,
    GIVEN,
    IBANS,
    LOCALS,
    MAIL_DOMAINS,
    PHONES,
    STREETS,
    SURNAMES,
    TOWNS,
)
from tests.detection.records import Drawn
from tests.detection.shapes import characters, uuid4

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_SCRIPTS = (0xFF10, 0x0660, 0x06F0, 0x0966)
_SPACES = ("\u00a0", "\u202f", "\u2009")


def other_digits(rng: Random, text: str) -> str:
    """The digits in another script."""
    zero = rng.choice(_SCRIPTS)
    return "".join(chr(zero + int(sign)) if sign.isdigit() else sign for sign in text)


def broken(rng: Random, text: str) -> str:
    """A zero-width character somewhere inside."""
    at = rng.randint(2, len(text) - 2)
    return text[:at] + rng.choice("\u200b\u200d\u2060\ufeff\u00ad") + text[at:]


def grouped(text: str, size: int, sign: str) -> str:
    """Groups of a size, the last one shorter if it must be."""
    return sign.join(text[at : at + size] for at in range(0, len(text), size))


_MAIL_FORMS: tuple[Callable[[Random, str, str], str], ...] = (
    *(lambda _, local, domain: f"{local}@{domain}",) * 12,
    lambda _, local, domain: f"{local}@{domain}".upper(),
    lambda r, local, domain: f"{local}+{r.choice(['news', 'a1', 'shop-2026'])}@{domain}",
    lambda _, local, domain: f'"{local}"@{domain}',
    lambda _, local, domain: f"{local}%40{domain}",
    lambda _, local, domain: f"{local}&#64;{domain}",
    lambda _, local, domain: f"{local}&#x40;{domain}",
    lambda _, local, domain: f"{local}\\u0040{domain}",
    lambda _, local, domain: f"{local}\uff20{domain}",
    lambda r, local, domain: broken(r, f"{local}@{domain}"),
    lambda _, local, domain: f"{local} [at] {domain}",
    lambda _, local, domain: f"{local}(at){domain}",
    lambda _, local, domain: f"{local} (at) {domain.replace('.', ' (dot) ')}",
    lambda _, local, domain: f"{local}[at]{domain.replace('.', '[dot]')}",
)


def email(rng: Random) -> Drawn:
    """An address at a reserved domain, sometimes hidden."""
    given, surname = rng.choice(GIVEN).lower(), rng.choice(SURNAMES).lower()
    local = rng.choice(LOCALS).format(g=given, s=surname, i=given[0], n=rng.randint(1, 99))
    return Drawn(rng.choice(_MAIL_FORMS)(rng, local.replace(" ", "."), rng.choice(MAIL_DOMAINS)))


def card(rng: Random) -> Drawn:
    """A number of one of the networks that passes Luhn, in one of its spellings."""
    prefix, length, sizes = rng.choice(CARDS)
    while True:
        number = prefix + characters(rng, "digit", length - len(prefix))
        if national.luhn(number):
            break
    parts: list[str] = []
    rest = number
    for size in sizes:
        parts, rest = [*parts, rest[:size]], rest[size:]
    forms = [
        *[number] * 4,
        *[" ".join(parts)] * 4,
        *["-".join(parts)] * 3,
        "+".join(parts),
        "%20".join(parts),
        rng.choice(_SPACES).join(parts),
        ".".join(parts),
        other_digits(rng, number),
        other_digits(rng, " ".join(parts)),
        broken(rng, number),
    ]
    return Drawn(rng.choice(forms))


def iban(rng: Random) -> Drawn:
    """An IBAN with its check digits, whole or in groups, at times in lower case."""
    country, body = rng.choice(IBANS)
    bban = "".join(characters(rng, "upper" if sign == "A" else "digit", 1) if sign in "A#" else sign for sign in body)
    digits = "".join(str(int(sign, 36)) for sign in bban + country + "00")
    whole = f"{country}{98 - int(digits) % 97:02d}{bban}"
    forms = [whole, whole, whole, grouped(whole, 4, " "), grouped(whole, 4, " "), grouped(whole, 4, "-"), whole.lower()]
    forms += [grouped(whole, 4, rng.choice(_SPACES)), broken(rng, whole), grouped(whole, 4, "%20")]
    return Drawn(rng.choice(forms), ("IBAN", "account", "Konto"))


def ssn(rng: Random) -> Drawn:
    """A social security or taxpayer number; nine bare digits want a word."""
    if rng.random() < 0.75:
        area = rng.choice([n for n in range(1, 900) if n != 666])
        parts = (f"{area:03d}", f"{rng.randint(1, 99):02d}", f"{rng.randint(1, 9999):04d}")
    else:
        parts = (f"9{rng.randrange(100):02d}", f"{rng.randint(70, 88)}", f"{rng.randint(1, 9999):04d}")
    words = ("SSN", "ssn", "Social Security Number", "social security number is", "SS#")
    sign = rng.choice(["-", "-", "-", "-", " ", "", "\u2011", "\u00a0"])
    text = sign.join(parts)
    return Drawn(broken(rng, text) if rng.random() < 0.05 else text, words, alone=sign == "-")


def phone(rng: Random) -> Drawn:
    """A number of one of twenty countries, international (proves itself) or national (wants a word)."""
    code, shapes, words = rng.choice(PHONES)
    shape = rng.choice(shapes)
    number = "".join(
        characters(rng, "digit", 1) if s == "d" else str(rng.randint(2, 9)) if s == "N" else s for s in shape
    )
    general = ("phone", "tel", "Tel.", "call me at", "mobile", "phone number is", "SMS to", "contact number")
    if rng.random() < 0.5:
        plain = number.removeprefix("8 ").lstrip("0").replace("(0", "(").strip()
        dashed = re.sub(r"[ ()./-]+", "-", plain).strip("-")
        text = rng.choice([f"+{code} {plain}", f"+{code}-{dashed}", f"+{code}{_bare(plain)}", f"00{code} {plain}"])
        text = text.replace("(", "").replace(")", "") if rng.random() < 0.8 else text
        return Drawn(text, (*general, *words), alone=text.startswith("+"))
    return Drawn(number, (*general, *words), alone=False)


def _bare(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def ipv4(rng: Random) -> Drawn:
    """A public IPv4 address."""
    while True:
        address = ipaddress.IPv4Address(rng.getrandbits(32))
        if address.is_global and not address.is_multicast and int(address) >> 24 > 16:
            return Drawn(str(address))


def ipv6(rng: Random) -> Drawn:
    """A public IPv6 address, long or short."""
    head = rng.choice(["2a00:1450", "2a02:8109", "2606:4700", "2a01:4f8", "2400:cb00", "2804:14c"])
    groups = [format(rng.randint(1, 0xFFFF), "x") for _ in range(6)]
    forms = [":".join([head, *groups]), f"{head}:{groups[0]}::{groups[1]}", f"{head}:{':'.join(groups[:2])}::1"]
    text = rng.choice(forms)
    return Drawn(text.upper() if rng.random() < 0.15 else text)


def national_id(rng: Random) -> Drawn:
    """An identifier of one of fifty countries."""
    row = rng.choice(TABLE)
    return Drawn(row.draw(rng), row.words, row.alone)


def birth_date(rng: Random) -> Drawn:
    """A date of birth in one of a dozen spellings."""
    return Drawn(
        rng.choice(DATES).format(y=rng.randint(1935, 2010), m=rng.randint(1, 12), d=rng.randint(1, 28)), alone=False
    )


def full_name(rng: Random) -> Drawn:
    """A person's full name."""
    given, surname = rng.choice(GIVEN), rng.choice(SURNAMES)
    return Drawn(
        rng.choice([f"{given} {surname}", f"{surname}, {given}", f"{given} {given[0]}. {surname}"]), alone=False
    )


def given_name(rng: Random) -> Drawn:
    """A first name or a surname."""
    return Drawn(rng.choice([name for name in GIVEN + SURNAMES if len(name) > 3]), alone=False)


def address(rng: Random) -> Drawn:
    """A postal address, or its street."""
    street = rng.choice(STREETS).format(n=rng.randint(1, 240))
    town = rng.choice(TOWNS)
    return Drawn(rng.choice([street, f"{street}, {town}", f"{street}, {town}"]), alone=False)


def coordinate(rng: Random) -> Drawn:
    """A latitude or longitude with five decimals."""
    return Drawn(f"{rng.uniform(-89, 89):.{rng.randint(4, 7)}f}", alone=False)


def position(rng: Random) -> Drawn:
    """A pair of coordinates."""
    return Drawn(f"{rng.uniform(-89, 89):.5f},{rng.uniform(-179, 179):.5f}", alone=False)


def mac(rng: Random) -> Drawn:
    """A hardware address."""
    pairs = grouped(characters(rng, "hex", 12), 2, rng.choice([":", ":", ":", "-"]))
    return Drawn(rng.choice([pairs, pairs.upper()]), ("MAC", "mac address", "bssid"))


def imei(rng: Random) -> Drawn:
    """An IMEI; it wants its word."""
    while True:
        number = "35" + characters(rng, "digit", 13)
        if national.luhn(number):
            spelled = rng.choice([number, f"{number[:2]}-{number[2:8]}-{number[8:14]}-{number[14]}"])
            return Drawn(spelled, ("IMEI", "imei", "device IMEI"), alone=False)


def device(rng: Random) -> Drawn:
    """Another id of a device, known by its key alone."""
    forms = (uuid4(rng), uuid4(rng).upper(), characters(rng, "hex", 16), characters(rng, "BASE36", 12))
    return Drawn(rng.choice(forms), alone=False)


def vin(rng: Random) -> Drawn:
    """A North American vehicle number with its check sign."""
    values = {s: int(v) for s, v in zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True)}
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    signs = [rng.choice("0123456789ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(11)] + [
        rng.choice("0123456789") for _ in range(6)
    ]
    signs[:2] = rng.choice(["1H", "2T", "4S", "5Y", "1F"])
    total = sum(
        values.get(sign, int(sign) if sign.isdigit() else 0) * weight
        for sign, weight in zip(signs, weights, strict=True)
    )
    signs[8] = "X" if total % 11 == 10 else str(total % 11)
    return Drawn("".join(signs), ("VIN", "vehicle VIN", "chassis number"), alone=False)


def health_id(rng: Random) -> Drawn:
    """A record number of a hospital or an insurer, known by its key alone."""
    number = characters(rng, "digit", rng.randint(7, 10))
    return Drawn(rng.choice([number, f"MRN{number}", f"H-{number}", f"P{number}"]), ("MRN", "patient id"), alone=False)


def health_fact(rng: Random) -> Drawn:
    """A diagnosis or a medicine, known by its key alone."""
    facts = (
        "E11.9",
        "type 2 diabetes",
        "metformin 500 mg",
        "hypertension",
        "F32.1",
        "asthma",
        "warfarin 5mg daily",
        "C50.9",
    )
    return Drawn(rng.choice(facts), alone=False)
