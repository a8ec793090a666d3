"""Vendors' tokens: one row each in `data/tokens.tsv`, and the notation in which their shapes are written.

A shape is terms joined by ` + `: `'literal'`, `class{n}`, `class{n,m}`, `class{n,}`, `uuid`, `jwt`, `(a|b)` a choice,
`[x]?` what may be absent. From it follow pattern, gate, example and near-miss. A token is taken to the end of its
alphabet, since formats grow; cut off at a limit, it counts from nine characters of its body on. Where vendors share a
prefix, the first row gives the kind: Stripe's stands before Clerk's.
"""

from __future__ import annotations

import pkgutil
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from discreet.detectors.model import Detector
from discreet.detectors.validators import random_looking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Alphabet as a class of a regular expression, and letters to write an example with.
CLASSES: Final = {
    "digit": ("0-9", "1234567890"),
    "hex": ("0-9a-fA-F", "0123456789abcdef"),
    "HEX": ("0-9A-F", "0123456789ABCDEF"),
    "hexi": ("0-9a-fA-F", "0123456789abcdef"),
    "lower": ("a-z", "fakeexample"),
    "upper": ("A-Z", "FAKEEXAMPLE"),
    "alpha": ("A-Za-z", "FakeExample"),
    "base32": ("A-Z2-7", "FAKE2EXAMPLE3TOKEN4"),
    "base32l": ("a-z2-7", "fake2example3token4"),
    "base36": ("0-9a-z", "fake0example1token2"),
    "BASE36": ("0-9A-Z", "FAKE0EXAMPLE1TOKEN2"),
    "base58": ("1-9A-HJ-NP-Za-km-z", "Fake2ExampLe3Token4"),
    "base62": ("0-9A-Za-z", "Fake0Example1Token2"),
    "base64": ("0-9A-Za-z+/", "Fake0Example1Token2"),
    "base64url": ("0-9A-Za-z_-", "Fake0Example1Token2"),
    "word": ("0-9A-Za-z_", "Fake0Example1Token2"),
    "b64dot": ("0-9A-Za-z_.=-", "Fake0Example1Token2"),
    "urlsafe": ("0-9A-Za-z_.~-", "Fake0Example1Token2"),
    "tilde": ("0-9A-Za-z_.~-", "Fake0Example1Token2"),
    "bech32": ("02-9ac-hj-np-z", "fake0examp7e2taken3"),
    "modhex": ("cbdefghijklnrtuv", "cbdefghijklnrtuv"),
    "print": ("!-~", "Fake0Example1Token2"),
    "b64end": ("AQgw", "A"),
    "AP": ("A-P", "A"),
    "AD": ("A-D", "A"),
    "AL": ("A-L", "A"),
    "check": ("a-z2-7*#$=", "a"),
}
_TERM = re.compile(
    r"'(?P<literal>[^']+)'|(?P<name>[A-Za-z]\w*)\{(?P<low>\d+)(?P<comma>,)?(?P<high>\d*)\}|(?P<uuid>uuid)|(?P<jwt>jwt)"
    r"|(?P<open>[(\[])|(?P<close>\)|\]\?)|(?P<or>\|)| \+ "
)
_UUID: Final = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_UUID_EXAMPLE: Final = "00000000-0000-4000-8000-00000000fa4e"
_STRONG: Final = 5  # letters of a prefix that needs no boundary before it
_ENOUGH: Final = 20  # of a long body behind a prefix, since lengths change (SECRETS, "Changed length")
_MANY: Final = 3
_FILLER: Final = 8  # different letters that what fills a place has at most: `xxxxxxxx`, `your_token`
_LETTERS: Final = 8  # of a run that prove a token in its gate
_CUT_OFF: Final = 9  # letters of the body that are left of a token which a length limit has cut


class Term(NamedTuple):
    """One term of a shape: its regular expression, the shortest text it takes, and an example of it."""

    pattern: str
    least: int
    example: str
    literals: tuple[str, ...] = ()
    letters: str = ""
    is_open: bool = False


def _literal(text: str) -> Term:
    return Term(re.escape(text), len(text), text, (text,))


