"""Redaction of text: what must go, what must stay."""

from __future__ import annotations

import pytest

from discreet.detectors import DETECTORS, detectors_named
from discreet.redaction import Redactor
from discreet.redaction.answers import _MOST
from discreet.redaction.redactor import _CACHE_SIZE
from tests.redaction.corpus import CANARIES, CARD, CLEAN, EMAIL, OBFUSCATED, SECRETS, SURROUNDINGS

REDACTOR = Redactor()
PLAIN = Redactor(use_re2=False)


@pytest.mark.parametrize("kind", CANARIES)
@pytest.mark.parametrize("around", SURROUNDINGS)
def test_a_canary_is_found_wherever_it_stands(kind: str, around: str) -> None:
    """A private value is replaced in paths, queries, lists, tracebacks, and glued to letters and signs."""
    found: set[str] = set()
    clean = REDACTOR.text(around % CANARIES[kind], found)
    assert kind in found
    assert CANARIES[kind] not in clean
    assert "@example.org" not in clean


@pytest.mark.parametrize("line", CLEAN)
def test_clean_lines_stay_as_they_are(line: str) -> None:
    """Ids, hashes, times, versions, paths, prose about passwords and placeholders are not touched."""
    found: set[str] = set()
    assert REDACTOR.text(line, found) == line
    assert found == set()


@pytest.mark.parametrize("line", SECRETS)
def test_nothing_of_a_value_behind_a_telling_key_is_left(line: str) -> None:
    """However key and value are written, the value goes, and the key stays readable."""
    found: set[str] = set()
    clean = REDACTOR.text(line, found)
    assert "hunter2" not in clean.lower()
    assert found
    assert REDACTOR.text(clean, set()) == clean


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in OBFUSCATED.items() for text in texts])
def test_obfuscated_forms_are_found(kind: str, text: str) -> None:
    """Encodings, other scripts, invisible characters and separators do not hide a value."""
    found: set[str] = set()
    assert REDACTOR.text(f"x '{text}' y", found) == f"x '[REDACTED:{kind}]' y"
    assert found == {kind}


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("GET /users/zoe@example.org", "GET /users/[REDACTED:email]"),
        ("pay 4111 1111 1111 1111 now", "pay [REDACTED:card] now"),
        ("a password=hunter2 b", "a password=[REDACTED:password] b"),
        ('{"password": "x y", "n": 1}', '{"password": "[REDACTED:password]", "n": 1}'),
        ("postgres://u:p@db:5432/x", "postgres://[REDACTED:url_userinfo]@db:5432/x"),
        ("?token=a&page=2", "?token=[REDACTED:token]&page=2"),
        ("first_name=Mary Ann status=ok", "first_name=[REDACTED:name] status=ok"),
        ("phone=+1 (555) 123-4567, ok", "phone=[REDACTED:phone], ok"),
        ("email=zoe@example.org", "email=[REDACTED:email]"),
    ],
)
def test_only_the_private_part_is_replaced(text: str, clean: str) -> None:
    """What stands round a value stays readable."""
    assert REDACTOR.text(text, set()) == clean


@pytest.mark.parametrize("line", [*CLEAN, *SECRETS, *(row.example for row in DETECTORS)])
def test_both_engines_find_the_same(line: str) -> None:
    """Without google-re2 the result and the kinds are the same."""
    found: set[str] = set()
    found_plain: set[str] = set()
    assert REDACTOR.text(line, found) == PLAIN.text(line, found_plain)
    assert found == found_plain


def test_a_long_text_is_cut_before_its_last_token() -> None:
    """Beyond the bound nothing is passed, no half secret is left, and a single huge token is withheld whole."""
    small = Redactor(max_text=100)
    clean = small.text("word " * 15 + CARD + "x" * 100, set())
    assert clean == ("word " * 15).strip() + "[WITHHELD:length]"
    assert small.text("word " * 15 + "4111 1111 1111 1111 1111 1111", set()) == "word " * 14 + "word[WITHHELD:length]"
    assert small.text("x" * 101, set()) == "[WITHHELD:length]"
    assert small.text(f"{EMAIL} " * 10, set()).endswith("[WITHHELD:length]")
    assert small.text(clean, set()) == clean


def test_lone_surrogates_are_replaced() -> None:
    """What UTF-8 cannot encode becomes U+FFFD; real pairs stay."""
    assert REDACTOR.text("a\ud800b \U0001f600", set()) == "a\ufffdb \U0001f600"


def test_markers_are_left_alone() -> None:
    """A marker is never matched, never lengthened, and what looks like one hides no number."""
    for text in ("password=[REDACTED:password]", "[REDACTED:email] [WITHHELD:length]", "[REDACTED:card]@example"):
        assert REDACTOR.text(text, set()) == text
    assert CARD not in REDACTOR.text(f"[REDACTED:{CARD}]", set())


def test_chosen_detectors_only() -> None:
    """A redactor with few detectors finds those kinds only."""
    assert Redactor(detectors_named(["card"])).text(f"{EMAIL} {CARD}", set()) == f"{EMAIL} [REDACTED:card]"
    assert Redactor([]).text(EMAIL, set()) == EMAIL


def test_only_clean_texts_are_remembered() -> None:
    """The cache holds no text in which something was found, and stays bounded."""
    redactor = Redactor()
    for number in range(_CACHE_SIZE + 100):
        redactor.text(f"line {number}", set())
    redactor.text(EMAIL, set())
    assert 0 < len(redactor._clean) <= _CACHE_SIZE
    assert EMAIL not in redactor._clean


def test_sqlalchemy_parameters_are_replaced_whole() -> None:
    """The parameters in SQLAlchemy's messages go, brackets, line breaks and representations included."""
    text = "[SQL: INSERT INTO t VALUES (?)]\n[parameters: ('a ] \\n b',)]\n(Background on this error at: https://x)"
    clean = "[SQL: INSERT INTO t VALUES (?)]\n[parameters: [REDACTED:sql_parameters]]\n(Background on this error at: https://x)"
    assert REDACTOR.text(text, set()) == clean
    assert REDACTOR.text(repr(text), set()).strip("'\"") == repr(clean).strip("'\"")
    assert REDACTOR.text("[parameters: {'a': 'b', 'c", set()) == "[parameters: [REDACTED:sql_parameters]"
    assert REDACTOR.text("[parameters: ('a',)]\nnext", set()) == "[parameters: [REDACTED:sql_parameters]]\nnext"
    split = "[parameters: (<x\ny>,)]\n(Background on this error at: z)"
    assert REDACTOR.text(split, set()) == "[parameters: [REDACTED:sql_parameters]]\n(Background on this error at: z)"


def test_answers_are_kept_without_the_value() -> None:
    """A text with a finding is looked at once: the same answer, kinds too; what is kept does not hold the value."""
    redactor = Redactor()
    first: set[str] = set()
    clean = redactor.text(f"from {EMAIL}", first)
    again: set[str] = set()
    assert redactor.text(f"from {EMAIL}", again) == clean
    assert again == first == {"email"}
    assert len(redactor._answers._known) == 1
    assert EMAIL not in repr(redactor._answers._known)


def test_answers_are_bounded() -> None:
    """Few answers are kept, and none of a long text."""
    redactor = Redactor(detectors_named(["email"]))
    for number in range(_MOST + 10):
        redactor.text(f"zoe{number}@example.org", set())
    redactor.text(f"{EMAIL} {'x ' * 400}", set())
    assert 0 < len(redactor._answers._known) <= _MOST
    assert all(len(clean) < 100 for clean, _ in redactor._answers._known.values())
