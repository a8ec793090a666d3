"""Telling keys: which names promise a private value, and which only look so."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.detectors import key_kind, keys
from discreet.detectors.key_table import LEVEL_OF_KEYS
from discreet.detectors.keys import LIKE, key_gate, words_of
from discreet.redaction.folding import fold

re2 = pytest.importorskip("re2")
DATA = Path(keys.__file__).parent / "data"

TELLING = {
    "password": "password DB_PASSWORD userPassword user.password pgpassword new-password1 passwords password_hash PWD",
    "token": "token access_token AccessToken x-csrf-token id_tokens OAuthToken oauth2_token X-Amz-Security-Token",
    "secret": "secret client_secret AWS_SECRET_ACCESS_KEY SECRET_KEY clientSecret",
    "api_key": "api_key apiKey APIKey x-api-key http.request.header.x-api-key",
    "private_key": "private_key sshKey signing_key",
    "authorization": "authorization http.request.header.authorization proxy-authorization",
    "cookie": "cookie http.request.header.cookie http.response.header.set-cookie",
    "session": "JSESSIONID sessionid session_secret connect.sid",
    "ssn": "ssn SSN user.ssn socialSecurityNumber ssn_value",
    "card": "card_number cardNumber credit-card payment.card.number pan",
    "cvv": "cvv card_cvv cvv2",
    "iban": "iban customer.iban",
    "email": "email user.email userEmail emails email_address e-mail",
    "phone": "phone phoneNumber customer.phone user.mobile",
    "birth_date": "dob date_of_birth dateOfBirth birthDate",
    "name": "first_name LAST_NAME fullName patient.name customer_name user.profile.name",
    "address": "home_address user.address shippingAddress customer.zip",
    "otp": "otp mfa_code",
    "pin": "pin card_pin",
}

BENIGN = [
    "author",
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "max_tokens",
    "token_type",
    "token_count",
    "token_limit",
    "tokenizer",
    "next_token",
    "page_token",
    "stop_token",
    "continuation_token",
    "cache_key",
    "primary_key",
    "foreign_key",
    "idempotency_key",
    "partition_key",
    "sort_key",
    "public_key",
    "key",
    "key_id",
    "password_reset_enabled",
    "password_policy",
    "must_change_password",
    "passwordless",
    "pass_rate",
    "passed",
    "bypass",
    "compass",
    "pass_through",
    "secret_name",
    "secret_arn",
    "secretary",
    "auth_type",
    "auth_method",
    "authority",
    "authenticated",
    "authorization_endpoint",
    "cookie_consent",
    "cookie_name",
    "session_duration",
    "session_count",
    "pin_count",
    "pinned",
    "gpio_pin",
    "ping",
    "trace_id",
    "span_id",
    "request_id",
    "correlation_id",
    "http.request.method",
    "name",
    "file_name",
    "host.name",
    "service.name",
    "hostname",
    "code.function.name",
    "email_verified",
    "email_template",
    "phone_type",
    "mobile",
    "address",
    "server.address",
    "ip_address",
    "network.peer.address",
    "card_type",
    "discard_count",
    "company",
    "span",
    "panel",
    "state",
    "status",
    "user_agent.name",
    "monkey",
    "hotkey",
]


@pytest.mark.parametrize(("kind", "keys"), TELLING.items(), ids=list(TELLING))
def test_telling_keys_tell_in_every_spelling(kind: str, keys: str) -> None:
    """Snake, kebab, camel, dotted and upper spelling of a telling key give its kind."""
    assert {key: key_kind(key) for key in keys.split()} == dict.fromkeys(keys.split(), kind)


def test_look_alikes_tell_nothing() -> None:
    """Keys that only contain a telling word, or say something about one, are not sensitive."""
    assert {key: key_kind(key) for key in BENIGN if key_kind(key) and not str(key_kind(key)).endswith(LIKE)} == {}


TABLE = [line.split("\t") for line in (DATA / "keys.tsv").read_text(encoding="utf-8").splitlines()[1:]]
KEYS = [(kind, key) for kind, _, keys in TABLE for key in keys.split()]


def spelt(key: str) -> str:
    """Give a key of the table as one would write it: behind a person where it needs one."""
    return "customer_" * ("*" in key) + key.lstrip("*=~_")


def test_every_key_of_the_table_tells() -> None:
    """Each row has a known level, and each key promises a kind: its own, or that of a longer key it ends in."""
    assert {kind for kind, _ in KEYS} <= set(LEVEL_OF_KEYS)
    assert [key for _, key in KEYS if key_kind(spelt(key)) is None] == []
    other = [key for kind, key in KEYS if (key_kind(spelt(key)) or "").removesuffix(LIKE) != kind]
    assert len(other) < len(KEYS) / 50, other


def test_the_gate_fires_for_every_key() -> None:
    """The gate over keys matches each key as it is written, in camel and upper spelling, and in a sentence."""
    options = re2.Options()
    options.max_mem = 64 << 20
    gate = re2.compile(key_gate(LEVEL_OF_KEYS), options)
    for _, key in KEYS:
        words = spelt(key).split("_")
        for text in (
            f"{'_'.join(words)}=x",
            f"{''.join(word.capitalize() for word in words)}: x",
            f" {'-'.join(words).upper()} x",
        ):
            if key_kind(text.strip().rstrip("x :=")):
                folded = fold(text)
                assert gate.search(text) or (folded and gate.search(folded.text)), text


def test_half_telling_keys_are_marked() -> None:
    """A key that tells only for a value that looks like it ends in a question mark."""
    assert key_kind("office.address") == "address?"
    assert key_kind("home_address") == "address"
    assert key_kind("user_lat") == "location?"


def test_words_are_cut_at_signs_and_case() -> None:
    """A key is cut at separators, at case changes and round digits."""
    assert words_of("HTTPServer.apiKey_2-xID") == ["http", "server", "api", "key", "2", "x", "id"]


def test_odd_keys_are_survived() -> None:
    """Empty, long, foreign and broken keys are answered, and of a long one the end is read."""
    assert key_kind("") is None
    assert key_kind("._-") is None
    assert key_kind("\ud800") is None
    assert key_kind("x." * 5000 + "password") == "password"
    assert key_kind("пароль") == "password"
