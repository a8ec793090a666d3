"""The clinic works by itself, without telemetry: each request, on SQLite and on PostgreSQL."""

import ast
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from clinic.app import create_app
from clinic.payment_service import app as payment_service
from clinic.settings import Settings
from clinic.synthetic import Person, people
from clinic.traffic import Traffic
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, make_url, text

if TYPE_CHECKING:
    import httpx

POSTGRES = os.environ.get("CLINIC_TEST_POSTGRES_URL", "")
CLINIC = Path(__file__).resolve().parents[2] / "docs" / "examples" / "clinic"
PERSON, OTHER = people(2)
CARD = {"card_number": PERSON.card, "expiry": "11/39"}


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: a file, or a schema of its own on the server that is given."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/clinic.db"
        return
    schema, engine = f"clinic_test_{os.getpid()}", create_engine(POSTGRES)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = make_url(POSTGRES).update_query_dict({"options": f"-csearch_path={schema}"})
    yield url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture
def clinic(database_url: str) -> Iterator[TestClient]:
    """The running clinic, with the payment service in the same process."""
    app = create_app(Settings(database_url=database_url))
    with TestClient(app, raise_server_exceptions=False) as client, TestClient(payment_service) as payments:
        app.state.payments = payments
        yield client


def log_in(clinic: TestClient) -> dict[str, str]:
    """Register and log in; give the header that says who one is."""
    clinic.post("/patients", json=PERSON.form)
    answer = clinic.post("/sessions", json={"email": PERSON.email, "password": PERSON.password})
    return {"authorization": f"Bearer {answer.json()['token']}"}


def book(clinic: TestClient, bearer: dict[str, str]) -> "httpx.Response":
    wish = {"day": "2031-05-06", "reason": "check-up"}
    answer: httpx.Response = clinic.post("/appointments", json=wish, headers=bearer)
    return answer


@pytest.mark.skipif(not POSTGRES, reason="set CLINIC_TEST_POSTGRES_URL=postgresql+psycopg://user@host/database")
def test_runs_on_postgresql_too() -> None:
    """The other tests of this module run on PostgreSQL as well when a server is given."""
    assert make_url(POSTGRES).get_backend_name() == "postgresql"


def test_register(clinic: TestClient) -> None:
    """A new patient is registered, and the answer holds neither SSN nor password."""
    answer = clinic.post("/patients", json=PERSON.form)
    assert answer.status_code == 201
    assert answer.json() == {"id": 1} | {key: PERSON.form[key] for key in ("name", "birth_date", "email", "phone")}


