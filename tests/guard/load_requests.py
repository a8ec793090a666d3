"""What the clients of `tests.guard.load_child` ask: fixed by a seed, with private values at every place."""

from __future__ import annotations

import json
import random
from typing import Any, NamedTuple

CLIENTS = 4
CARDS = ("4111111111111111", "5555555555554444", "378282246310005", "6011111111111117")
SECRET = "canary"
"""Stands in every value that must not leave; and so does each of the cards."""


class Asked(NamedTuple):
    """One request; ``TALK`` stands for a conversation by WebSocket."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None = None


def requests_of(client: int, seed: int) -> list[Asked]:
    """Give the requests of one client: they depend on no other's, and can be asked again and again."""
    chance = random.Random(f"{seed}/{client}")
    email, card = f"zoe.{SECRET}{client}-{chance.randrange(10**6)}@example.org", CARDS[client]
    form = {"email": email, "card": card, "password": f"hunter-{SECRET}-{chance.randrange(10**6)}"}
    headers = {
        "x-user": email,
        "authorization": f"Bearer {SECRET}{chance.randbytes(20).hex()}",
        "baggage": f"who={email.replace('@', '%40')},shop=north,card={card}",
        "tracestate": f"vendor={card}",
        "cookie": f"session={SECRET}{chance.randbytes(8).hex()}",
        "content-type": "application/json",
    }

    def ask(method: str, path: str, body: Any = None) -> Asked:
        return Asked(method, path, headers, None if body is None else json.dumps(body))

    single = [
        ask("GET", f"/people/{email}"),
        ask("GET", f"/async/people/{email}"),
        ask("GET", f"/people/nobody-{email}"),
        ask("GET", f"/async/people/nobody-{email}"),
        ask("POST", "/people", form),
        ask("POST", "/async/people", form),
        ask("POST", "/people", {**form, "age": f"old {card}"}),
        ask("POST", "/people", {"email": email}),
        Asked("POST", "/async/people", headers, f'{{"password": "{SECRET}'),
        ask("GET", f"/broken/{email}"),
        ask("GET", f"/calls/{email}"),
        ask("GET", f"/async/calls/{email}"),
        ask("GET", f"/unreachable/{email}?card={card}"),
        ask("GET", f"/lost/{email}"),
        ask("GET", f"/async/lost/{email}"),
        ask("GET", f"/stream/{email}"),
        ask("GET", f"/async/stream/{email}"),
        ask("POST", "/echo", {"note": f"{email} pays with {card}", "password": form["password"]}),
        ask("PUT", "/nested", {email: [form, form], "other": []}),
        ask("GET", f"/nowhere/{email}"),
        ask("PATCH", f"/people/{email}"),
        ask("TALK", f"/talk/{email}"),
    ]
    first = [
        ask("DELETE", f"/people/{email}"),
        ask("DELETE", f"/async/people/{email}"),
        ask("POST", "/people", form),
        ask("POST", "/async/people", form),
        ask("GET", f"/journal/{email}?number=2"),
    ]
    return [*first, *chance.choices(single, k=12), *chance.sample(single, k=len(single))]


def is_raw(text: str) -> bool:
    return SECRET in text or any(card in text for card in CARDS)
