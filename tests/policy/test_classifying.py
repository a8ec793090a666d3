"""The option `classify`: rules that say what a record is, and what is wrong with those that cannot be used."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner

from discreet.classification import Level, Subject, classify
from discreet.cli import main
from discreet.policy import Policy, resolve

SECRET = "hunter2"


def rules(*rows: dict[str, str]) -> Any:
    """Give the compiled rules of a configuration."""
    settings, problems = resolve(arguments={"classify": list(rows)})
    assert problems == []
    return Policy.compiled(settings).classify


def log(scope: str = "shop", name: str = "", severity: int = 9, **attributes: object) -> Subject:
    """Give a log record; `__` in an attribute's name stands for a dot."""
    held = {key.replace("__", "."): value for key, value in attributes.items()}
    return Subject("log", scope, name, None, held, severity=severity)


def span(kind: str = "server", name: str = "GET", **attributes: object) -> Subject:
    """Give a span."""
    return Subject("span", "shop", name, kind, {key.replace("__", "."): value for key, value in attributes.items()})


@pytest.mark.parametrize(
    ("condition", "fits", "fits_not"),
    [
        ({"logger": "shop.pay*"}, log("shop.payments"), log("shop.orders")),
        ({"logger": "shop"}, log("shop"), span()),
        ({"scope": "sh?p"}, span(), log("ship.x")),
        ({"event": "order.*"}, log(name="order.placed"), log()),
        ({"event": "GET*"}, span(), span(name="POST")),
        ({"attribute": "tenant"}, log(tenant="x"), log(tenants="x")),
        ({"attribute": "tenant=gold*"}, log(tenant="golden"), log(tenant="silver")),
        ({"attribute": "app.*=yes"}, log(app__x="no", app__y="yes"), log(app__x="no")),
        ({"attribute": "paid=true"}, log(paid=True), log(paid=False)),
        ({"attribute": "count=3"}, log(count=3), log(count=[3])),
        ({"kind": "server"}, span(), span("client")),
        ({"severity": "error"}, log(severity=18), log(severity=16)),
        ({"route": "/admin/*"}, span(http__route="/admin/users"), span(http__route="/users")),
        ({"database": "postgres*"}, span(db__system="postgresql"), span(db__system__name="mysql")),
        ({"database": "mysql"}, span(db__system__name="mysql"), span()),
        ({"logger": "shop", "severity": "fatal"}, log(severity=21), log(severity=17)),
    ],
)
def test_a_rule_fits_when_all_of_its_conditions_do(condition: dict[str, str], fits: Subject, fits_not: Subject) -> None:
    """Each condition holds for what it describes and for nothing else."""
    made = rules({**condition, "name": "mine", "category": "audit", "level": "restricted"})
    assert classify(fits, made)[:3] == ("audit", Level.RESTRICTED, "mine")
    assert classify(fits_not, made).rule != "mine"


def test_the_first_that_fits_wins_between_the_record_and_the_built_in_rules() -> None:
    """What the record says of itself is stronger, part by part; what a rule leaves open the built-in ones give."""
    made = rules(
        {"logger": "auth", "category": "business"},
        {"logger": "a*", "category": "audit", "level": "public"},
        {"logger": "b*", "level": "public"},
    )
    assert classify(log("auth"), made)[:3] == ("business", Level.CONFIDENTIAL, "classify 1")
    assert classify(log("auth"))[:3] == ("security", Level.CONFIDENTIAL, "security")
    assert classify(log("alpha"), made)[:3] == ("audit", Level.PUBLIC, "classify 2")
    assert classify(log("beta"), made)[:3] == ("application", Level.PUBLIC, "classify 3")
    assert classify(log("auth", discreet__category="api"), made)[:3] == ("api", Level.CONFIDENTIAL, "explicit")
    said = log("alpha", discreet__security_level="restricted")
    assert classify(said, made)[:3] == ("audit", Level.RESTRICTED, "explicit")


