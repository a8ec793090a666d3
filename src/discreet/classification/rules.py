"""Classification: a table of rules says what a record is about and how widely it may be shown; the first match wins."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.classification.carried import CALLING, EVENTS, least_level
from discreet.classification.configured import first_fitting, first_raising
from discreet.classification.levels import CATEGORIES, Level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from discreet.classification.configured import ConfiguredRule

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
        severity: Severity number of a log record (logs data model), 0 where there is none.
    """

    signal: str
    scope: str
    name: str
    kind: str | None
    attributes: Mapping[str, object]
    logger: str = ""
    severity: int = 0


class Classification(NamedTuple):
    """The answer.

    Attributes:
        category: One of `CATEGORIES`.
        level: How widely the record may be shown.
        rule: Name of the rule that decided.
        raised_by: The row of the catalogue, the event, or the rule that raised the level above what the rule gives, if
            one did.
    """

    category: str
    level: Level
    rule: str
    raised_by: str = ""


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


class _Answer(NamedTuple):
    given: Classification
    ruled: Classification
    least: Level
    by: str
    says: bool


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
_MANY: Final = 64
"""Keys of one record beyond which what they tell is not remembered."""


@lru_cache(maxsize=4096)
def _ruled(scope: str, logger: str, event: str, kind: str | None, telling: frozenset[str]) -> Classification:
    for row in _ROWS:
        if row.names_fit(scope, logger, event) and row.fits(kind, telling):
            return row.answer
    return DEFAULT


@lru_cache(maxsize=4096)
def _known(scope: str, logger: str, event: str, kind: str | None, keys: tuple[str, ...]) -> _Answer:
    """Gives what names, kind and keys tell, which are the same in most records of an application."""
    telling = _TELLING.intersection(keys)
    least, by = least_level(keys, calling=kind in CALLING)
    if event in EVENTS and least < EVENTS[event]:
        least, by = EVENTS[event], event
    ruled = _ruled(scope, logger, event, kind, telling)
    return _Answer(_raised(ruled, least, by), ruled, least, by, not _SAID.isdisjoint(telling))


def _raised(answer: Classification, least: Level, by: str) -> Classification:
    return answer if least <= answer.level else answer._replace(level=least, raised_by=by)


@lru_cache(maxsize=1024)
def _event(name: str) -> str:
    """Gives what the rules read of a name. Names may be one of a kind each: those none asks for share one place."""
    if not name or name in EVENTS:
        return name
    if not _EVENT_HEADS.match(name):
        return ""
    return name.split(".", 1)[0] + "." if "." in name else name


def _explicit_level(attributes: Mapping[str, object]) -> Level | None:
    given = attributes.get(LEVEL)
    if given is None:
        return None
    try:
        return Level.parse(given)
    except ValueError:
        return None


def classify(subject: Subject, rules: Sequence[ConfiguredRule] = ()) -> Classification:
    """Gives category and level of a record. Never raises: what cannot be read counts as not there.

    What the record says of itself (`discreet.category`, `discreet.security_level`) wins where it is valid, then the
    first of the configured rules that fits, then the built-in ones. What the catalogue says of the attributes it
    carries, or of its event, raises the level and never lowers it; so do configured rules that are there to raise.
    """
    try:
        _, scope, name, kind, attributes, logger, _ = subject
        keys = tuple(attributes)
        known = _known if len(keys) <= _MANY else _known.__wrapped__
        answer = known(scope[:_MAX_NAME], logger[:_MAX_NAME], _event(name[:_MAX_NAME]), kind, keys)
        rule = first_fitting(rules, subject) if rules else None
        given = _weighed(attributes, rule, answer) if rule is not None or answer.says else answer.given
        raising = first_raising(rules, subject, given.level) if rules else None
        return given if raising is None else _raised(given, raising.level or given.level, raising.name)
    except Exception:
        return DEFAULT


def _weighed(attributes: Mapping[str, object], rule: ConfiguredRule | None, answer: _Answer) -> Classification:
    """Gives each part from the first that says it: the record, the configured rule, the built-in one."""
    said, level = attributes.get(CATEGORY), _explicit_level(attributes)
    category = said if isinstance(said, str) and said in CATEGORIES else None
    decided, ruled = "explicit", answer.ruled
    if category is None and level is None:
        if rule is None:
            return answer.given
        decided = rule.name
    if rule is not None:
        category, level = category or rule.category, rule.level if level is None else level
    given = Classification(category or ruled.category, ruled.level if level is None else level, decided)
    return _raised(given, answer.least, answer.by)
