"""Ways of cleaning: what becomes of an attribute of the conventions, by its row in the catalogue."""

from __future__ import annotations

from typing import Any

import pytest

from discreet.detectors import CATALOGUE, detector_of
from discreet.redaction import Actions, PseudonymKey, Redactor, explain
from discreet.redaction.genai import is_genai_content

REDACTOR = Redactor()
KEY = PseudonymKey.checked("k1", bytes(range(32)))
CODE = "SplxlOBeZQQYbYS6WxSbIA"


def clean(redactor: Redactor, key: str, value: object, *, calling: bool = False) -> Any:
    """Give what becomes of an attribute, and see that it becomes nothing else the second time."""
    once = redactor.attributes({key: value}, set(), calling=calling)
    assert redactor.attributes(once, set(), calling=calling) == once
    return once[key]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("http.route", "/users/{id}", "/users/{id}"),
        ("http.route", "/users/zoe@example.org", "/users/[REDACTED:email]"),
        ("exception.message", "no user zoe@example.org", "no user [REDACTED:email]"),
        ("url.full", "https://shop:hunter2@example.org/a", "https://[REDACTED:url_userinfo]@example.org/a"),
        ("url.query", f"code={CODE}&state=x", "code=[REDACTED:token]&state=x"),
        ("url.fragment", "section-2", "section-2"),
        ("url.query", "", ""),
        ("process.command_args", ["app", "--password", "hunter2"], ["app", "--password", "[REDACTED:password]"]),
        ("db.query.text", "SELECT 1 FROM t WHERE a = 'x'", "SELECT ? FROM t WHERE a = ?"),
        ("db.statement", "SELECT 1 FROM t WHERE a = 'x'", "SELECT ? FROM t WHERE a = ?"),
        ("gen_ai.input.messages", "I am zoe@example.org", "I am [REDACTED:email]"),
        ("http.request.header.cookie", ["a=b"], ["[REDACTED:cookie]"]),
        ("http.request.header.x_tenant", ["blue"], ["blue"]),
        ("db.query.parameter.0", "blue", "[REDACTED:sql_parameters]"),
        ("db.connection_string", "Server=db", "[REDACTED:connection_string]"),
        ("process.environment_variable.HOME", "/root", "[REDACTED:environment_variable]"),
        ("tls.client.subject", "CN=Zoe", "[REDACTED:certificate]"),
        ("http.request.body.content", "{}", "[REDACTED:http_body]"),
        ("geo.locality.name", "Lund", "[REDACTED:location]"),
        ("client.address", "8.8.8.8", "[REDACTED:ip_address]"),
        ("client.address", "10.0.0.5", "10.0.0.5"),
        ("server.address", "8.8.8.8", "8.8.8.8"),
        ("server.address", "zoe@example.org", "[REDACTED:email]"),
        ("host.ip", ("8.8.8.8", "2a00:1450:4001:81b::200e"), ["8.8.8.8", "2a00:1450:4001:81b::200e"]),
        ("host.ip", ["8.8.8.8", "zoe@example.org"], ["8.8.8.8", "[REDACTED:email]"]),
        ("server.address", "cache 8.8.8.8", "cache [REDACTED:ip_address]"),
        ("network.peer.address", "8.8.8.8", "[REDACTED:ip_address]"),
        ("user.id", "u-1", "u-1"),
        ("user.id", "zoe@example.org", "[REDACTED:email]"),
        ("process.owner", "zoe", "zoe"),
        ("user.email", "zoe", "[REDACTED:email]"),
    ],
)
def test_the_row_says_how_a_value_is_cleaned(key: str, value: object, expected: object) -> None:
    """Each way of cleaning does what the reference says, with values that are private and with such as are not."""
    assert clean(REDACTOR, key, value) == expected


def test_the_peer_of_a_call_is_a_machine() -> None:
    """Its address stays where the span calls; what else stands there is looked at."""
    assert clean(REDACTOR, "network.peer.address", "8.8.8.8", calling=True) == "8.8.8.8"
    assert clean(REDACTOR, "net.peer.name", "zoe@example.org", calling=True) == "[REDACTED:email]"
    assert clean(REDACTOR, "client.address", "8.8.8.8", calling=True) == "[REDACTED:ip_address]"


def test_a_pattern_of_ones_own_is_stronger_than_the_way() -> None:
    """Who wants addresses of machines taken out says so by a pattern or a honeytoken."""
    inner = detector_of(
        {
            "kind": "inner_address",
            "pattern": r"10\.1\.[0-9]{1,3}\.[0-9]{1,3}",
            "example": "10.1.2.3",
            "near_miss": "10.2.2.3",
        }
    )
    redactor = Redactor((*REDACTOR.detectors, inner))
    assert clean(redactor, "server.address", "10.1.2.3") == "[REDACTED:inner_address]"


def test_ids_are_left_until_they_are_named() -> None:
    """Ids of persons and accounts are pseudonymized or redacted on request, the same id to the same pseudonym."""
    redactor = Redactor(actions=Actions({"person_id": "pseudonymize", "account": "redact"}, KEY))
    assert clean(redactor, "user.id", "u-1").startswith("[PSEUDONYM:person_id:k1:")
    assert clean(redactor, "user.id", "u-1") == clean(redactor, "enduser.id", "u-1")
    assert clean(redactor, "process.owner", "zoe") == "[REDACTED:account]"


def test_what_is_kept_is_looked_at() -> None:
    """A kind of whole values that is kept leaves the value to the detectors."""
    redactor = Redactor(actions=Actions({"connection_string": "keep"}))
    assert (
        clean(redactor, "db.connection_string", "Server=db;Password=hunter2")
        == "Server=db;Password=[REDACTED:password]"
    )


def test_messages_are_withheld_whole_if_so_asked() -> None:
    """Every row of that way is content of language models."""
    rows = [row.name for row in CATALOGUE.values() if row.way == "messages"]
    assert [name for name in rows if not is_genai_content(name)] == []
    redactor = Redactor(genai_content="withhold")
    assert {clean(redactor, name, "hello") for name in rows} == {"[WITHHELD:content]"}


@pytest.mark.parametrize(
    ("key", "value", "outcome", "told"),
    [
        ("user.email", "zoe", "redacted", "attributes.tsv, user.email: "),
        ("db.connection_string", "Server=db", "redacted", "attributes.tsv, db.connection_string: "),
        ("user.id", "u-1", "left", "`actions` has to name person_id"),
        ("server.address", "8.8.8.8", "left", "attributes.tsv, server.address: "),
        ("http.request.header.x_tenant", "blue", "left", "attributes.tsv, http.request.header.*: "),
    ],
)
def test_an_explanation_names_the_row(key: str, value: str, outcome: str, told: str) -> None:
    """Where the catalogue decided, the row is named, with its reason."""
    (finding,) = explain(value, key, REDACTOR)
    assert (finding.path, finding.outcome) == (key, outcome)
    assert told in finding.why


def test_a_query_is_explained_at_its_own_places() -> None:
    """The sign that a query is read with is not counted."""
    text = f"code={CODE}&state=x"
    found = [finding for finding in explain(text, "url.query", REDACTOR) if finding.outcome == "redacted"]
    assert [text[finding.start : finding.end] for finding in found] == [CODE]
