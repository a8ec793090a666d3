"""Branches by category and level: who names nothing is restricted, audit is audit whatever its level."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.collector.sending import log, logs_request, span, spans_request

if TYPE_CHECKING:
    from tests.collector.conftest import Gate

CATEGORY, LEVEL = "discreet.category", "discreet.security_level"

# What a record says of itself, the branch of a log record, the branch of a span, and what is written.
ROUTES: list[tuple[dict[str, Any], str, str, tuple[str, str]]] = [
    ({}, "restricted", "restricted", ("application", "restricted")),
    ({LEVEL: "public"}, "general", "general", ("application", "public")),
    ({CATEGORY: "api", LEVEL: "internal"}, "general", "general", ("api", "internal")),
    ({CATEGORY: "database", LEVEL: "confidential"}, "general", "general", ("database", "confidential")),
    ({CATEGORY: "security", LEVEL: "restricted"}, "restricted", "restricted", ("security", "restricted")),
    ({CATEGORY: "api", LEVEL: "CONFIDENTIAL"}, "restricted", "restricted", ("api", "restricted")),
    ({CATEGORY: "gossip", LEVEL: "internal"}, "general", "general", ("application", "internal")),
    ({CATEGORY: "audit", LEVEL: "internal"}, "audit", "general", ("audit", "internal")),
    ({CATEGORY: "audit", LEVEL: "restricted"}, "audit", "restricted", ("audit", "restricted")),
    ({CATEGORY: "audit"}, "audit", "restricted", ("audit", "restricted")),
    ({CATEGORY: ["audit"], LEVEL: 1}, "restricted", "restricted", ("application", "restricted")),
]


@pytest.mark.parametrize(("stamps", "log_branch", "span_branch", "written"), ROUTES, ids=lambda value: str(value))
def test_a_record_goes_to_one_branch_by_category_and_level(
    gate: Gate, stamps: dict[str, Any], log_branch: str, span_branch: str, written: tuple[str, str]
) -> None:
    """Each record is in exactly one branch, and says category and level by which it got there."""
    items = gate.through(logs_request(log(given=stamps)), spans_request(span(given=stamps)))
    assert {item.signal: item.branch for item in items} == {"log": log_branch, "span": span_branch}
    assert len(items) == 2
    assert all((item.attributes[CATEGORY], item.attributes[LEVEL]) == written for item in items)


def test_a_record_in_which_something_was_found_is_restricted(gate: Gate) -> None:
    """What got past the library once may hold more: the gate raises the level of such a record."""
    stamps = {CATEGORY: "api", LEVEL: "public"}
    clean, found = log("ok", stamps), log("zoe@example.org", stamps)
    branches = {item.record["body"]["stringValue"]: item.branch for item in gate.through(logs_request(clean, found))}
    assert branches == {"ok": "general", "****": "restricted"}


def test_private_data_in_a_resource_marks_all_its_records(gate: Gate) -> None:
    """A resource or scope is shared: what is found there counts for each record that came with it."""
    stamps = {CATEGORY: "api", LEVEL: "internal"}
    items = gate.through(
        logs_request(log(given=stamps), log(given=stamps), resource={"owner": "zoe@example.org"}),
        spans_request(span(given=stamps), resource={"owner": "zoe@example.org"}),
    )
    assert [item.branch for item in items] == ["restricted"] * 3
    assert all("discreet.gate.found" not in str(item.resource) for item in items)
