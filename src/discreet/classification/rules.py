"""Classification: a table of rules says what a record is about and how widely it may be shown; the first match wins."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.classification.levels import CATEGORIES, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

CATEGORY: Final = "discreet.category"
LEVEL: Final = "discreet.security_level"


class Subject(NamedTuple):
    """What is classified: the parts of a span or log record that say what it is about.

    Attributes:
        signal: "span" or "log".
        scope: Name of the instrumentation scope; for stdlib logging that is the logger's name.
        name: Name of the span, or the event name of a log record.
        kind: Kind of a span: "server", "client", "internal", "producer", "consumer"; None for a log record.
        attributes: Attributes of the record, redacted or not.
        logger: Name of the logger, where it is not the scope.
    """

    signal: str
    scope: str
    name: str
    kind: str | None
    attributes: Mapping[str, object]
    logger: str = ""


class Classification(NamedTuple):
    """The answer: one of `CATEGORIES`, the level, and the name of the rule that decided."""

    category: str
    level: Level
    rule: str


class Rule(NamedTuple):
    """One row: it matches when all of its conditions that are not empty do.

    Attributes:
        name: What `discreet explain` calls it.
        category: The category it gives.
        level: The level it gives.
        source: Pattern for the beginning of the scope's or logger's name.
        event: Pattern for the beginning of the span or event name; `source` or `event` suffices.
        attributes: One of these must be there.
        kinds: The span's kind must be one of these.
    """

    name: str
    category: str
    level: Level
    source: str = ""
    event: str = ""
    attributes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


_CONTRIB = r"opentelemetry\.instrumentation\."
_WEB = "asgi|fastapi|starlette|wsgi|flask|django|tornado|falcon|pyramid|aiohttp[_-]server|grpc"
_CALLS = "requests|httpx|urllib3?|aiohttp[_-]client"
_SQL = (
    "sqlalchemy|dbapi|psycopg2?|asyncpg|aiopg|sqlite3|mysql|mysqlclient|pymysql|pymongo|pymssql|redis|pymemcache"
    "|cassandra|elasticsearch|tortoiseorm"
)
_END = r"(?:[._-]|$)"
_HTTP: Final = ("http.request.method", "http.method", "http.route", "rpc.system", "rpc.system.name")
_DATABASE: Final = ("db.system.name", "db.system", "db.statement", "db.query.text", "db.operation.name", "db.operation")

# Scopes of contrib's instrumentations, logger names of the servers and libraries, attributes of the conventions.
BUILT_IN: Final[tuple[Rule, ...]] = (
    Rule("audit", "audit", Level.CONFIDENTIAL, source=rf"(?:.*\.)?audit{_END}", event=rf"audit{_END}"),
    Rule(
        "security",
        "security",
        Level.CONFIDENTIAL,
        source=rf"(?:.*\.)?(?:security|auth|authn|authz|authentication|authorization|oauth2?|iam|login){_END}",
        event=rf"(?:security|auth|authn|authz|authentication|authorization){_END}",
    ),
    Rule(
        "performance",
        "performance",
        Level.INTERNAL,
        source=rf"(?:.*\.)?performance{_END}",
        event=rf"(?:performance|slow){_END}",
    ),
    Rule("business", "business", Level.INTERNAL, source=rf"(?:.*\.)?business{_END}", event=rf"business{_END}"),
    Rule(
        "system_scope",
        "system",
        Level.INTERNAL,
        source=rf"(?:{_CONTRIB}system[_-]metrics|psutil|system|discreet){_END}",
    ),
    Rule(
        "database_scope",
        "database",
        Level.INTERNAL,
        source=rf"(?:{_CONTRIB}(?:{_SQL})|sqlalchemy|alembic|asyncpg|psycopg){_END}",
    ),
    Rule("access_log", "api", Level.INTERNAL, source=rf"(?:uvicorn|gunicorn|hypercorn|granian|aiohttp)\.access{_END}"),
    Rule("server_scope", "api", Level.INTERNAL, source=rf"(?:{_CONTRIB}(?:{_WEB})|fastapi|starlette){_END}"),
    Rule("client_scope", "api", Level.INTERNAL, source=rf"(?:{_CONTRIB}(?:{_CALLS})|httpx|requests|urllib3){_END}"),
    Rule(
        "server_loop",
        "system",
        Level.INTERNAL,
        source=rf"(?:uvicorn|gunicorn|hypercorn|granian|asyncio|concurrent){_END}",
    ),
    Rule("database_attribute", "database", Level.INTERNAL, attributes=_DATABASE),
    Rule("http_attribute", "api", Level.INTERNAL, attributes=_HTTP, kinds=("server", "client")),
)
DEFAULT: Final = Classification("application", Level.INTERNAL, "default")


class _Row(NamedTuple):
    rule: Rule
    source: re.Pattern[str] | None
    event: re.Pattern[str] | None
    attributes: frozenset[str]
    answer: Classification

    def names_fit(self, scope: str, logger: str, name: str) -> bool:
        """Says whether the names fit; a row without patterns asks for none."""
        if self.source is None and self.event is None:
            return True
        if self.source is not None and (self.source.match(scope) or self.source.match(logger)):
            return True
        return self.event is not None and self.event.match(name) is not None

    def fits(self, kind: str | None, telling: frozenset[str]) -> bool:
        """Says whether kind and attributes fit."""
        if self.rule.kinds and kind not in self.rule.kinds:
            return False
        return not self.attributes or not self.attributes.isdisjoint(telling)


def _compiled(pattern: str) -> re.Pattern[str] | None:
    return re.compile(pattern, re.IGNORECASE) if pattern else None


_ROWS: Final = tuple(
    _Row(
        rule,
        _compiled(rule.source),
        _compiled(rule.event),
        frozenset(rule.attributes),
        Classification(rule.category, rule.level, rule.name),
    )
    for rule in BUILT_IN
)
_SAID: Final = frozenset({CATEGORY, LEVEL})
_TELLING: Final = _SAID.union(*(row.attributes for row in _ROWS))
"""Attributes that the answer can depend on; most log records have none."""
_EVENT_HEADS = re.compile("|".join(f"(?:{rule.event})" for rule in BUILT_IN if rule.event), re.IGNORECASE)
_MAX_NAME = 256


@lru_cache(maxsize=4096)
def _ruled(scope: str, logger: str, event: str, kind: str | None, telling: frozenset[str]) -> Classification:
    for row in _ROWS:
        if row.names_fit(scope, logger, event) and row.fits(kind, telling):
            return row.answer
    return DEFAULT


def _built_in(subject: Subject, telling: frozenset[str]) -> Classification:
    # Span names may be one of a kind each; those that no rule asks for share one place in the cache.
    name = subject.name
    name = name[:_MAX_NAME] if name and _EVENT_HEADS.match(name) else ""
    head = name.split(".", 1)[0] + "." if "." in name else name
    return _ruled(subject.scope[:_MAX_NAME], subject.logger[:_MAX_NAME], head, subject.kind, telling)


def _explicit_level(attributes: Mapping[str, object]) -> Level | None:
    given = attributes.get(LEVEL)
    if given is None:
        return None
    try:
        return Level.parse(given)
    except ValueError:
        return None


def classify(subject: Subject) -> Classification:
    """Gives category and level of a record. Never raises: what cannot be read counts as not there.

    What the record says of itself (`discreet.category`, `discreet.security_level`) wins where it is valid.
    """
    try:
        telling = _TELLING.intersection(subject.attributes)
        ruled = _built_in(subject, telling)
        if _SAID.isdisjoint(telling):
            return ruled
        given = subject.attributes.get(CATEGORY)
        category = given if isinstance(given, str) and given in CATEGORIES else None
        level = _explicit_level(subject.attributes)
    except Exception:
        return DEFAULT
    if category is None and level is None:
        return ruled
    return Classification(category or ruled.category, ruled.level if level is None else level, "explicit")
