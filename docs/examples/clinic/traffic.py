"""Deterministic traffic for the clinic: `python -m clinic.traffic http://127.0.0.1:8000`.

Every request has a trace id of its own that is the same in every run, so that two runs can be compared record by
record; and baggage and tracestate with an e-mail address in them, as careless callers send.
"""

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

from .synthetic import Person, Private, people

NONE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Step:
    """One request that was made: what it was for, for whom, under which trace id, and the status it got."""

    title: str
    patient: str
    trace_id: str
    status: int


@dataclass
class Traffic:
    """A morning at the clinic: each patient registers, logs in, books, pays and is looked for.

    Attributes:
        base_url: Where the clinic listens.
        count: How many patients come (six at most).
        steps: The requests made so far.
    """

    base_url: str
    count: int = 2
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people = people(self.count)
        self._tokens: list[str] = []

    def private_values(self) -> list[Private]:
        """Give every private value sent or received so far; the tokens are known once the traffic has run."""
        values = [private for person in self.people for private in person.private]
        return values + [Private("token", token) for token in self._tokens]

    def run(self) -> list[Step]:
        """Make all requests, one after another, and give what came of each."""
        # A connection for each request: after a failed one the server may be just about to close its connection.
        limits = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(base_url=self.base_url, timeout=30, limits=limits) as client:
            for person in self.people:
                _Visit(self, person, client).run()
        return self.steps

    def keep(self, step: Step, token: str | None = None) -> None:
        """Note a request that was made, and the token that its answer held."""
        self.steps.append(step)
        if token:
            self._tokens.append(token)


@dataclass
class _Visit:
    """What one patient does, in order."""

    traffic: Traffic
    person: Person
    client: httpx.Client

    def run(self) -> None:
        patient = self.send("register", "POST", "/patients", json=self.person.form).json()
        self.send("register again", "POST", "/patients", json=self.person.form)
        self.send("log in, mistyped", "POST", "/sessions", json=self.credentials(self.person.mistyped))
        token = self.send("log in", "POST", "/sessions", json=self.credentials(self.person.password)).json()["token"]
        self.treat(token, {"authorization": f"Bearer {token}"})
        self.look_up(patient["id"])

    def treat(self, token: str, bearer: dict[str, str]) -> None:
        wish = {"day": "2031-05-06", "reason": "check-up"}
        visit = self.send("book", "POST", "/appointments", json=wish, headers=bearer).json()
        card = {"appointment_id": visit["id"], "card_number": self.person.card, "expiry": "11/39"}
        self.send("pay", "POST", "/payments", json=card, headers=bearer)
        self.send("pay, card expired", "POST", "/payments", json={**card, "expiry": "11/20"}, headers=bearer)
        host = {"host": self.person.email}  # typed into the calendar program's field for the server
        self.send("calendar", "GET", "/appointments/calendar", params={"token": token}, headers=host)

    def look_up(self, patient_id: int) -> None:
        wanted = {"email": self.person.email, "phone": self.person.phone, "birth_date": self.person.birth_date}
        self.send("search by query", "GET", "/patients", params=wanted)
        self.send("search by path", "GET", f"/patients/by-email/{self.person.email}")
        self.send("search, not found", "GET", f"/patients/by-email/not.{self.person.email}")
        self.send("insurance", "GET", f"/patients/{patient_id}/eligibility")

    def credentials(self, password: str) -> dict[str, str]:
        return {"email": self.person.email, "password": password}

    def send(
        self, title: str, method: str, path: str, headers: Mapping[str, str] = NONE, **body: Any
    ) -> httpx.Response:
        digest = hashlib.sha256(f"{self.person.email} {title}".encode()).hexdigest()
        context = {
            "traceparent": f"00-{digest[:32]}-{digest[32:48]}-01",
            "tracestate": f"frontdesk={self.person.email}",
            "baggage": f"user.email={quote(self.person.email, safe='')},tier=gold",
        }
        answer = self.client.request(method, path, headers={**context, **headers}, **body)
        token = answer.json().get("token") if title == "log in" else None
        self.traffic.keep(Step(title, self.person.email, digest[:32], answer.status_code), token)
        return answer


def main(base_url: str) -> None:
    """Send the traffic, and print a line for each request."""
    for step in Traffic(base_url).run():
        print(f"{step.status} {step.title:<20} trace {step.trace_id}")


if __name__ == "__main__":
    main(sys.argv[1])
