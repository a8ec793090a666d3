"""The rows for values that stand behind a telling key in text: `password=x`, `"ssn": "y"`, `--api-key z`."""

from __future__ import annotations

from typing import Final

from discreet.detectors.key_table import LEVEL_OF_KEYS
from discreet.detectors.model import Detector
from discreet.detectors.validators import (
    authorization_value,
    digits_at_least,
    id_like,
    keyed_secret,
    keyed_value,
    session_value,
)

# A sign that ends an unquoted value goes with it where the value visibly goes on: no blank, no further sign, no
# next `key=` behind it. Bounded, so that a run of signs stays linear.
_ENDS = r",;&()\[\]{}|<>\"'`"
_NEXT = r"[\w.-]{1,40}(?:\s{1,2}[=:]|[=:](?!=|[\"'\s]|$))"
_GOES_ON = (
    rf"(?:&(?=[^\s{_ENDS}])(?!(?:amp;)?[\w.\[\]-]{{1,40}}=)"
    rf"|[,;()\[\]{{}}|<>\"'`](?=[^\s{_ENDS}])(?!{_NEXT}))"
)
_BARE = rf"(?!\\[nrt]|[bBuUrRfF]?\\{{0,3}}[\"'`])[^\s{_ENDS}](?:[^\s{_ENDS}\\]|\\(?![nrt\"'])|{_GOES_ON})*"
# A number or date may go on in further groups, a phrase in further words that are no keys themselves.
_GROUPS = rf"{_BARE}(?:[ \u00a0](?:[0-9(+][\w()./+-]*|[A-Z][a-z]{{2,8}}(?=[ ,][0-9]))(?![\w=:]))*"
_WORD = rf"[^\s{_ENDS}=:\\]"
_LINES = rf"{_BARE}(?:,?[ ]{_WORD}+(?!{_WORD}|[ ]?[=:\"'])){{0,10}}"
_PHRASE = rf"{_BARE}(?:[ ]{_WORD}+(?!{_WORD}|[=:\"'])){{0,6}}"
_LINE = r"(?![bBuUrRfF]?\\{0,3}[\"'`])[^\s\"'`][^\r\n\"'`]*"
# Scheme and credential, or a scheme and its list of parameters (RFC 9110, 11.4); else one token.
_PARAMETER = r"[\w-]{1,30}=(?:\"[^\"\r\n]*\"|[^\s,\"']*)"
_SCHEME = r"(?![bBuU]?\\{0,3}[\"'`])[A-Za-z][\w-]{1,30}"
_CREDENTIALS = rf"{_SCHEME}[ +](?:{_PARAMETER}(?:,[ ]?{_PARAMETER})*|[^\s\"'`,;]+)|[^\s\"'`,;]+"
_QUOTED = r"(?:\\{5,8}[\"']|(?!(?P=q))(?:\\{3}[\"']|\\{2}[\"'](?=\w)|\\.|[^\r\n]))+"
_NESTED = r"[\[{](?=[\w\"'\[{(])[^\]}\r\n]*"


# A constructor round a literal, `SecretStr('x')` or `[]byte("x")`; not a look-up, whose literal is a name.
_LOOK_UP = r"[\w.]{0,40}?(?:get|[gG]etenv|Get|fetch|find|header|query|lookup)\("
_CALL = rf"(?:(?:\[\]|new )?(?!{_LOOK_UP})[A-Za-z_][\w.]{{0,40}}\((?=[bBuU]?\\{{0,3}}[\"']))?"
_PREFIX = r"(?:[bBuUrRfF](?=\\{0,3}[\"']))?"
# A quote that is followed by what stands between two values closes the text, and opens none.
_OPENING = r"(?P<q>\"{3}|'{3}|\\{0,3}[\"'`](?![,}\]]\s{0,4}(?:[\"'\\{\[}\]]|$)))?"


def _value(bare: str) -> str:
    """Gives the pattern of a value: quoted (also with escaped quotes), a bracket, or bare."""
    return rf"{_CALL}{_PREFIX}{_OPENING}(?P<value>(?(q){_QUOTED}|(?:{_NESTED}|{bare})))"


