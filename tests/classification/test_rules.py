"""Rules: what a record is about."""

from __future__ import annotations

from typing import Any

import pytest

from discreet.classification import CATEGORIES, Classification, Level, Subject, classify
from discreet.classification.rules import BUILT_IN


def span(scope: str = "", name: str = "", kind: str = "internal", **attributes: object) -> Subject:
    """Give a span to classify; `__` in an attribute's name stands for a dot."""
    return Subject("span", scope, name, kind, {key.replace("__", "."): value for key, value in attributes.items()})


def log(scope: str = "", name: str = "") -> Subject:
    """Give a log record to classify."""
    return Subject("log", scope, name, None, {})


@pytest.mark.parametrize(
    ("subject", "category"),
    [
        (span("opentelemetry.instrumentation.fastapi", "GET /", "server"), "api"),
        (span("opentelemetry.instrumentation.asgi", "GET /", "server"), "api"),
        (span("opentelemetry.instrumentation.httpx", "GET", "client"), "api"),
        (span("mine", "GET /", "server", http__request__method="GET"), "api"),
        (span("mine", "GET", "client", http__method="GET"), "api"),
        (span("mine", "work", "internal", http__method="GET"), "application"),
        (span("opentelemetry.instrumentation.sqlalchemy", "SELECT", "client"), "database"),
        (span("mine", "SELECT", "client", db__system="sqlite"), "database"),
        (span("mine", "SELECT", "client", db__system__name="sqlite"), "database"),
        (span("mine", "business.order.placed"), "business"),
        (span("mine", "slow.query"), "performance"),
        (log("security.login"), "security"),
        (log("app.auth"), "security"),
        (log("auth"), "security"),
        (log("audit.trail"), "audit"),
        (log("mine", "audit.user.login"), "audit"),
        (log("mine", "security.alert"), "security"),
        (log("mine", "business.order"), "business"),
        (log("mine", "performance.slow"), "performance"),
        (log("uvicorn.access"), "api"),
        (log("gunicorn.access"), "api"),
        (log("uvicorn.error"), "system"),
        (log("asyncio"), "system"),
        (log("sqlalchemy.engine.Engine"), "database"),
        (log("psutil"), "system"),
        (log("discreet.metrics"), "system"),
        (log("author.books"), "application"),
        (log("audition"), "application"),
        (log("orders"), "application"),
        (log(), "application"),
    ],
)
def test_names_and_attributes_decide(subject: Subject, category: str) -> None:
    """Scopes, loggers, event names and the conventions' attributes give the category."""
    assert classify(subject).category == category


def test_what_a_record_says_of_itself_wins() -> None:
    """Valid explicit category and level decide; invalid ones count as not there."""
    assert classify(span("auth", discreet__category="business", discreet__security_level="Public")) == Classification(
        "business", Level.PUBLIC, "explicit"
    )
    assert classify(span("auth", discreet__security_level="public")).category == "security"
    assert classify(span(discreet__category="nonsense", discreet__security_level=["x"])) == Classification(
        "application", Level.INTERNAL, "default"
    )


@pytest.mark.parametrize("attributes", [None, 5, {"discreet.category": []}, {"discreet.category": {}}])
def test_odd_records_are_survived(attributes: Any) -> None:
    """Whatever the attributes and names are, an answer comes back."""
    assert classify(Subject("log", "x", "y", None, attributes)).category == "application"
    assert classify(Subject("log", None, 5, 7, {})).category == "application"  # type: ignore[arg-type]


def test_the_table_of_rules_is_sound() -> None:
    """Every rule has a name of its own, a known category and something to match."""
    assert len({rule.name for rule in BUILT_IN}) == len(BUILT_IN)
    assert all(rule.category in CATEGORIES for rule in BUILT_IN)
    assert all(rule.source or rule.event or rule.attributes for rule in BUILT_IN)


@pytest.mark.parametrize(
    ("subject", "level", "by"),
    [
        (span("mine", http__route="/x"), Level.INTERNAL, ""),
        (span("mine", user__id="u-1"), Level.CONFIDENTIAL, "user.id"),
        (span("mine", enduser__id="u-1", http__request__header__x="y"), Level.RESTRICTED, "http.request.header.*"),
        (span("mine", "GET", "server", network__peer__address="x"), Level.CONFIDENTIAL, "network.peer.address"),
        (span("mine", "GET", "client", network__peer__address="x"), Level.INTERNAL, ""),
        (span("auth", user__id="u-1"), Level.CONFIDENTIAL, ""),
        (log("mine", "session.start"), Level.CONFIDENTIAL, "session.start"),
        (log("mine", "gen_ai.user.message"), Level.CONFIDENTIAL, "gen_ai.user.message"),
        (span("mine", user__id="u-1", discreet__security_level="public"), Level.CONFIDENTIAL, "user.id"),
        (span("mine", url__full="x", discreet__security_level="public"), Level.PUBLIC, ""),
        (span("mine", x="y", discreet__security_level="public"), Level.PUBLIC, ""),
        (span("mine", user__id="u-1", discreet__security_level="restricted"), Level.RESTRICTED, ""),
    ],
)
def test_what_a_record_carries_raises_its_level(subject: Subject, level: Level, by: str) -> None:
    """The catalogue raises the level of rules and of the record's own word, names its row, and lowers nothing."""
    answer = classify(subject)
    assert (answer.level, answer.raised_by) == (level, by)


def test_many_attributes_are_read_and_not_remembered() -> None:
    """A record with hundreds of keys is classified like any other."""
    many = {f"k{number}": 1 for number in range(500)}
    assert classify(Subject("log", "mine", "", None, many)).level is Level.INTERNAL
    assert classify(Subject("log", "mine", "", None, {**many, "user.id": "u-1"})).level is Level.CONFIDENTIAL
