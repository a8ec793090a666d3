"""Secrets whose surroundings belong to them: credentials in URLs and connection strings, headers, key blocks, prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.detection import secret_values as s
from tests.detection.composed_tables import SCHEMES, SLOTS, table
from tests.detection.records import Composed, Piece
from tests.detection.shapes import b64, characters
from tests.detection.surroundings import noise

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_USERS = ("app", "root", "postgres", "svc-billing", "admin", "reader", "zoe", "deploy")
_SLOT = re.compile(r"<([!?]?)([a-z0-9_]+)>")


def fill(rng: Random, template: str) -> Piece:
    """Fills ``<!name>`` with a secret, ``<?name>`` and ``<name>`` with something else of that name (see ``SLOTS``)."""
    found: dict[str, list[str]] = {"!": [], "?": [], "": []}

    def slot(match: re.Match[str]) -> str:
        value = s.password(rng).text if match[2] == "pw" else SLOTS[match[2]](rng)
        found[match[1]].append(value)
        return value

    text = _SLOT.sub(slot, noise(rng, template))
    return Piece(text, tuple(found["!"]), tuple(found["?"]))


# What may be redacted along with the secret: the scheme, the names and attributes of cookies, the whole webhook.
_ALONG = {
    "bearers": re.compile(
        r"(?:Bearer|bearer|Token|token|Bot|ApiKey|GenieKey|Digest)(?: |%20|\+)|AWS4-HMAC-SHA256 [^<]*"
    ),
    "cookies": re.compile(r"(?<=[ '\"\[;])[\w.%-]+=(?:s%3A|dark|en|/)?|; ?|HttpOnly|Secure"),
    "webhooks": re.compile(r"https://\S+"),
}


def _from(name: str) -> Callable[[Random], Piece]:
    texts, along = table(name), _ALONG.get(name)

    def make(rng: Random) -> Piece:
        piece = fill(rng, rng.choice(texts))
        return Piece(piece.text, piece.secrets, (*piece.also, *(along.findall(piece.text) if along else ())))

    return make


def url_password(rng: Random) -> Piece:
    """A password in the user info of a URL, percent-encoded or as typed."""
    scheme, host = rng.choice(SCHEMES)
    user = rng.choice([*_USERS, ""]) if "redis" in scheme else rng.choice(_USERS)
    value = s.password(rng).text
    value = quote(value, safe="") if rng.random() < 0.7 else re.sub(r"[/#?%@]", "x", value)
    if rng.random() < 0.06:
        value = value[:4] + "@" + value[4:]
    text = rng.choice(URL_FRAMES).replace("{u}", f"{scheme}://{user}:{value}@{host}")
    return Piece(noise(rng, text), (value,), (f"{user}:",))


URL_FRAMES = (
    "{u}",
    "connecting to {u}",
    "DATABASE_URL={u}",
    'could not connect to "{u}": timeout',
    "url='{u}', pool_size=5",
    '{"url":"{u}","timeout":5}',
    "Engine({u})",
    "broker: {u}",
    "fatal: unable to access '{u}/': 403",
    "pip install --index-url {u} pkg",
    "--proxy {u}",
    "OperationalError: {u} refused",
    "Retry {n}: {u}",
    "Verbindung zu {u} fehlgeschlagen",
)


def basic(rng: Random) -> Piece:
    """Basic credentials as a header, a curl option or a tuple."""
    pair = b64(f"{rng.choice(_USERS)}:{s.password(rng).text}")
    value = s.password(rng).text
    forms = (
        (f"Authorization: Basic {pair}", pair),
        (f"authorization: basic {pair}", pair),
        (f"Proxy-Authorization: Basic {pair}", pair),
        (f'{{"Authorization": "Basic {pair}"}}', pair),
        (f"{{'authorization': 'Basic {pair}', 'accept': '*/*'}}", pair),
        (f"(b'authorization', b'Basic {pair}')", pair),
        (f"Authorization:[Basic {pair}] Accept:[*/*]", pair),
        (f"> Authorization: Basic {pair}\n> Accept: */*", pair),
        (f"http.extraheader=AUTHORIZATION: basic {pair}", pair),
        (f'{{"auths":{{"registry.example.com":{{"auth":"{pair}"}}}}}}', pair),
        (f"AUTH PLAIN {pair}", pair),
        (f"curl -u admin:{value} https://api.example.com/", value),
        (f"curl --user admin:{value} https://api.example.com/", value),
        (f"wget --user=admin --password={value} https://files.example.com/a.zip", value),
        (f"auth=('admin', '{value}')", value),
        (f"HTTPBasicAuth(username='admin', password='{value}')", value),
        (f"Basic {pair}", pair),
    )
    text, secret = rng.choice(forms)
    return Piece(text, (secret,), ("Basic ", "basic ", "AUTH PLAIN "))


def private_key(rng: Random) -> Piece:
    """A private key block: whole, cut off, or on one line with escaped line ends."""
    label = rng.choice(
        [
            "RSA PRIVATE KEY",
            "PRIVATE KEY",
            "EC PRIVATE KEY",
            "OPENSSH PRIVATE KEY",
            "ENCRYPTED PRIVATE KEY",
            "DSA PRIVATE KEY",
        ]
    )
    head = "b3BlbnNzaC1rZXktdjEA" if "OPENSSH" in label else "MIIEpAIBAAKCAQEA"
    body = head + characters(rng, "base64", rng.choice([200, 600, 1200]))
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    begin, end = f"-----BEGIN {label}-----", f"-----END {label}-----"
    extra = (
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0011\n\n"
        if label.startswith("RSA") and rng.random() < 0.2
        else ""
    )
    key = "\n".join(lines)
    whole = f"{begin}\n{extra}{key}\n{end}"
    flat = "\\n".join(lines)
    shapes = (
        (whole, key),
        (whole, key),
        (f"{begin}\n{key}", key),
        (f"{begin}\\n{flat}\\n{end}\\n", flat),
        (f'"private_key": "{begin}\\n{flat}\\n{end}\\n"', flat),
        (f'TLS_KEY="{begin}\\n{flat}\\n{end}"', flat),
        (f"{begin} {' '.join(lines)} {end}", " ".join(lines)),
        ("key: |\n  " + whole.replace("\n", "\n  "), key.replace("\n", "\n  ")),
    )
    text, secret = rng.choice(shapes)
    block = text[text.index(begin) :]
    return Piece(text, (secret,), (block[: block.rindex(end) + len(end)] if end in block else block,))


def seed_phrase(rng: Random) -> Piece:
    """A wallet's word list under its key."""
    words = "abandon ability able about above absent absorb abstract absurd abuse access acid acoustic acquire across"
    phrase = " ".join(rng.choice(words.split()) for _ in range(12))
    return Piece(
        rng.choice(['mnemonic="{v}"', 'seed_phrase: "{v}"', '{"mnemonic":"{v}"}']).replace("{v}", phrase), (phrase,)
    )


COMPOSED = (
    Composed("url_password", url_password),
    Composed("connection_string", _from("connections")),
    Composed("basic_auth", basic),
    Composed("bearer", _from("bearers")),
    Composed("cookie", _from("cookies")),
    Composed("webhook_url", _from("webhooks")),
    Composed("signed_url", _from("signed")),
    Composed("private_key", private_key),
    Composed("password_prose", _from("prose")),
    Composed("foreign_prose", _from("foreign_prose")),
    Composed("command_line", _from("commands")),
    Composed("seed_phrase", seed_phrase),
)