TOKEN: Final = _value(_BARE)
DIGITS: Final = _value(_GROUPS)
LINES: Final = _value(_LINES)
PHRASE: Final = _value(_PHRASE)
MANY_WORDS: Final = _value(rf"{_BARE}(?:[ ]{_WORD}+(?!{_WORD}|[=:\"'])){{0,24}}")
LINE: Final = _value(_LINE)
AUTHORIZATION: Final = _value(_CREDENTIALS)
# Degrees with three decimals or more, one or a pair: less is a latency (`lat=0.35`) or a count.
PLACE: Final = _value(r"-?[0-9]{1,3}\.[0-9]{3,}(?:[,;]\ ?-?[0-9]{1,3}\.[0-9]{3,})?(?![0-9A-Za-z.])")
# kind, group, what its value looks like, example, near-miss.
_ROWS: Final = (
    ("password", "credential", TOKEN, "login failed password=hunter2", "invalid password: must be longer"),
    ("secret", "credential", TOKEN, '{"client_secret": "s3cr3t"}', "secret_name=orders/db"),
    ("token", "credential", TOKEN, "GET /x?access_token=abc123&page=2", "token_type=opaque input_tokens=512"),
    ("api_key", "credential", TOKEN, "X-Api-Key: 9f8e7d6c", "primary_key=17 cache_key=orders"),
    ("private_key", "credential", TOKEN, "signing_key=q83hd72h", "public_key=ssh-ed25519"),
    ("recovery_phrase", "credential", MANY_WORDS, "seed_phrase=fake words are no wallet", "seed=42 phrase_count=3"),
    (
        "authorization",
        "credential",
        AUTHORIZATION,
        "Authorization: Digest username=zoe",
        "authorization_endpoint=/oauth2",
    ),
    ("cookie", "credential", LINE, "Set-Cookie: sid=31d4d96e; Path=/", "cookie_policy=strict"),
    ("session", "credential", TOKEN, "JSESSIONID=31d4d96e407aad42", "session_duration=30"),
    ("credential", "credential", TOKEN, "credentials=abc:def", "credential_type=oauth"),
    ("otp", "credential", DIGITS, "verification_code=123456", "otp_version=2"),
    ("pin", "credential", DIGITS, "pin=4711", "gpio_pin=17"),
    ("cvv", "financial", DIGITS, "cvv=123", "cvc_enabled=1"),
    ("card", "financial", DIGITS, "card_number=4000 1234", "card_type=debit2"),
    ("iban", "financial", DIGITS, "iban: DE02 1203 0000", "iban_checks=12"),
    ("bank_account", "financial", DIGITS, "account_number=12345678", "account_type=5"),
    ("ssn", "national_id", DIGITS, "ssn=078051120", "ssn_valid=1"),
    ("national_id", "national_id", DIGITS, "passport_number=C01X00T47", "tax_rate=19"),
    ("health", "health", PHRASE, "mrn=00123456", "record_id=00123456"),
    ("special_category", "special_category", PHRASE, "religion=none stated", "religion_module_enabled=1"),
    ("email", "contact", TOKEN, "email=zoe-at-home", "email_verified=1"),
    ("phone", "contact", DIGITS, "phone: +1 (555) 010-9999", "phone_type=2"),
    ("address", "contact", LINES, "home_address=12 Main Street", "server.address=db-1"),
    ("birth_date", "identity", DIGITS, "dob: 12 May 1990", "release_date=2024-05-12"),
    ("name", "identity", PHRASE, "first_name=Mary Ann status=ok", "name=orders file_name=a.txt"),
    ("location", "location", PLACE, "latitude=48.13743", "lat=0.35 latency=12.123"),
    ("device_id", "device", TOKEN, "device_id=f00dfeed-01", "device_count=2"),
    ("vehicle", "vehicle", TOKEN, "license_plate=ABC-123", "plate_count=4"),
)
_DIGITS: Final = {
    "otp": 4,
    "pin": 3,
    "cvv": 3,
    "ssn": 7,
    "card": 8,
    "iban": 6,
    "bank_account": 5,
    "phone": 6,
    "birth_date": 4,
    "national_id": 2,
}
_CHECKS: Final = {
    # Of a number under its key at least so many digits: `pin=17` is a pin of a board, `birthday=0` none.
    **{kind: digits_at_least(count) for kind, count in _DIGITS.items()},
    "device_id": id_like,
    **dict.fromkeys(("private_key", "api_key", "credential", "token", "secret"), keyed_secret),
    "session": session_value,
    "authorization": authorization_value,
}

KEYED_DETECTORS: Final = tuple(
    Detector(
        kind=kind,
        group=group,
        proof="key",
        name=f"{kind}_key",
        pattern=pattern,
        level=LEVEL_OF_KEYS[kind],
        validate=_CHECKS.get(kind, keyed_value),
        example=example,
        near_miss=near_miss,
        source="data/keys.tsv",
    )
    for kind, group, pattern, example, near_miss in _ROWS
)
