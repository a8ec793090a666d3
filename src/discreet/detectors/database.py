"""Values that databases and their drivers quote in error messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from discreet.detectors.model import Detector
from discreet.detectors.sql import find_statements, literal_spans

if TYPE_CHECKING:
    from collections.abc import Iterator


def _parameter_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields what stands between `[parameters: ` and its bracket: the last one before the background link or line end.

    SQLAlchemy writes the representation of the parameters, so that they hold no line break unless a type's own
    representation does; then only the link that follows says where they end.
    """
    begin = start + len("[parameters: ")
    if not text.startswith("(Background on this error", end):
        newline = text.find("\n", begin, end)
        end = newline if newline >= 0 else end
    bracket = text.rfind("]", begin, end)
    stop = bracket if bracket >= 0 else end
    if stop > begin:
        yield begin, stop


_ROW_OPENS = r"Key \([^()\n]{1,200}\)=\(|Failing row contains \(|Duplicate entry '"
_ROW_OPEN = re.compile(_ROW_OPENS)
_ROW_CLOSE = re.compile(
    r"\)(?= already exists| is not present| conflicts| is still|\.?(?:\\n|[\"'\s]|$))|'(?= for key)", re.MULTILINE
)


def _row_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the values that a database quotes in a line of its error message; to the line's end if cut off."""
    opened = _ROW_OPEN.search(text, start, end)
    while opened is not None:
        closed = _ROW_CLOSE.search(text, opened.end(), end)
        stop = closed.start() if closed else end
        if stop > opened.end():
            yield opened.end(), stop
        opened = _ROW_OPEN.search(text, stop, end)


def _literals(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the quoted literals of the SQL statements in a text."""
    part = text[start:end]
    for begin, stop in find_statements(part):
        statement = part[begin:stop]
        if statement[:5] == "exec(":  # a function of a program
            continue
        for low, high in literal_spans(statement, numbers=False):
            if statement[low:high] not in _EMPTY:
                yield start + begin + low, start + begin + high


_EMPTY: Final = frozenset({"''", '""'})
_VERBS: Final = (
    "select|insert|update|delete|merge|replace|upsert|call|exec(?:ute)?|create|alter|set|copy|with|explain|declare"
)

DETECTORS: Final = (
    Detector(
        kind="sql_literal",
        group="database",
        pattern=r"(?s).+",
        gate=rf"(?i:(?:^|[^a-z]|\\[nrt])(?:{_VERBS})[^a-z][^\x00]*['\"$])",
        spans=_literals,
        level="internal",
        example="ran SELECT id FROM users WHERE name = 'Zoe'",
        near_miss="please select one of the user's items from the list",
        source="https://opentelemetry.io/docs/specs/semconv/db/database-spans/#sanitization-of-dbquerytext",
    ),
    Detector(
        kind="sql_parameters",
        group="database",
        pattern=r"(?s)\[parameters: (?:(?!\(Background on this error|\[parameters: ).)*",
        gate=r"\[parameters: ",
        spans=_parameter_spans,
        level="confidential",
        example="[SQL: INSERT INTO t VALUES (?)]\n[parameters: ('Zoe',)]\n(Background on this error at: x)",
        near_miss="[SQL parameters hidden due to hide_parameters=True]",
        source="sqlalchemy.exc.StatementError",
    ),
    Detector(
        kind="sql_parameters",
        name="sql_row",
        group="database",
        pattern=rf"(?:{_ROW_OPENS})[^\n]*",
        gate=_ROW_OPENS,
        spans=_row_spans,
        level="confidential",
        example="DETAIL:  Key (username)=(zoe) already exists.",
        near_miss="Key (username) is not unique. Duplicate entry for key",
        source="PostgreSQL, _bt_check_unique and ExecConstraints; MySQL, ER_DUP_ENTRY_WITH_KEY_NAME",
    ),
)