def _run(name: str, low: int, high: str, *, is_open: bool) -> Term:
    letters, filler = CLASSES[name]
    ends = "" if is_open else high or str(low)
    count = f"{{{low}}}" if ends == str(low) else f"{{{low},{ends}}}"
    example = (filler * (low // len(filler) + 1))[:low]
    return Term(f"[{letters}]{count}", low, example, (), letters, is_open or bool(high))


def _choice(options: list[list[Term]]) -> Term:
    joined = [_joined(terms) for terms in options]
    literals = tuple(word for term in joined for word in term.literals)
    first = joined[0]
    known = literals if all(term.literals for term in joined) else ()
    pattern = "|".join(term.pattern for term in joined)
    return Term(f"(?:{pattern})", min(term.least for term in joined), first.example, known)


def _joined(terms: list[Term]) -> Term:
    if len(terms) == 1:
        return terms[0]
    pattern, example = "".join(term.pattern for term in terms), "".join(term.example for term in terms)
    return Term(pattern, sum(term.least for term in terms), example)


def _terms(tokens: Iterator[re.Match[str]]) -> tuple[list[list[Term]], str]:
    """Reads terms to the closing bracket: the options, each a list of terms, and how it was closed."""
    options: list[list[Term]] = [[]]
    for token in tokens:
        if token["literal"]:
            options[-1].append(_literal(token["literal"]))
        elif token["name"]:
            options[-1].append(
                _run(
                    token["name"], int(token["low"]), token["high"], is_open=bool(token["comma"]) and not token["high"]
                )
            )
        elif token["uuid"]:
            options[-1].append(Term(_UUID, 36, _UUID_EXAMPLE))
        elif token["jwt"]:
            options[-1].append(Term(r"eyJ[0-9A-Za-z_.=-]{20,}", 23, "eyJhbGciOiJub25lIn0.e30.Fake", ("eyJ",)))
        elif token["open"]:
            inner, closed = _terms(tokens)
            term = _choice(inner)
            options[-1].append(Term(f"{term.pattern}?", 0, "") if closed == "]?" else term)
        elif token["or"]:
            options.append([])
        elif token["close"]:
            return options, token["close"]
    return options, ""


def read_shape(shape: str) -> list[Term]:
    """Gives the terms of a shape.

    What is not written in the notation is passed over; a test holds the table to it.
    """
    return _terms(_TERM.finditer(shape))[0][0]


def _whole_run(terms: list[Term]) -> list[Term]:
    """Opens the end of the last run, and lowers a long minimum where prefix and run are all there is."""
    last = terms[-1]
    if not last.letters:
        return terms
    least = last.least
    if len(terms) == 2 and terms[0].literals:  # noqa: PLR2004 - prefix and body
        least = min(least, max(_ENOUGH, 36 - terms[0].least * 2) if terms[0].least >= len("ghp_") else least)
    return [*terms[:-1], last._replace(pattern=f"[{last.letters}]{{{least},}}", least=least)]


def _cut_body(terms: list[Term]) -> Term | None:
    """Gives the run of which nine letters are enough behind its prefix, as a length limit may have cut the token."""
    first, body = terms[0], terms[1] if len(terms) > 1 else None
    telling = bool(first.literals) and (first.least >= _STRONG or first.example.endswith("_"))
    return body if body is not None and telling and body.letters and body.least > _CUT_OFF else None


def _pattern(terms: list[Term]) -> str:
    """Gives the pattern of a shape: a boundary where its beginning is weak, and what a length limit leaves of it."""
    first, rest = terms[0], "".join(term.pattern for term in terms[1:])
    weak = not first.literals or first.least < _STRONG
    edge = "(?<![A-Za-z0-9])" if first.literals else "(?<![A-Za-z0-9_-])"
    body = _cut_body(terms)
    if body is not None:
        rest = f"(?:{rest}|[{body.letters}]{{{_CUT_OFF},}})"
    # A letter behind it that its alphabet lacks belongs to it too: alphabets grow.
    return f"{edge if weak else ''}{first.pattern}{rest}[A-Za-z0-9_-]*"


def _gate(terms: list[Term]) -> str:
    """Gives the gate: the shape from its longest literal on, to the eighth letter of the first long run."""
    body = _cut_body(terms)
    if body is not None:
        return f"(?:{'|'.join(map(re.escape, terms[0].literals))})[{body.letters}]{{{_LETTERS}}}"
    place = max(range(len(terms)), key=lambda number: min(map(len, terms[number].literals), default=0))
    parts: list[str] = []
    for term in terms[place:]:
        if term.literals:
            parts.append(f"(?:{'|'.join(re.escape(word) for word in term.literals)})")
            continue
        if term.pattern == _UUID:
            parts.append("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-")
            break
        letters = term.letters
        if letters and term.least:
            parts.append(f"[{letters}]{{{min(term.least, _LETTERS)}}}")
        if not letters or term.least > _LETTERS:
            break
        parts.append(f"[{letters}]*")
    return "".join(parts)


def _check(terms: list[Term]) -> Callable[[str], bool]:
    """Gives the check of a token: its body is no name or filler; a cut one has capitals and digits, or many digits."""
    least, prefix = sum(term.least for term in _whole_run(terms)), terms[0].least

    def token_is_random(value: str) -> bool:
        """Says whether a token's body looks random, the more so the less is left of it; a name of words does not."""
        body = value[prefix:] or value
        if len(value) >= least:
            return (
                random_looking(value)
                or random_looking(body, len(body))
                or (body.isalpha() and len(set(body)) > _FILLER)
            )
        if not random_looking(value):
            return False
        digits = sum(char.isdigit() for char in body)
        cased = body != body.lower() and body != body.upper()
        return len(value) >= least or (digits >= 1 and cased) or digits >= _MANY

    return token_is_random


def _row(line: str) -> Detector:
    name, kind, shape, words, level, source = line.split("\t")
    terms = read_shape(shape)
    example = "".join(term.example for term in terms)
    beside = tuple(words.split("|")) if words else ()
    return Detector(
        kind=kind,
        group="secret",
        name=name,
        proof="word" if beside else "shape",
        words=beside,
        pattern=_pattern(_whole_run(terms)),
        gate="" if beside else _gate(_whole_run(terms)),
        level=level,
        validate=_check(terms),
        example=f"{beside[0]}: {example} ok" if beside else f"using {example} ok",
        near_miss=f"using {example} ok" if beside else f"using {example[: max(3, len(terms[0].example))]} ok",
        source=source,
    )


def _table() -> tuple[Detector, ...]:
    text = pkgutil.get_data("discreet.detectors", "data/tokens.tsv") or b""
    return tuple(_row(line) for line in text.decode().splitlines()[1:])


TOKEN_DETECTORS: Final = _table()
