"""The rows for values that stand behind a telling key in text: `password=x`, `"ssn": "y"`, `--api-key z`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from discreet.detectors.key_table import LEVEL_OF_KEYS
from discreet.detectors.keys import stems
from discreet.detectors.model import KEYED, Detector
from discreet.detectors.validators import keyed_number, keyed_value

if TYPE_CHECKING:
    from collections.abc import Callable

# A sign that ends an unquoted value goes with it where the value visibly goes on: no blank, no further sign, no
# next `key=` behind it. Bounded, so that a run of signs stays linear.
_ENDS = r",;&()\[\]{}|<>\"'`"
_GOES_ON = rf"[,;&()\[\]{{}}|<>\"'`](?=[^\s{_ENDS}])(?!(?:amp;)?[\w.-]{{1,40}}[=:])"
_BARE = rf"(?!\\[nrt]|[bBuUrRfF]?\\{{0,3}}[\"'`])[^\s{_ENDS}](?:[^\s{_ENDS}\\]|\\(?![nrt\"'])|{_GOES_ON})*"
# A number or date may go on in further groups, a phrase in further words that are no keys themselves.
_GROUPS = rf"{_BARE}(?:[ \u00a0](?:[0-9(+][\w()./+-]*|[A-Z][a-z]{{2,8}}(?=[ ,][0-9]))(?![\w=:]))*"
_WORD = rf"[^\s{_ENDS}=:\\]"
_PHRASE = rf"{_BARE}(?:[ ]{_WORD}+(?!{_WORD}|[=:\"'])){{0,6}}"
_LINE = r"(?![bBuUrRfF]?\\{0,3}[\"'`])[^\s\"'`][^\r\n\"'`]*"
_QUOTED = r"(?:(?!(?P=q))(?:\\{3}[\"']|\\.|[^\r\n]))+"
_NESTED = r"[\[{](?=[\w\"'\[{(])[^\]}\r\n]*"


def _value(bare: str) -> str:
    """Gives the pattern of a value: quoted (also with escaped quotes), a bracket, or bare."""
    return (
        r"(?:[A-Za-z_][\w.]{0,40}\((?=[bBuU]?\\{0,3}[\"']))?(?:[bBuUrRfF](?=\\{0,3}[\"']))?(?P<q>\\{0,3}[\"'`])?"
        rf"(?P<value>(?(q){_QUOTED}|(?:{_NESTED}|{bare})))"
    )


TOKEN: Final = _value(_BARE)
DIGITS: Final = _value(_GROUPS)
PHRASE: Final = _value(_PHRASE)
LINE: Final = _value(_LINE)

# kind, what its value looks like, example, near-miss.
_ROWS: Final = (
    ("password", TOKEN, "login failed password=hunter2", "invalid password: must be longer"),
    ("secret", TOKEN, '{"client_secret": "s3cr3t"}', "secret_name=orders/db"),
    ("token", TOKEN, "GET /x?access_token=abc123&page=2", "token_type=opaque input_tokens=512"),
    ("api_key", TOKEN, "X-Api-Key: 9f8e7d6c", "primary_key=17 cache_key=orders"),
    ("private_key", TOKEN, "signing_key=q83hd72h", "public_key=ssh-ed25519"),
    ("authorization", LINE, "Authorization: Digest username", "authorization_endpoint=/oauth2"),
    ("cookie", LINE, "Set-Cookie: sid=31d4d96e; Path=/", "cookie_policy=strict"),
    ("session", TOKEN, "JSESSIONID=31d4d96e407aad42", "session_duration=30"),
    ("credential", TOKEN, "credentials=abc:def", "credential_type=oauth"),
    ("otp", DIGITS, "verification_code=123456", "otp_version=2"),
    ("pin", DIGITS, "pin=4711", "gpio_pin=17"),
    ("cvv", DIGITS, "cvv=123", "cvc_enabled=1"),
    ("ssn", DIGITS, "ssn=078051120", "ssn_valid=1"),
    ("card", DIGITS, "card_number=4000 1234", "card_type=debit2"),
    ("iban", DIGITS, "iban: DE02 1203 0000", "iban_checks=12"),
    ("bank_account", DIGITS, "account_number=12345678", "account_type=5"),
    ("national_id", DIGITS, "passport_number=C01X00T47", "tax_rate=19"),
    ("health", DIGITS, "mrn=00123456", "record_id=00123456"),
    ("email", TOKEN, "email=zoe-at-home", "email_verified=1"),
    ("phone", DIGITS, "phone: +1 (555) 010-9999", "phone_type=2"),
    ("birth_date", DIGITS, "dob: 12 May 1990", "release_date=2024-05-12"),
    ("name", PHRASE, "first_name=Mary Ann status=ok", "name=orders file_name=a.txt"),
    ("address", PHRASE, "home_address=12 Main Street", "server.address=db-1"),
)
_NUMBERS: Final = frozenset({"otp", "pin", "cvv", "ssn", "card", "iban", "bank_account", "phone", "birth_date"})
_NUMBERS_TOO: Final = frozenset({"national_id"})


def _gate(kind: str) -> str:
    words = "|".join(stems(kind))
    return rf"(?i:(?:{words})[^\s:=>,]*(?:[\"'],|[\t-\r ]*[:=>])|(?:--|<)[^\s]*(?:{words}))"


def _check(kind: str) -> Callable[[str], bool]:
    return keyed_number if kind in _NUMBERS | _NUMBERS_TOO else keyed_value


KEYED_DETECTORS: Final = tuple(
    Detector(
        kind=kind,
        group=KEYED,
        pattern=pattern,
        gate=_gate(kind),
        hints=stems(kind),
        level=LEVEL_OF_KEYS[kind],
        validate=_check(kind),
        example=example,
        near_miss=near_miss,
        source="key_table",
    )
    for kind, pattern, example, near_miss in _ROWS
)
