"""What the properties are tried on: texts near the detectors' shapes, and nested objects."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from discreet.detectors import DETECTORS
from tests.redaction.corpus import CANARIES, OBFUSCATED, SECRETS, SURROUNDINGS

_SIGNS = """
password= token: " ' \\ \\" @ :// : = => , ; & % %40 %3D [ ] ( ) { } < > - -- . _ + * # / | ~ ` $ eyJ [REDACTED:email]
[WITHHELD:length] [REDACTED: ssn= key= a 1 41 1111 0 &#64; \\u0040
"""
# Blanks, letters outside ASCII, a full-width digit, invisible characters, half a surrogate pair.
_ODD = [" ", "\t", "\n", "\x0b", *map(chr, (0xE9, 0x65E5, 0xFF10, 0x200B, 0xA0, 0xD800))]
_PIECES = [
    *CANARIES.values(),
    *(text for texts in OBFUSCATED.values() for text in texts),
    *SECRETS,
    *(row.example for row in DETECTORS),
    *(row.near_miss for row in DETECTORS),
    *(around.partition("%s")[0] for around in SURROUNDINGS),
    *_SIGNS.split(),
    *_ODD,
]
PIECES = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=6)), max_size=8)
TEXTS = st.one_of(
    PIECES.map("".join),
    PIECES.map(" ".join),
    st.text(alphabet=st.characters(), max_size=60),
    st.text(alphabet="a@.:=\"'\\ 1-4eyJpaswordken%[]", max_size=80),
)
KEYS = st.one_of(TEXTS, st.sampled_from(["password", "user", "name", "ssn", "a", "http.request.header.cookie"]))
LEAVES: st.SearchStrategy[Any] = st.one_of(
    TEXTS,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.binary(max_size=40),
    st.decimals(),
    st.dates(),
    st.uuids(),
    st.complex_numbers(),
    st.builds(ValueError, TEXTS),
)
NESTED: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(st.one_of(KEYS, st.integers(), st.none()), inner, max_size=4),
        st.frozensets(st.one_of(TEXTS, st.integers()), max_size=3),
    ),
    max_leaves=12,
)