def test_register_twice(clinic: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """A patient who is known is answered with 409, and the log quotes the statement's parameters."""
    clinic.post("/patients", json=PERSON.form)
    assert clinic.post("/patients", json=PERSON.form).status_code == 409
    assert "IntegrityError" in caplog.text
    assert "[parameters: " in caplog.text
    assert PERSON.ssn in caplog.text


@pytest.mark.parametrize("key", ["email", "phone", "birth_date"])
def test_search_by_query(clinic: TestClient, key: str) -> None:
    """A patient is found by each of the three criteria, and another one is not."""
    for person in (PERSON, OTHER):
        clinic.post("/patients", json=person.form)
    found = clinic.get("/patients", params={key: PERSON.form[key]}).json()
    assert [patient["email"] for patient in found] == [PERSON.email]


def test_search_by_path(clinic: TestClient) -> None:
    """A patient is found by the e-mail address in the path; an unknown address is answered with 404."""
    clinic.post("/patients", json=PERSON.form)
    assert clinic.get(f"/patients/by-email/{PERSON.email}").json()["name"] == PERSON.name
    assert clinic.get(f"/patients/by-email/{OTHER.email}").status_code == 404


def test_log_in(clinic: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """The right password gives a JSON Web Token; a wrong one is answered with 401 and, alas, logged."""
    caplog.set_level(logging.INFO)
    bearer = log_in(clinic)
    assert re.fullmatch(r"Bearer eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+", bearer["authorization"])
    wrong = clinic.post("/sessions", json={"email": PERSON.email, "password": PERSON.mistyped})
    assert wrong.status_code == 401
    assert f"password={PERSON.mistyped}" in caplog.text


def test_book_and_confirm(clinic: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """A booked visit is in one's calendar, and the background job has confirmed it by the time the clinic stops."""
    caplog.set_level(logging.INFO)
    bearer = log_in(clinic)
    assert book(clinic, bearer).status_code == 201
    token = bearer["authorization"].removeprefix("Bearer ")
    visits = clinic.get("/appointments/calendar", params={"token": token}).json()
    assert visits == [{"id": 1, "day": "2031-05-06", "reason": "check-up", "paid": False}]
    clinic.app.state.confirmations.stop()  # type: ignore[attr-defined]
    assert any(record.name == "clinic.confirmations" and PERSON.email in record.message for record in caplog.records)


@pytest.mark.parametrize("token", ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_forged_token(clinic: TestClient, token: str) -> None:
    """A token that the clinic did not issue opens nothing."""
    assert book(clinic, {"authorization": f"Bearer {token}"}).status_code == 401


def test_pay(clinic: TestClient) -> None:
    """A card is charged by the payment service, which is told where to send the receipt."""
    bearer = log_in(clinic)
    payment = CARD | {"appointment_id": book(clinic, bearer).json()["id"]}
    answer = clinic.post("/payments", json=payment, headers=bearer)
    assert answer.status_code == 201
    assert answer.json()["receipt"].startswith("R")


def test_declined_card(clinic: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """A declined card is answered with 402, and the exception in the log quotes the card."""
    bearer = log_in(clinic)
    payment = CARD | {"appointment_id": book(clinic, bearer).json()["id"], "expiry": "11/20"}
    assert clinic.post("/payments", json=payment, headers=bearer).status_code == 402
    assert f"PaymentDeclinedError: card {PERSON.card}" in caplog.text


def test_unhandled_failure(database_url: str) -> None:
    """The insurer's refusal is an unhandled exception that quotes the SSN."""
    with TestClient(create_app(Settings(database_url=database_url))) as clinic:
        patient = clinic.post("/patients", json=PERSON.form).json()
        with pytest.raises(ValueError, match=PERSON.ssn):
            clinic.get(f"/patients/{patient['id']}/eligibility")


def test_health(clinic: TestClient) -> None:
    """The service says that it runs."""
    assert clinic.get("/health").json() == {"status": "up"}


def test_settings_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two variables of the README are read, and the signing key is in no printed form."""
    monkeypatch.setenv("CLINIC_DATABASE_URL", "sqlite:///elsewhere.db")
    monkeypatch.setenv("CLINIC_PAYMENT_URL", "http://127.0.0.1:9")
    settings = Settings.from_environment()
    assert (settings.database_url, settings.payment_url) == ("sqlite:///elsewhere.db", "http://127.0.0.1:9")
    assert "token_key" not in repr(settings)


def test_knows_nothing_of_telemetry() -> None:
    """No module of the clinic imports OpenTelemetry or Discreet."""
    trees = [ast.parse(path.read_text()) for path in CLINIC.glob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    assert [name for name in names if name.split(".")[0] in ("opentelemetry", "discreet")] == []


def test_traffic_is_deterministic() -> None:
    """Two generators know the same people and the same private values, of every kind but the tokens to come."""
    one, other = Traffic("http://127.0.0.1:9"), Traffic("http://127.0.0.1:9")
    assert one.private_values() == other.private_values()
    assert {value.kind for value in one.private_values()} == {
        "e-mail",
        "card",
        "ssn",
        "password",
        "phone",
        "birth date",
    }


@pytest.mark.parametrize("person", people(6), ids=lambda person: person.email)
def test_synthetic_values_look_right(person: Person) -> None:
    """Every made-up person has values that a detector accepts, and that belong to nobody."""
    area, group, serial = person.ssn.split("-")
    assert area not in ("000", "666")
    assert not area.startswith("9")
    assert (group, serial) != ("00", "0000")
    digits = [int(digit) for digit in reversed(person.card)]
    assert (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0
    assert person.email.endswith("@example.org")
    assert re.fullmatch(r"\+1-212-555-01\d\d", person.phone)
