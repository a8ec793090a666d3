"""The redactor: text, values and attributes in, the same without anything private out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from discreet.detectors import DETECTORS, Detector
from discreet.redaction.actions import Actions
from discreet.redaction.answers import Answers
from discreet.redaction.engine import HAVE_RE2, Engine, Span
from discreet.redaction.folding import is_plain
from discreet.redaction.markers import FAILED, MARKER, has_marker, withheld
from discreet.redaction.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from discreet.redaction.walk import AnyValue

_ROUNDS: Final = 8
_CACHE_SIZE: Final = 16_384  # more texts than a batch of 512 records has
_CACHED_LENGTH: Final = 256
_CUT_OFF: Final = "0123456789 +-.\t\r\n"


@dataclass(frozen=True)
class Redactor:
    """Replaces what detectors find and what stands under telling keys by markers that say only the kind.

    Immutable, and safe to share between threads and over a fork. It never raises, never changes what it is given,
    and redacting its own output changes nothing. Time is linear in the input.

    Attributes:
        detectors: What is looked for in text. Telling keys of attributes are redacted whichever are chosen.
        max_depth: Containers nested deeper are withheld (OTLP's decoder fails on deep nesting).
        max_items: Values of one record beyond this number are withheld.
        max_text: Characters of one text beyond this number are withheld, from the last whole token on.
        actions: What stands in the place of each kind; a marker by default.
        genai_content: "redact" treats prompts and completions like any other value, "withhold" takes them out whole.
        planted: Values whose appearance is an alarm; looked for under telling keys too, whose values are else not read.
        use_re2: Whether google-re2, where it is installed, serves as the gate.
    """

    detectors: Sequence[Detector] = DETECTORS
    max_depth: int = 20
    max_items: int = 10_000
    max_text: int = 256 * 1024
    actions: Actions = field(default_factory=lambda: Actions({}))
    genai_content: str = "redact"
    planted: tuple[str, ...] = ()
    use_re2: bool = HAVE_RE2
    _engine: Engine = field(init=False, repr=False, compare=False)
    _clean: set[str] = field(init=False, repr=False, compare=False, default_factory=set)
    _answers: Answers = field(init=False, repr=False, compare=False, default_factory=Answers)

    def __post_init__(self) -> None:
        """Compiles the detectors."""
        object.__setattr__(self, "detectors", tuple(self.detectors))
        object.__setattr__(self, "_engine", Engine(self.detectors, use_re2=self.use_re2))

    def text(self, value: str, found: set[str]) -> str:
        """Gives a text with every private part replaced; the kinds found are added to `found`."""
        if type(value) is str and value in self._clean:
            return value
        try:
            return self._answers.get(value, found) or self._looked_at(value, found)
        except Exception:
            found.add(FAILED)
            return withheld("error")

    def _looked_at(self, value: str, found: set[str]) -> str:
        kinds: set[str] = set()
        try:
            clean = self._text(value, kinds)
        finally:
            found |= kinds
        if kinds:
            self._answers.keep(value, clean, kinds)
        return clean

    def value(self, value: object, key: str | None, found: set[str]) -> AnyValue:
        """Gives a clean copy of any value, made of plain types only; `key` is the name it stands under, if any."""
        if key is None and type(value) is str:
            return self.text(value, found)
        return Walk(self, found).value(value, key)

    def attributes(
        self, attributes: Mapping[str, object] | None, found: set[str], *, calling: bool = False
    ) -> dict[str, AnyValue]:
        """Gives a clean copy of attributes, keys cleaned too, in order; keys that become equal get `#2`, `#3`, ...

        `calling`: they are those of a span of kind client or producer, whose peer is a machine that was called.
        """
        if attributes is None:
            return {}
        return Walk(self, found, calling=calling).attributes(attributes)

    def spans(self, text: str) -> list[Span]:
        """Gives what is found in a text, in order and without overlap: (start, end, kind, name of the detector)."""
        return self._engine.find(text, set(), self.actions.kept)

    def fired(self, text: str) -> set[str]:
        """Gives the names of the detectors by shape whose gate a text passes."""
        return self._engine.fired(text)

    def clean(self, texts: Sequence[str]) -> list[bool]:
        """Says of each text whether it is known to hold nothing, by one scan over many of them together.

        What is not known may still be clean; `text` decides.
        """
        return self._engine.clean(texts)

    def learn(self, texts: Iterable[object]) -> None:
        """Looks at many texts at once, as of a batch of records, and remembers those that hold nothing."""
        known = self._clean
        new = {
            text
            for text in texts
            if type(text) is str and len(text) <= _CACHED_LENGTH and text not in known and is_plain(text)
        }
        ordered = list(new)
        try:
            answers = self._engine.clean(ordered)
        except Exception:
            return  # nothing is learnt, so that `text` looks at each, and withholds what fails
        for text, clean in zip(ordered, answers, strict=True):
            if clean and not has_marker(text):
                self._remember(text)

    def _text(self, value: str, found: set[str]) -> str:
        value = _encodable(value)
        for _ in range(_ROUNDS):
            value = self._bounded(value)
            clean = self._replaced(value, found)
            if clean == value:
                self._remember(value)
                return value
            value = clean
        found.add(FAILED)
        return withheld("unstable")

    def _replaced(self, text: str, found: set[str]) -> str:
        """Replaces once what is found. Markers are left alone, and nothing matches across one."""
        if not has_marker(text):
            return self._part(text, found)
        parts = MARKER.split(text)
        clean = {part: self._part(part, found) for part in set(parts[::2])}  # they are often the same
        parts[::2] = [clean[part] for part in parts[::2]]
        return "".join(parts)

    def _part(self, text: str, found: set[str]) -> str:
        spans = self._engine.find(text, found, self.actions.kept)
        if not spans:
            return text
        pieces: list[str] = []
        done = 0
        for start, end, kind, _ in spans:
            pieces += (text[done:start], self.actions.replacement(kind, text[start:end]))
            done = end
        pieces.append(text[done:])
        return "".join(pieces)

    def _bounded(self, text: str) -> str:
        """Cuts a text that is too long where no half secret is left: before its last token and digit groups."""
        if len(text) <= self.max_text:
            return text
        note = withheld("length")
        head = text[: self.max_text - len(note)]
        cut = max(head.rfind(blank) for blank in " \t\r\n")
        return head[: max(cut, 0)].rstrip(_CUT_OFF) + note

    def _remember(self, text: str) -> None:
        """Keeps a short text as proven clean. No text with a finding gets here: only the redacted one does."""
        if len(text) > _CACHED_LENGTH:
            return
        if len(self._clean) >= _CACHE_SIZE:
            self._clean.clear()
        self._clean.add(text)


def _encodable(text: str) -> str:
    """Gives a plain str that UTF-8 can encode: lone surrogates become U+FFFD."""
    text = str.__str__(text)
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
