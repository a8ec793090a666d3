"""SQL: literals go, identifiers stay, statements are found in free text, prose is not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discreet.detectors.sql import find_statements, literal_spans


def replaced(text: str, *, numbers: bool = True) -> str:
    done, parts = 0, []
    for start, end in literal_spans(text, numbers=numbers):
        assert done <= start < end <= len(text)
        parts += [text[done:start], "?"]
        done = end
    return "".join(parts) + text[done:]


LITERALS = [
    # PostgreSQL
    ("SELECT * FROM t1 WHERE name = 'O''Brien'", "SELECT * FROM t1 WHERE name = ?"),
    (r"SELECT E'it\'s', 2 FROM t", "SELECT ?, ? FROM t"),
    ("SELECT U&'d\\0061t' FROM t", "SELECT ? FROM t"),
    ("SELECT $$it's$$, $x$ $$ $x$::text", "SELECT ?, ?::text"),
    ("SELECT B'101', X'1F', 'a'::jsonb", "SELECT ?, ?, ?::jsonb"),
    ("SELECT * FROM t WHERE a = $1 AND b = $2", "SELECT * FROM t WHERE a = $1 AND b = $2"),
    ('SELECT "u"."name" FROM "u" WHERE "u"."a" = "v"."b"', 'SELECT "u"."name" FROM "u" WHERE "u"."a" = "v"."b"'),
    ("SELECT DATE '1980-02-03', INTERVAL '1 day'", "SELECT DATE ?, INTERVAL ?"),
    ("SELECT ARRAY[1, 'a'] FROM t", "SELECT ARRAY[?, ?] FROM t"),
    ("SELECT data->>'ssn' FROM t WHERE ok IS TRUE", "SELECT data->>? FROM t WHERE ok IS ?"),
    ("SELECT * FROM t WHERE a IS NOT NULL", "SELECT * FROM t WHERE a IS NOT NULL"),
    # MySQL
    (r"SELECT 'it\'s me' FROM t", "SELECT ? FROM t"),
    ('SELECT `a\'1` FROM `t` WHERE name = "Zoe \\" M"', "SELECT `a'1` FROM `t` WHERE name = ?"),
    ('INSERT INTO t VALUES ("x", "y"), ("z", 5)', "INSERT INTO t VALUES (?, ?), (?, ?)"),
    ('SELECT * FROM t WHERE a LIKE "Z%" AND b IN ("p", "q")', "SELECT * FROM t WHERE a LIKE ? AND b IN (?, ?)"),
    ('SELECT * FROM t WHERE a BETWEEN "c" AND "f"', "SELECT * FROM t WHERE a BETWEEN ? AND ?"),
    ("SELECT 0xFF, x'ab' # it's\nFROM t WHERE a = 'b'", "SELECT ?, ? # it's\nFROM t WHERE a = ?"),
    ("SELECT * FROM t WHERE a = %s AND b = %(name)s", "SELECT * FROM t WHERE a = %s AND b = %(name)s"),
    # SQL Server
    ("SELECT [Order 1] FROM [dbo].[t] WHERE a = N'Zoë'", "SELECT [Order 1] FROM [dbo].[t] WHERE a = ?"),
    ("SELECT TOP 5 * FROM #tmp1 WHERE a = @p1", "SELECT TOP ? * FROM #tmp1 WHERE a = @p1"),
    ("EXEC('SELECT a FROM t WHERE b = ''Zoe''')", "EXEC(?)"),
    ("SELECT a FROM t WHERE b = ''Zoe M''", "SELECT a FROM t WHERE b = ?"),
    # Oracle
    ("SELECT q'[it's]', nq'!don't!' FROM dual", "SELECT ?, ? FROM dual"),
    ("SELECT * FROM t WHERE a = :name AND b = :1", "SELECT * FROM t WHERE a = :name AND b = :1"),
    ('CREATE USER zoe IDENTIFIED BY "hunter2"', "CREATE USER zoe IDENTIFIED BY ?"),
    # SQLite
    ("SELECT * FROM t WHERE a = ?1 AND b = x'00'", "SELECT * FROM t WHERE a = ?1 AND b = ?"),
    ('SELECT "zoe@example.org"', "SELECT ?"),
    # every dialect
    ("SELECT col_2, t3.c4 FROM t3 LIMIT 10 OFFSET 20", "SELECT col_2, t3.c4 FROM t3 LIMIT ? OFFSET ?"),
    ("WHERE a = -5.2e-3 AND b > .5", "WHERE a = -? AND b > ?"),
    ("WHERE id IN (1,2,3)", "WHERE id IN (?,?,?)"),
    ("WHERE a = '' AND b = 'x'", "WHERE a = ? AND b = ?"),
    ("WHERE a LIKE '10\\%' ESCAPE '\\' AND b = 'Zoe'", "WHERE a LIKE ? ESCAPE ? AND b = ?"),
    ("/* it's */ SELECT 'a' -- don't\n, 'b'", "/* it's */ SELECT ? -- don't\n, ?"),
    ("SELECT a -- note FROM t WHERE b = 'Zoe'", "SELECT a -- note FROM t WHERE b = ?"),
    ("SELECT a /* never closed FROM t WHERE b = 'Zoe'", "SELECT a /* never closed FROM t WHERE b = ?"),
    # cut off, and inside strings of JSON and Python
    ("WHERE a = 'Zoe Mil", "WHERE a = ?"),
    ("WHERE a = $x$Zoe", "WHERE a = ?"),
    (r"WHERE a = \"Zoe\" AND \"b\".\"c\" = 7", r"WHERE a = ? AND \"b\".\"c\" = ?"),
    (r"WHERE a = \'Zoe \\\' M\' AND b = 1", "WHERE a = ? AND b = ?"),
    (r"SELECT a\nFROM t\nWHERE a = 'x\ny'", r"SELECT a\nFROM t\nWHERE a = ?"),
]


@pytest.mark.parametrize(("sql", "expected"), LITERALS)
def test_literals_are_replaced(sql: str, expected: str) -> None:
    """Every literal becomes `?`, in every dialect; identifiers, placeholders and comments stay."""
    assert replaced(sql) == expected


@pytest.mark.parametrize(("sql", "expected"), LITERALS)
def test_replaced_text_is_stable(sql: str, expected: str) -> None:
    """What has been replaced has no literals left."""
    assert list(literal_spans(expected, numbers=True)) == []


def test_numbers_stay_unless_wanted() -> None:
    """Without `numbers` only strings go: numbers and booleans stay."""
    assert replaced("a = 5 AND b = 'x' AND c = TRUE", numbers=False) == "a = 5 AND b = ? AND c = TRUE"


PIECES = st.one_of(
    st.sampled_from(
        ["'", "''", '"', "\\", "`", "[", "]", "(", ")", ",", "--", "/*", "*/", "#", "$", "$$", "$a$", "\n"]
    ),
    st.sampled_from(
        [" ", "=", "IN", "VALUES", "BETWEEN", "AND", "E", "q", "U&", "N", "5", "1e", ".5", "0x", "true", "?"]
    ),
    st.sampled_from(["Zoe", "a@b", ":x", "::", "@p", "{", "}", ";", ".", "<", ">", "AS", "LIKE", "\\n", "ä", "٣"]),
    st.text(max_size=3),
)


@given(st.lists(PIECES, max_size=25).map("".join), st.booleans())
def test_replacing_twice_is_replacing_once(text: str, numbers: bool) -> None:
    """Whatever the text, what has been replaced has no literals left."""
    once = replaced(text, numbers=numbers)
    assert replaced(once, numbers=numbers) == once
    assert all(0 <= start < end <= len(text) for start, end in find_statements(text))


WORDS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda word: word not in {"true", "false"})
VALUES = st.text(st.characters(exclude_characters="'\\", exclude_categories=["Cs"]), max_size=12)


@given(WORDS, WORDS, VALUES, st.integers(0, 10**9), st.sampled_from(['"{}"', "`{}`", "[{}]", "{}"]))
def test_identifiers_survive_and_values_go(table: str, column: str, value: str, number: int, quoted: str) -> None:
    """However identifiers are quoted they stay, and the values beside them go; twice is once."""
    begin = f"SELECT {quoted.format(column)} FROM {quoted.format(table)} t WHERE t.{quoted.format(column)} = "
    once = replaced(f"{begin}'{value}' AND n = {number}")
    assert once == f"{begin}? AND n = ?"
    assert replaced(once) == once


STATEMENTS = [
    ("SELECT * FROM users WHERE name = 'Zoe'", None),
    (
        "ran select id, name from users where name='Zoe' and a = 1",
        "select id, name from users where name='Zoe' and a = 1",
    ),
    ("[SQL: INSERT INTO t (a, b) VALUES ('x]', 2)]\n[parameters: (1,)]", "INSERT INTO t (a, b) VALUES ('x]', 2)"),
    ('{"query": "SELECT a FROM t WHERE b = \'Zoe\'", "n": 5}', "SELECT a FROM t WHERE b = 'Zoe'"),
    (r'{"query": "SELECT a\nFROM t WHERE b = \"Zoe\"", "n": 5}', r"SELECT a\nFROM t WHERE b = \"Zoe\""),
    (r"db.execute('SELECT a FROM t WHERE b = \'Zoe\'', x)", r"SELECT a FROM t WHERE b = \'Zoe\'"),
    ("near 'SELECT a FROM t WHERE b = 'Zoe' LIMIT 1' at line 1", "SELECT a FROM t WHERE b = 'Zoe' LIMIT 1"),
    (
        "statement=\"UPDATE users SET name = 'Zoe; M' WHERE id = 3\" took=5",
        "UPDATE users SET name = 'Zoe; M' WHERE id = 3",
    ),
    ("done: DELETE FROM users WHERE email = 'z@x.org'; next", "DELETE FROM users WHERE email = 'z@x.org'"),
    ("MERGE INTO a USING (SELECT 'Zoe' n FROM dual) b ON (a.n = b.n) WHEN MATCHED THEN UPDATE SET a.x = 1", None),
    ("REPLACE INTO t VALUES ('Zoe')", None),
    ("CALL login('zoe', 'pw')", None),
    ("EXEC sp_login @user = 'zoe'", None),
    ("exec('select a from t where b = ''Zoe''')", None),
    ("CREATE USER zoe IDENTIFIED BY 'hunter2'", None),
    ("ALTER ROLE zoe WITH PASSWORD 'hunter2'", None),
    ("SET PASSWORD FOR zoe = 'hunter2'", None),
    ("COPY t FROM 's3://b' CREDENTIALS 'aws_access_key_id=x'", None),
    ("WITH u AS (SELECT * FROM t WHERE a = 'Zoe') SELECT * FROM u", None),
    ("EXPLAIN ANALYZE SELECT * FROM t WHERE a = 'Zoe'", None),
    ("SELECT set_config('app.user', 'zoe', true)", None),
    ("SELECT a,\n  b\nFROM t\nWHERE c = 'Zoe'\n2026-01-01 next isn't SQL", "SELECT a,\n  b\nFROM t\nWHERE c = 'Zoe'"),
    ("x (SELECT a FROM t WHERE b = 'Zoe') y", "SELECT a FROM t WHERE b = 'Zoe'"),
]


@pytest.mark.parametrize(("text", "expected"), STATEMENTS)
def test_statements_are_found(text: str, expected: str | None) -> None:
    """A statement is found whole, and ends with what encloses it."""
    assert [text[start:end] for start, end in find_statements(text)] == [expected or text]


PROSE = [
    "select one from the list",
    "Please select an item from the 'Inbox' folder",
    "SELECT ONE FROM THE LIST",
    "please update the set of rules",
    "update the set of 'rules' and don't wait",
    "delete from cache",
    "delete the rows from table 5",
    "insert into the slot",
    "insert coin into machine with values 5",
    "call me (later), call support(24/7)",
    "with that as (a) reason",
    "set timeout = 5",
    "Set the 'name' to 'x'",
    "create user 'zoe' failed",
    "copy it from the server to the client",
    "merge branch into main using rebase",
    "replace into what?",
    "explain the query plan",
    "exec failed: 'no such file'",
    "grant access to user 5",
    "unselect all, preselect 3, pre-select 'x' from y = 'z'",
    "with open(path) as (a, b): pass",
]


@pytest.mark.parametrize("text", PROSE)
def test_prose_is_no_statement(text: str) -> None:
    """Prose with the words of SQL is left alone."""
    assert list(find_statements(text)) == []


SIZE = 1 << 18
HOSTILE = [
    "SELECT ", "'", '"', "\\", "\\'", "/*", "$a$b", "(", "1 ", "`", "[a", "select a from b ", "with a as (select ",
    "q'[", "''a", "select '", "delete from a ", "merge into a using (b ", "select a\n", "\"select 'a ", "'select '",
    "update a set ", "update a set b = 1 '", "create user ", "/*x*/ ", "select a from b join ", "copy a from ", "\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_length_only(piece: str) -> None:
    """Text made to hurt takes time in proportion to its length."""
    text = piece * (SIZE // len(piece))
    start = time.process_time()
    list(literal_spans(text, numbers=True))
    list(find_statements(text))
    assert time.process_time() - start < 5
