"""Random documents from harmless parts: JSON, pairs of names and values; with a canary planted where one is wanted."""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from random import Random

CANARIES: Final = (
    "zoe.canary@example.org",
    "4111111111111111",
    "078-05-1120",
    "AKIAIOSFODNN7EXAMPLE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl",
)
# Private because of the key they stand under.
KEYED: Final = (
    ("password", "Hunter2-horse!battery"),
    ("client_secret", "Kx83hd72-mQ1"),
    ("api_key", "9f8e7d6c5b4a"),
    ("ssn", "078051120"),
)
_MOST_INSIDE: Final = 2  # layers of JSON within JSON
_KEYS: Final = (
    "page", "status", "count", "items", "retry", "queue", "unit", "route", "stage", "width", "colour", "mode", "shard",
    "verbose", "elapsed", "topic", "result", "lines", "worker", "size",
)  # fmt: skip
_WORDS: Final = (
    "ok", "done", "orders", "created", "blue", "large", "retrying", "eu-west", "v2", "checkout", "GET", "/v1/items",
    "a b", "it works", "50%", "x+y", "tick\ttock", 'say "hi"', "back\\slash", "line\nend", "été", "日本", "😀", "",
    "<b>", "a&b",
)  # fmt: skip


def word(rng: Random) -> str:
    """A harmless text."""
    if rng.random() < 0.3:
        return token(rng)
    return rng.choice(_WORDS)


def token(rng: Random) -> str:
    """A harmless text without blanks or signs, too long to be `pw` or `pin` by chance."""
    return "".join(rng.choices(string.ascii_lowercase, k=rng.randint(6, 12)))


def key(rng: Random) -> str:
    """A key that tells nothing."""
    return rng.choice(_KEYS)


def leaf(rng: Random) -> Any:
    """A harmless value of JSON."""
    kinds: tuple[Any, ...] = (
        None,
        True,
        False,
        rng.randint(-999, 9999),
        round(rng.random() * 100, 3),
        word(rng),
        word(rng),
        [],
        {},
    )
    return rng.choice(kinds)


def tree(rng: Random, depth: int = 4) -> Any:
    """A harmless value of JSON, nested."""
    chance = rng.random()
    if depth == 0 or chance < 0.3:
        return leaf(rng)
    if chance < 0.6:
        return [tree(rng, depth - 1) for _ in range(rng.randint(0, 4))]
    return {key(rng): tree(rng, depth - 1) for _ in range(rng.randint(0, 5))}


def dumps(rng: Random, value: Any) -> str:
    """JSON in one of the spellings that libraries write."""
    indent, between = rng.choice([(None, (",", ":")), (None, (", ", ": ")), (2, (",", ": "))])
    return json.dumps(value, indent=indent, separators=between, ensure_ascii=rng.random() < 0.5)


def planted(rng: Random, secret: str, under: str = "") -> Any:
    """A value of JSON with the secret somewhere in it: under its key where it has one, at times as JSON within JSON."""
    value: Any = {under: secret} if under else rng.choice([secret, f"{token(rng)} {secret} {token(rng)}"])
    inside = 0
    for _ in range(rng.randint(1 - bool(under), 4)):
        chance = rng.random()
        if chance < 0.4:
            value = (
                [leaf(rng) for _ in range(rng.randint(0, 2))] + [value] + [leaf(rng) for _ in range(rng.randint(0, 2))]
            )
        elif chance < 0.85:
            pairs = [(key(rng), leaf(rng)) for _ in range(rng.randint(0, 4))]
            pairs.insert(rng.randint(0, len(pairs)), (key(rng) + "_x", value))
            value = dict(pairs)
        elif inside < _MOST_INSIDE:
            value = dumps(rng, value)
            inside += 1
    return value


def shape(value: Any) -> Any:
    """The structure of a value: containers and keys, with the JSON inside of texts taken apart; leaves by type."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    if isinstance(value, str) and value[:1] in {"{", "["} and not value.startswith(("[REDACTED", "[WITHHELD")):
        try:
            return ("json", shape(json.loads(value)))
        except ValueError:
            return "text"
    return "text" if isinstance(value, str) else repr(value)


def pairs(rng: Random, secret: str, under: str) -> tuple[list[tuple[str, str]], int]:
    """Harmless pairs with the secret among them, and its place."""
    found = [(f"{key(rng)}{number}", word(rng)) for number in range(rng.randint(0, 6))]
    place = rng.randint(0, len(found))
    found.insert(place, (under or "q", secret))
    return found, place
