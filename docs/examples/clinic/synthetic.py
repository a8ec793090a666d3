"""Synthetic patients, always the same ones: every value is made up, and belongs to nobody.

Addresses are in `example.org` (RFC 2606), telephone numbers 555-01xx (reserved for fiction), card numbers the
test numbers that payment providers publish. SSNs run up or down the digits, so that they look right to a detector
and at once made up to a person.
"""

import random
from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote

Kind = Literal["e-mail", "card", "ssn", "password", "token", "phone", "birth date"]

_GIVEN = ("Ada", "Bruno", "Clara", "Dario", "Elif", "Fritz")
_FAMILY = ("Samplewood", "Testerman", "Mockridge", "Fakenham", "Placehold", "Inventado")
_SSNS = ("345-67-8901", "234-56-7890", "456-78-9012", "321-54-9876", "432-65-0987", "543-21-0987")
_CARDS = ("4242424242424242", "5555555555554444", "378282246310005", "6011111111111117", "4000056655665556")


@dataclass(frozen=True)
class Private:
    """A value that must not leave the process."""

    kind: Kind
    value: str

    @property
    def spellings(self) -> tuple[str, ...]:
        """The ways this value may be written: as it is, in an address (percent-encoded), a date as Python shows it."""
        forms = [self.value, quote(self.value, safe=""), quote(self.value, safe="@")]
        if self.kind == "birth date":
            forms.append(repr(date.fromisoformat(self.value)))
        return tuple(dict.fromkeys(forms))


@dataclass(frozen=True)
class Person:
    """A patient to be registered, with a password and a card."""

    name: str
    email: str
    birth_date: str
    ssn: str
    phone: str
    password: str
    card: str

    @property
    def form(self) -> dict[str, str]:
        """The registration form."""
        fields = ("name", "email", "birth_date", "ssn", "phone", "password")
        return {field: getattr(self, field) for field in fields}

    @property
    def mistyped(self) -> str:
        """The password with a slip of the finger: as private as the right one."""
        return f"{self.password}?"

    @property
    def private(self) -> list[Private]:
        """The values that may be found wherever they stand; a name in prose has no shape to be known by."""
        return [
            Private("e-mail", self.email),
            Private("card", self.card),
            Private("ssn", self.ssn),
            Private("password", self.password),
            Private("password", self.mistyped),
            Private("phone", self.phone),
            Private("birth date", self.birth_date),
        ]


def people(count: int, seed: int = 7) -> list[Person]:
    """Give `count` different people (six at most), the same ones for the same seed."""
    chance = random.Random(seed)
    names = zip(chance.sample(_GIVEN, count), chance.sample(_FAMILY, count), strict=True)
    return [_person(given, family, number, chance) for number, (given, family) in enumerate(names)]


def _person(given: str, family: str, number: int, chance: random.Random) -> Person:
    birth = date(chance.randrange(1950, 2000), chance.randrange(1, 13), chance.randrange(1, 29))
    return Person(
        name=f"{given} {family}",
        email=f"{given}.{family}@example.org".lower(),
        birth_date=birth.isoformat(),
        ssn=_SSNS[number],
        phone=f"+1-212-555-01{chance.randrange(10, 99)}",
        password=f"{family}-{chance.randrange(1000, 9999)}-Fake!",
        card=_CARDS[number % len(_CARDS)],
    )
