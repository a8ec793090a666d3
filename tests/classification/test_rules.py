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
