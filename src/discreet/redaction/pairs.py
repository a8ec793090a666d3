"""Keys and values in text: finds telling keys as they are written in many places, and the values behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.detectors.keys import LIKE, ends_a_key, key_kind
from discreet.detectors.looks import holds
from discreet.detectors.validators import keyed_value, prose, random_looking, random_word, secret_looking
from discreet.redaction.places import PLACE, way_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from discreet.detectors.model import Detector

_SECRETS: Final = frozenset({"password", "secret", "token", "api_key", "otp", "pin", "cvv"})
_TAG_END = re.compile(r"(?:\s[^<>]{0,400})?>")
_AND_TO = re.compile(r"[\"'`]?\ (?:to|in)\ ")
_IN_TAG = re.compile(r"(?P<value>[^<]+)(?=</)")
_ASCII = re.compile(r"[!-~]{3,128}")
_WORD = re.compile(r"[^\s\"'`,;|<>()\[\]{}]+")
_WORDS_BEFORE = re.compile(r"(?:[A-Za-z][A-Za-z-]*[ ]){1,3}\Z")
_SEGMENT = re.compile(r"[^\s/?#\"'&]+")
_QUOTED = re.compile(r"([\"'`])(?P<value>(?:(?!\1).){1,128})\1")


class _Form(NamedTuple):
    """A way of writing that proves less: the kinds it counts for, where the value is, and how it must look."""

    kinds: frozenset[str]
    value: re.Pattern[str]
    looks: Callable[[str], bool]


_FORMS: Final = {
    "unspaced": _Form(_SECRETS, _ASCII, secret_looking),
    "is": _Form(_SECRETS, _WORD, secret_looking),
    "about": _Form(_SECRETS, _WORD, secret_looking),
    "blank": _Form(_SECRETS | {"private_key", "session", "cookie", "credential"}, _WORD, random_word),
    "call": _Form(_SECRETS | {"private_key"}, _WORD, random_word),
    "path": _Form(frozenset({"token", "api_key", "secret", "otp"}), _SEGMENT, random_word),
}
# Behind these a phrase in quotes is the secret, whatever it looks like: `the password is "swordfish"`.
_QUOTES: Final = frozenset({"is", "about"})
# Kinds of numbers, which may follow their key after a blank where they are long: `MRN 625913250`.
_NUMBERED: Final = frozenset({"ssn", "national_id", "health", "card", "iban", "bank_account", "device_id", "vehicle"})
_LONG_NUMBER = re.compile(r"(?=(?:[^0-9]*[0-9]){6})[A-Z0-9][A-Za-z0-9./-]{5,40}")
_LOGIN = re.compile(r"[\w.@-]{1,64}:(?=.*[0-9!#$%^&*])[^\s:]{4,}")
# Expressions: `os.environ[`, `self.token`, `await getToken()`, `hash_password(password)`, `Token{c5510550`.
_OBJECTS = (
    "self|this|settings|config|conf|cfg|os|env|process|request|req|ctx|context|app|args|opts|options|params|props|secrets|"
    "credentials|form|event|state|flask|django|System|Environment|Config"
)
_EXPRESSION = re.compile(
    rf"(?:{_OBJECTS})(?:\.|->|\?\.)[A-Za-z_]|[A-Za-z_.]+[(\[{{<][^0-9]*\Z|"
    r"(?:await|new|getenv|lambda|func|function|async|yield|return)\Z|[A-Z][A-Za-z]+\{"
)
_BRACKETS: Final = frozenset("([{<")
_NAME = re.compile(r"[A-Za-z_$][A-Za-z_.]*")
_RESULTS: Final = frozenset({"PASS", "Pass"})  # of a test: `--- PASS: TestLogin`
_LONG_VALUE: Final = 16
_TRAILING: Final = ".,;:!?"


def _is_code(text: str, match: re.Match[str]) -> bool:
    """Says whether what stands bare behind a key is an expression: a call, an index, a comparison, a known object."""
    value = match["value"]
    if _EXPRESSION.match(value) or (text[match.end() : match.end() + 1] in _BRACKETS and _NAME.fullmatch(value)):
        return True
    compared = text[max(0, match.start() - 4) : match.start()].rstrip().endswith(("==", "!="))
    return compared and _NAME.fullmatch(value) is not None


def _is_long(value: str) -> bool:
    """Says whether a value in quotes is long and random, and one word."""
    return len(value) >= _LONG_VALUE and " " not in value and random_looking(value)


def _looks(kind: str, form: _Form, value: str) -> bool:
    """Says whether a value in a weak form looks like one of its kind."""
    if kind in {"otp", "pin", "cvv"}:
        return value.isdigit()
    if kind == "credential":
        return _LOGIN.fullmatch(value) is not None
    return secret_looking(value) if kind == "password" else form.looks(value)


class KeyedScan:
    """Yields (start, end, kind, detector's name) of each value behind a key of the kinds that detectors describe."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._rows = {row.kind: (re.compile(row.pattern), row.validate, row.name) for row in detectors}

    def __call__(self, text: str) -> Iterator[tuple[int, int, str, str]]:
        """Scans a text once from the left; what stands inside a found value is not looked at again."""
        place = PLACE.search(text)
        while place is not None:
            form = way_of(place)
            at = place.end()
            kind = self._kind(text, place, form)
            span = self._value(text, at, kind, form)
            bare = holds(kind, text[span[0] : span[1]]) if span is not None and kind is not None else None
            if span is not None and bare is not None:
                yield (*span, bare, self._rows[bare][2])
                at = span[1]
                further = _AND_TO.match(text, at) if form == "is" else None
                span = self._value(text, further.end(), kind, form) if further else None
                if span is not None:  # `password changed from x to y`
                    yield (*span, bare, self._rows[bare][2])
                    at = span[1]
            elif form in _FORMS or form == "tag":
                at = place.end(form)
            place = PLACE.search(text, at)

    @staticmethod
    def _kind(text: str, place: re.Match[str], form: str) -> str | None:
        """Gives what the key promises; a key of one word may take the words before it: `API key: `."""
        key = place[form]
        if key in _RESULTS and text.startswith(": ", place.end() - 2):
            return None
        kind = key_kind(key)
        if kind is None and ends_a_key(key):
            before = _WORDS_BEFORE.search(text, max(0, place.start(form) - 40), place.start(form))
            kind = key_kind(before[0] + key) if before else None
        return kind

    def _value(self, text: str, at: int, kind: str | None, form: str) -> tuple[int, int] | None:
        row = self._rows.get(kind.removesuffix(LIKE)) if kind is not None else None
        if row is None or kind is None:
            return None
        if form in _FORMS:
            return self._weak(text, at, kind, form)
        pattern, validate, _ = row
        if form == "tag":
            pattern, end = _IN_TAG, _TAG_END.match(text, at)
            at = end.end() if end else at
        match = pattern.match(text, at)
        if match is None or (validate is not None and not validate(match["value"])):
            return None
        value, bare = match["value"], match.start("value") == at
        if bare and (_is_code(text, match) or (text.startswith((": ", ":\t"), at - 2) and prose(value))):
            return None
        return match.span("value")

    @staticmethod
    def _weak(text: str, at: int, kind: str, name: str) -> tuple[int, int] | None:
        """Gives the value of a form that needs a look at it: prose, a blank, a path."""
        form = _FORMS[name]
        if kind in _NUMBERED and name == "blank":
            match = _WORD.match(text, at)
            value = match[0].rstrip(_TRAILING) if match else ""
            return (at, at + len(value)) if _LONG_NUMBER.fullmatch(value) else None
        if kind not in form.kinds:
            return None
        quoted = _QUOTED.match(text, at)
        if quoted is not None and keyed_value(quoted["value"]) and not prose(quoted["value"]):
            value = quoted["value"]
            sure = name in _QUOTES or kind == "password" or form.looks(value) or _is_long(value)
            return quoted.span("value") if sure else None
        match = form.value.match(text, at)
        if match is None:
            return None
        value = match[0].rstrip(_TRAILING)
        return (at, at + len(value)) if value and _looks(kind, form, value) else None
