"""Both engines against each other, a second pass against the first, and the batch's word against the record's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from discreet.redaction import Redactor
from tests.fuzz.budget import cases, smallest
from tests.fuzz.mutations import mutated

if TYPE_CHECKING:
    from collections.abc import Callable

REDACTOR: Final = Redactor()
PLAIN: Final = Redactor(use_re2=False)


def _differ(text: str) -> bool:
    """Says whether the engines disagree on the text or the kinds."""
    found: set[str] = set()
    plain: set[str] = set()
    return REDACTOR.text(text, found) != PLAIN.text(text, plain) or found != plain


def _unstable(text: str) -> bool:
    """Says whether a second pass changes or finds something. A redactor of its own: none remembers the first pass."""
    once = REDACTOR.text(text, set())
    REDACTOR._clean.clear()
    found: set[str] = set()
    return REDACTOR.text(once, found) != once or bool(found - {"error"})


def _withheld(text: str) -> bool:
    """Says whether the engine failed: a whole text is withheld for an error of ours, or because it never settles."""
    return REDACTOR.text(text, set()) in {"[WITHHELD:error]", "[WITHHELD:unstable]"} and "[WITHHELD" not in text


def _wrongly_clean(text: str) -> bool:
    """Says whether a batch is called clean although something is found in it, alone or among others."""
    found: set[str] = set()
    REDACTOR._clean.clear()
    changed = REDACTOR.text(text, found) != text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    among = REDACTOR.clean(["all is well", text, "GET /v1/orders 200"])
    return bool(changed or found) and (REDACTOR.clean([text])[0] or among[1])


_CHECKS: Final[tuple[Callable[[str], bool], ...]] = (_differ, _unstable, _withheld, _wrongly_clean)


@pytest.mark.parametrize("fails", _CHECKS, ids=lambda check: check.__name__.strip("_"))
def test_on_mutated_records(fails: Callable[[str], bool]) -> None:
    """Records of the corpus, mutated: the engines agree, a second pass changes nothing, clean is clean."""
    found = 0
    for rng in cases(fails.__name__, 0.1):
        text = mutated(rng)
        kinds: set[str] = set()
        REDACTOR.text(text, kinds)
        found += bool(kinds)
        if fails(text):
            least = smallest(text, fails)
            once = REDACTOR.text(least, set())
            pytest.fail(
                f"{least!r} becomes {once!r}, then {REDACTOR.text(once, set())!r}; plain {PLAIN.text(least, set())!r}"
            )
    assert found, "no text in which anything was found: this test proves nothing"


def test_a_disagreement_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks can fail: engines that see nothing, and a batch that calls everything clean."""
    assert not any(fails("mail zoe@example.org") for fails in _CHECKS)
    monkeypatch.setattr(type(PLAIN), "clean", lambda self, texts: [True] * len(texts))
    assert _wrongly_clean("mail zoe1@example.org")  # texts that no answer is kept of
    monkeypatch.setattr(PLAIN._engine, "_built", lambda _: ())
    assert _differ("mail zoe2@example.org")
    monkeypatch.setattr(REDACTOR._engine, "find", lambda *_: [(0, 1, "email", "email")])
    assert _withheld("mail zoe3@example.org")
