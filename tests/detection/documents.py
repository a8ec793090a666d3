"""Whole documents with several secrets among harmless fields, and SQL that names its columns apart from the values."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from tests.detection import personal_kinds, secret_values
from tests.detection.records import Composed, Piece
from tests.detection.shapes import characters, uuid4
from tests.detection.surroundings import as_json, as_repr, spell

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def _twice(text: str) -> str:
    return as_json(as_json(text))


# What opens a document, how a field looks, what stands between two and at the end, the encoding, the spelling of keys.
_FORMS: tuple[tuple[str, str, str, str, Callable[[str], str], str], ...] = (
    ("{", '"{k}": "{v}"', ", ", "}", as_json, "camel"),
    ("{", '"{k}":"{v}"', ",", "}", as_json, "snake"),
    ('{"data":{"user":{', '"{k}":"{v}"', ",", '}},"meta":{"page":2}}', as_json, "snake"),
    ("{\n", '  "{k}": "{v}"', ",\n", "\n}", as_json, "snake"),
    ("{", '"{k}":"{v}"', ",", "", as_json, "camel"),
    ('body="{', '\\"{k}\\":\\"{v}\\"', ",", '}"', _twice, "snake"),
    ("", "{k}={v}", "&", "", quote_plus, "snake"),
    (
        "POST /signup HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n",
        "{k}={v}",
        "&",
        "",
        quote_plus,
        "snake",
    ),
    ("GET /v1/find?", "{k}={v}", "&", " HTTP/1.1", quote_plus, "snake"),
    ("level=info ", '{k}="{v}"', " ", "", as_json, "snake"),
    ("{", "'{k}': '{v}'", ", ", "}", as_repr, "snake"),
    ("User(", "{k}='{v}'", ", ", ")", as_repr, "snake"),
    ("UserDto[", "{k}='{v}'", ", ", "]", as_repr, "camel"),
    ("{", '"{k}"=>"{v}"', ", ", "}", as_json, "snake"),
    ("array (\n", "  '{k}' => '{v}'", ",\n", ",\n)", as_repr, "snake"),
    ("<user>", "<{k}>{v}</{k}>", "", "</user>", html.escape, "camel"),
    ("<user\n", '  {k}="{v}"', "\n", "/>", html.escape, "camel"),
    ("user:\n", '  {k}: "{v}"', "\n", "\n", as_json, "snake"),
    ("[user]\n", "{k} = {v}", "\n", "\n", str, "snake"),
    ("", "export {k}='{v}'", "\n", "", as_repr, "upper"),
    ("INSERT INTO users SET ", "{k} = '{v}'", ", ", ";", as_repr, "snake"),
    ("UPDATE users SET ", "{k}='{v}'", ", ", " WHERE id = 7", as_repr, "snake"),
)
_HARMLESS: tuple[tuple[str, Callable[[Random], str]], ...] = (
    ("id", lambda r: str(r.randint(1, 99999))),
    ("status", lambda r: r.choice(["active", "pending"])),
    ("request_id", uuid4),
    ("created_at", lambda r: f"2026-11-{r.randint(10, 28)}T10:02:11Z"),
    ("amount", lambda r: f"{r.uniform(1, 900):.2f}"),
    ("currency", lambda r: r.choice(["EUR", "USD"])),
    ("sku", lambda r: f"A-{r.randint(100, 999)}"),
    ("locale", lambda r: r.choice(["en-US", "de-DE"])),
    ("etag", lambda r: characters(r, "hex", 32)),
)
_KINDS = (
    *(kind for kind in personal_kinds.KINDS if kind.name not in ("coordinate", "position", "device_id", "imei", "vin")),
    *(
        kind
        for kind in secret_values.KINDS
        if kind.name in ("password_key", "token_key", "api_key", "otp", "card_code", "jwt")
    ),
)


def _fields(rng: Random, count: int) -> list[tuple[str, str, bool]]:
    """Fields with their values, and whether they are secret, shuffled."""
    chosen = [(kind, rng.choice(kind.keys)) for kind in rng.sample(_KINDS, count)]
    secret = [
        (key, kind.draw(rng).text, True) for kind, key in chosen if key.isascii() and key not in ("value", "input")
    ]
    harmless = [(key, draw(rng), False) for key, draw in rng.sample(_HARMLESS, rng.randint(1, 4))]
    fields = list({key: (key, value, is_secret) for key, value, is_secret in (*harmless, *secret)}.values())
    rng.shuffle(fields)
    return fields


def document(rng: Random) -> Piece:
    """A person's record in one of two dozen notations."""
    fields: list[tuple[str, str, bool]] = []
    while not any(is_secret for _, _, is_secret in fields):
        fields = _fields(rng, rng.randint(2, 6))
    opening, item, between, end, encode, style = rng.choice(_FORMS)
    parts, secrets = [], []
    for key, value, is_secret in fields:
        encoded = encode(value)
        parts.append(item.replace("{k}", spell(rng, key, style)).replace("{v}", encoded))
        secrets += [encoded] if is_secret else []
    return Piece(opening + between.join(parts) + end, tuple(secrets))


def sql_values(rng: Random) -> Piece:
    """An INSERT whose column names tell what its values are."""
    fields: list[tuple[str, str, bool]] = []
    while not any(is_secret for _, _, is_secret in fields):
        fields = _fields(rng, rng.randint(1, 4))
    columns = ", ".join(key for key, _, _ in fields)
    values = ", ".join(f"'{as_repr(value)}'" for _, value, _ in fields)
    text = rng.choice(["INSERT INTO users ({c}) VALUES ({v})", "insert into accounts({c}) values({v}) returning id"])
    secrets = tuple(as_repr(value) for _, value, is_secret in fields if is_secret)
    return Piece(text.replace("{c}", columns).replace("{v}", values), secrets)


COMPOSED = (Composed("document_fields", document), Composed("sql_values", sql_values))
