"""The labelled corpus: positives by kind, and clean records. Seeded, and made without a look at the detectors."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from tests.detection import composed, documents, more_values, personal_kinds, secret_values, semconv, surroundings
from tests.detection.clean_lines import clean
from tests.detection.records import Composed, Kind, Piece, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.detection.records import Drawn

__all__ = ["KINDS", "clean", "positives"]

PERSONAL = tuple(kind.name for kind in personal_kinds.KINDS)
KINDS: tuple[Kind | Composed, ...] = (
    *personal_kinds.KINDS,
    *secret_values.KINDS,
    *more_values.KINDS,
    *composed.COMPOSED,
    *more_values.COMPOSED,
    *documents.COMPOSED,
)
_TEXT_KEYS = (
    "exception.message",
    "message",
    "log.record.original",
    "error.message",
    "body",
    "event.detail",
    "exception.stacktrace",
)
_PEOPLE = ("user", "customer", "account", "primary", "old", "billing", "contact", "member")
_NOISE: dict[str, Any] = {
    "http.response.status_code": 200,
    "service.name": "checkout",
    "code.function.name": "shop.orders.sync",
    "retry": False,
    "duration_ms": 12.5,
    "k8s.pod.name": "web-5f6d9c7b8-x2x9q",
}


def positives(seed: int = 0, per_kind: int = 300) -> Iterator[Record]:
    """The labelled records, kind by kind. A kind's records depend on the seed and its name only."""
    for kind in KINDS:
        rng = Random(f"{seed} {kind.name}")
        for _ in range(per_kind):
            yield _composed(rng, kind) if isinstance(kind, Composed) else _drawn(rng, kind)
    for name, table in (("semconv", semconv.ATTRIBUTES), ("semconv_id", semconv.IDS)):
        rng = Random(f"{seed} {name}")
        for _ in range(per_kind):
            rows = dict(rng.sample(table, rng.choice([1, 1, 2, 4])))
            filled = {key: fill(rng) for key, fill in rows.items()}
            secrets = tuple(secret for _, found in filled.values() for secret in found)
            yield Record(
                name, _noisy(rng, {key: value for key, (value, _) in filled.items()}), secrets, ", ".join(rows)
            )


def _composed(rng: Random, kind: Composed) -> Record:
    piece = kind.make(rng)
    # A text that was cut off ends where it was cut.
    wrapped = kind.name != "cut_token" and rng.random() < 0.6
    return _text(rng, kind.name, surroundings.line(rng, piece) if wrapped else piece, "composed")


def _drawn(rng: Random, kind: Kind) -> Record:
    """A value under a key, as an attribute, in a sentence with its word, or without anything beside it."""
    drawn = kind.draw(rng)
    key = _key(rng, kind)
    chance = rng.random()
    if chance < 0.2:
        return _attributes(rng, kind.name, key, drawn.text)
    if not kind.sentences or chance < 0.55:
        piece, source = surroundings.keyed(rng, key, drawn.text), "keyed"
    else:
        piece, source = _bare(rng, kind, drawn), "bare"
    piece = surroundings.line(rng, piece) if rng.random() < 0.6 else piece
    return _text(rng, kind.name, piece, source)


def _key(rng: Random, kind: Kind) -> str:
    key = rng.choice(kind.keys)
    if kind.name in PERSONAL:
        return f"{rng.choice(_PEOPLE)}_{key}" if rng.random() < 0.25 and "_" not in key else key
    return surroundings.affixed(rng, key) if key.isascii() else key


def _bare(rng: Random, kind: Kind, drawn: Drawn) -> Piece:
    """The value in a sentence; one that does not prove itself gets one of its words."""
    sentences = kind.sentences
    if drawn.words and not drawn.alone:
        sentences = tuple(s for s in sentences if "{w}" in s or "code" in s or "password" in s)
        template = surroundings.noise(rng, rng.choice(sentences)).replace("{w}", rng.choice(drawn.words))
        return Piece(template.replace("{v}", drawn.text), (drawn.text,))
    word = rng.choice(drawn.words) if drawn.words else ""
    return surroundings.bare(rng, drawn.text, tuple(s.replace("{w}", word) for s in sentences))


def _text(rng: Random, kind: str, piece: Piece, source: str) -> Record:
    """The piece as a text, or now and then as a text attribute."""
    if rng.random() < 0.15:
        return Record(
            kind, _noisy(rng, {rng.choice(_TEXT_KEYS): piece.text}), piece.secrets, f"{source}, attribute", piece.also
        )
    return Record(kind, piece.text, piece.secrets, source, piece.also)


def _attributes(rng: Random, kind: str, key: str, value: str) -> Record:
    """The value under its key as an attribute: flat, prefixed, nested, or in a list."""
    spelled = surroundings.spell(rng, key)
    shapes: tuple[dict[str, Any], ...] = (
        {spelled: value},
        {spelled: value},
        {f"app.{spelled}": value},
        {f"http.request.body.{spelled}": value},
        {"user": {"id": 7, spelled: value}},
        {"request": {"body": {spelled: value, "page": 2}}},
        {spelled: [value]},
    )
    return Record(kind, _noisy(rng, rng.choice(shapes)), (value,), "attribute")


def _noisy(rng: Random, attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes among harmless ones."""
    return dict([*rng.sample(list(_NOISE.items()), rng.randint(0, 4)), *attributes.items()])
