"""The catalogue: its table is sound, old and new names agree, and each row is found by its name or template."""

from __future__ import annotations

import pkgutil

import pytest

from discreet.detectors import CATALOGUE, KIND_LEVELS, WAYS, attribute_of, key_kind
from discreet.detectors.catalogue import UNLESS_NAMED

ROWS = tuple(CATALOGUE.values())
LEVELS = ("public", "internal", "confidential", "restricted")
# Where the value of the old name is another one, or holds more, than that of the new.
OTHERWISE = {
    "client.socket.address",  # of the caller whichever span it stands on
    "db.elasticsearch.cluster.name",
    "db.elasticsearch.path_parts.*",
    "db.redis.database_index",
    "server.socket.address",
}


def test_the_table_is_sound() -> None:
    """Each row is whole, in order, there once, and each of its cells is from its list."""
    text = (pkgutil.get_data("discreet.detectors", "data/attributes.tsv") or b"").decode()
    lines = text.splitlines()
    assert len(lines) == len(ROWS) + 1 > 1000
    assert lines[1:] == sorted(lines[1:], key=lambda line: line.split("\t")[0])
    for row in ROWS:
        assert all(row), row
        assert row.sensitivity in LEVELS, row
        assert row.way in WAYS, row
        assert row.generation.startswith(("stable", "development", "deprecated: ", "model: ", "python: ")), row
        assert (row.since == "-") == row.generation.startswith(("model: ", "python: ")), row
        assert (row.kind != "-") == (row.way in {"kind", "address", "peer"}), row
        assert row.kind == "-" or row.kind in KIND_LEVELS, row
    assert {row.way for row in ROWS} == set(WAYS)
    assert {row.kind for row in ROWS} >= UNLESS_NAMED


def test_what_is_sensitive_has_a_way_of_cleaning() -> None:
    """Nothing above internal is left at `none`, and what is public needs no cleaning."""
    assert [row.name for row in ROWS if row.sensitivity in LEVELS[2:] and row.way in {"none", "machine"}] == []
    assert [row.name for row in ROWS if row.sensitivity == "public" and row.way != "none"] == []


def test_an_old_name_is_rated_as_the_one_that_replaced_it() -> None:
    """Both generations ride on one span: they are cleaned to the same, but where the value is another one."""
    replaced = 0
    for row in ROWS:
        new = row.generation.partition("deprecated: ")[2]
        now = CATALOGUE.get(new) or CATALOGUE.get(f"{new}.*")
        if now is not None:
            replaced += 1
            same = (row.sensitivity, row.way, row.kind) == (now.sensitivity, now.way, now.kind)
            assert same != (row.name in OTHERWISE), row
    assert replaced > 100


@pytest.mark.parametrize(
    ("key", "name", "level"),
    [
        ("url.full", "url.full", "internal"),
        ("http.request.header.x_tenant", "http.request.header.*", "restricted"),
        ("http.request.header.content_type", "http.request.header.*", "internal"),
        ("http.request.header.Content-Type", "http.request.header.*", "internal"),
        ("rpc.grpc.request.metadata.a.b", "rpc.grpc.request.metadata.*", "restricted"),
        ("k8s.pod.annotation.example.org/x", "k8s.pod.annotation.*", "confidential"),
        ("db.query.parameter.0", "db.query.parameter.*", "confidential"),
        ("http.request.header", None, None),
        ("http.request.headers.x", None, None),
        ("shop.order", None, None),
        ("", None, None),
    ],
)
def test_a_key_has_its_row(key: str, name: str | None, level: str | None) -> None:
    """A name has its own row, a key behind a template the template's; header fields known as harmless are internal."""
    row = attribute_of(key)
    assert (row and row.name, row and row.sensitivity) == (name, level)


def test_the_row_decides_what_a_key_promises() -> None:
    """Of a name the row alone, of a template the words behind it too; of a key that is too long to keep as well."""
    assert key_kind("celery.reply_to") is None
    assert key_kind("user.id") == "person_id"
    assert key_kind("process.user.name") == "account"
    assert key_kind("process.environment_variable.HOME") == "environment_variable"
    assert key_kind("process.environment_variable.DB_PASSWORD") == "password"
    assert key_kind("http.request.header.authorization") == "authorization"
    assert key_kind("http.request.header.accept") is None
    assert key_kind("db.query.parameter." + "x" * 200) == "sql_parameters"
