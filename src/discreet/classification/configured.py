"""Rules of the configuration: they say what a record is, before the built-in ones do."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.classification.levels import CATEGORIES, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from discreet.classification.rules import Subject

KINDS: Final = ("server", "client", "internal", "producer", "consumer")
# The lowest number of each range (logs data model, severity number).
SEVERITIES: Final = {"trace": 1, "debug": 5, "info": 9, "warn": 13, "error": 17, "fatal": 21}
CONDITIONS: Final = ("logger", "scope", "event", "attribute", "kind", "severity", "route", "database")
FIELDS: Final = ("name", *CONDITIONS, "category", "level")
_ROUTES: Final = ("http.route",)
_DATABASES: Final = ("db.system.name", "db.system")
_LONGEST: Final = 1024


class ConfiguredRule(NamedTuple):
    """One rule: it holds when all of its checks do.

    Attributes:
        name: What `rule` of the classification says.
        checks: Each says of a record whether it fits.
        category: The category it gives; None leaves it to the next rules.
        level: The level it gives; None leaves it to the next rules.
        raises: Whether it raises the level to its own, whatever else fits, in place of deciding.
    """

    name: str
    checks: tuple[Callable[[Subject], bool], ...]
    category: str | None
    level: Level | None
    raises: bool = False

    def fits(self, subject: Subject) -> bool:
        """Says whether all conditions hold."""
        return all(check(subject) for check in self.checks)


def first_fitting(rules: Sequence[ConfiguredRule], subject: Subject) -> ConfiguredRule | None:
    """Gives the first rule that fits a record, of those that decide."""
    for rule in rules:
        if not rule.raises and rule.fits(subject):
            return rule
    return None


def first_raising(rules: Sequence[ConfiguredRule], subject: Subject, level: Level) -> ConfiguredRule | None:
    """Gives the rule that raises a record from a level to the highest one, the first of those that do."""
    above = [rule for rule in rules if rule.raises and (rule.level or level) > level and rule.fits(subject)]
    return max(above, key=lambda rule: rule.level or level, default=None)


def rule_of(row: object, place: int) -> ConfiguredRule:
    """Gives the rule that a mapping describes: conditions, of which it needs one, and `category`, `level` or both.

    Raises:
        ValueError: Naming field and rule, never a value.
    """
    if not isinstance(row, Mapping):
        raise ValueError(f"must be a mapping of {', '.join(FIELDS)}")  # noqa: TRY004 - one error type for bad values
    for field, given in row.items():
        if field not in FIELDS:
            near = difflib.get_close_matches(str(field), FIELDS, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(FIELDS)}"
            raise ValueError(f"a field is not known: {hint}")
        if not isinstance(given, str) or not given.strip() or len(given) > _LONGEST:
            raise ValueError(f"{field}: must be a text of at most {_LONGEST} characters")
    texts = {str(field): given.strip() for field, given in row.items()}
    asked = [field for field in CONDITIONS if field in texts]
    if not asked:
        raise ValueError(f"give a condition: {', '.join(CONDITIONS)}")
    if "category" not in texts and "level" not in texts:
        raise ValueError("give category, level or both")
    checks = tuple(_CHECKS[field](texts[field]) for field in asked)
    return ConfiguredRule(texts.get("name", f"classify {place}"), checks, _category(texts), _level(texts))


def _category(texts: Mapping[str, str]) -> str | None:
    word = texts.get("category")
    if word is not None and word.lower() not in CATEGORIES:
        raise ValueError(f"category: use one of {', '.join(CATEGORIES)}")
    return word and word.lower()


def _level(texts: Mapping[str, str]) -> Level | None:
    try:
        return Level.parse(texts["level"]) if "level" in texts else None
    except ValueError as error:
        raise ValueError(f"level: {error}") from None


def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))


def _logger(pattern: str) -> Callable[[Subject], bool]:
    fits = _glob(pattern).match
    return lambda subject: fits(subject.logger or subject.scope) is not None and subject.signal == "log"


def _scope(pattern: str) -> Callable[[Subject], bool]:
    fits = _glob(pattern).match
    return lambda subject: fits(subject.scope) is not None


def _event(pattern: str) -> Callable[[Subject], bool]:
    fits = _glob(pattern).match
    return lambda subject: bool(subject.name) and fits(subject.name) is not None


def _attribute(pattern: str) -> Callable[[Subject], bool]:
    """Gives the check of `key` or `key=value`, both globs."""
    key, has_value, value = pattern.partition("=")
    if not key.strip():
        raise ValueError("attribute: write a key, or key=value")
    key, of_value = key.strip(), _glob(value.strip()).match
    if any(sign in key for sign in "*?["):
        of_key = _glob(key).match
        return lambda subject: any(
            of_key(name) is not None and (not has_value or of_value(_text(held)) is not None)
            for name, held in subject.attributes.items()
        )
    if has_value:
        return lambda subject: key in subject.attributes and of_value(_text(subject.attributes[key])) is not None
    return lambda subject: key in subject.attributes


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)[:_LONGEST] if isinstance(value, (str, int, float)) else ""


def _one_of(names: Sequence[str]) -> Callable[[str], Callable[[Subject], bool]]:
    """Gives what makes the check whether one of these attributes fits a glob."""

    def make(pattern: str) -> Callable[[Subject], bool]:
        fits = _glob(pattern).match
        return lambda subject: any(
            name in subject.attributes and fits(_text(subject.attributes[name])) is not None for name in names
        )

    return make


def _kind(word: str) -> Callable[[Subject], bool]:
    if word.lower() not in KINDS:
        raise ValueError(f"kind: use one of {', '.join(KINDS)}")
    return lambda subject: subject.kind == word.lower()


def _severity(word: str) -> Callable[[Subject], bool]:
    least = SEVERITIES.get(word.lower())
    if least is None:
        raise ValueError(f"severity: use one of {', '.join(SEVERITIES)}")
    return lambda subject: subject.severity >= least


_CHECKS: Final[Mapping[str, Callable[[str], Callable[[Subject], bool]]]] = {
    "logger": _logger,
    "scope": _scope,
    "event": _event,
    "attribute": _attribute,
    "kind": _kind,
    "severity": _severity,
    "route": _one_of(_ROUTES),
    "database": _one_of(_DATABASES),
}