def test_a_rule_does_not_lower_what_is_carried() -> None:
    """The catalogue raises what a rule said."""
    made = rules({"logger": "*", "level": "public"})
    assert classify(log(user__id="u-1"), made) == ("application", Level.CONFIDENTIAL, "classify 1", "user.id")


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (SECRET, "must be a list in JSON"),
        ("[" * 100_000, "must be a list in JSON"),
        ({"logger": SECRET}, "must be a list of rules"),
        ([SECRET], "rule 1: must be a mapping"),
        ([{"logger": "x", "category": "api"}, {"loger": SECRET, "category": "api"}], "rule 2: .*did you mean logger"),
        ([{"zzz": SECRET}], "rule 1: .*known are name, logger"),
        ([{"category": "api"}], "rule 1: give a condition"),
        ([{"logger": SECRET}], "rule 1: give category, level or both"),
        ([{"logger": 5, "category": "api"}], "rule 1: logger: must be a text"),
        ([{"logger": " ", "category": "api"}], "rule 1: logger: must be a text"),
        ([{"logger": "x" * 2000, "category": "api"}], "rule 1: logger: must be a text"),
        ([{"logger": "x", "category": SECRET}], "rule 1: category: use one of application"),
        ([{"logger": "x", "level": SECRET}], "rule 1: level: .*use one of public"),
        ([{"kind": SECRET, "level": "public"}], "rule 1: kind: use one of server"),
        ([{"severity": SECRET, "level": "public"}], "rule 1: severity: use one of trace"),
        ([{"attribute": f"={SECRET}", "level": "public"}], "rule 1: attribute: write a key"),
    ],
)
def test_what_is_wrong_is_said_without_the_value(given: Any, rule: str) -> None:
    """Place, field and rule are named; the option keeps its default."""
    settings, (problem,) = resolve(file={"classify": given})
    assert settings["classify"] == ()
    assert re.search(rule, problem.rule)
    assert SECRET not in str(problem)


def explained(*arguments: str) -> dict[str, str]:
    """Give what `discreet explain --classify --json` prints."""
    printed = CliRunner().invoke(main, ["explain", "--classify", "--json", *arguments])
    assert printed.exit_code == 0, printed.output
    answer: dict[str, str] = json.loads(printed.stdout)
    return answer


def test_the_command_says_which_rule_and_row_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Category, level, rule, and what raised the level: a row of the catalogue, or the kinds found."""
    monkeypatch.setenv(
        "DISCREET_CLASSIFY", '[{"name": "pay", "logger": "pay*", "severity": "warn", "category": "audit"}]'
    )
    assert explained("--scope", "pay", "--severity", "error", '{"user.id": "u-1"}') == {
        "category": "audit",
        "level": "confidential",
        "rule": "pay",
        "raised_by": "user.id",
    }
    assert explained("--scope", "pay", '{"card": "4111111111111111"}')["rule"] == "default"
    assert explained('{"a": "4111111111111111", "b": "zoe@example.org"}')["raised_by"] == "card"
    assert explained("--kind", "client", '{"network.peer.address": "8.8.8.8"}')["level"] == "internal"
    assert explained("--name", "session.start", "{}")["raised_by"] == "session.start"


def test_the_command_says_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something is configured: what becomes of the record, who is not handed it, how long it is to be kept."""
    monkeypatch.setenv("DISCREET_EXPORTERS", "console=internal,otlp=confidential,acme:*=restricted")
    monkeypatch.setenv("DISCREET_LEVEL_ACTIONS", "restricted=drop")
    monkeypatch.setenv("DISCREET_RETENTION", "audit=7y")
    plain = explained("{}")
    assert (plain["action"], "held_back" in plain, "retention" in plain) == ("keep", False, False)
    card = explained("--scope", "audit", '{"card": "4111111111111111"}')
    assert (card["action"], card["held_back"], card["retention"]) == ("strip", "console, otlp", "7y")
    assert explained('{"card": "4111111111111111"}')["action"] == "drop"


def test_the_command_shows_a_table_and_no_value() -> None:
    """One line under the names of the columns; what is no object ends with status 1."""
    printed = CliRunner().invoke(main, ["explain", "--classify", '{"password": "hunter2"}'])
    assert [line.split() for line in printed.stdout.splitlines()] == [
        ["category", "level", "rule", "raised_by"],
        ["application", "restricted", "default", "password"],
    ]
    for wrong in ("[]", SECRET):
        failed = CliRunner().invoke(main, ["explain", "--classify", wrong])
        assert failed.exit_code == 1
        assert SECRET not in failed.output
