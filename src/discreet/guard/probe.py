"""The probe: canaries of every kind at every place, through the live guard, and what of them would have left."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from opentelemetry import context

from discreet.guard import sayings
from discreet.guard.canaries import KINDS, Canary, canary
from discreet.metrics.counts import COUNTS
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from discreet.guard.pipelines import Pipeline
    from discreet.policy import Policy

Result = Literal["LEAKS", "kept by policy", "redacted", "clean", "withheld", "nothing"]


class Outcome(NamedTuple):
    """What became of one canary.

    Attributes:
        signal: ``span``, ``log``, ``metric``, ``headers`` or ``output``.
        place: Where it was said.
        net: What it passed.
        kind: Its kind, or the key it was said under.
        result: ``LEAKS``; ``kept by policy`` where the policy lets that kind pass; ``redacted`` to a marker; ``clean``:
            gone without one; ``withheld`` with its record; ``nothing``: no record came out.
    """

    signal: str
    place: str
    net: str
    kind: str
    result: Result


class _Said(NamedTuple):
    place: str
    kind: str
    by_key: bool
    secret: str
    say: Callable[[Any], Any]


_PLACES: dict[str, Mapping[str, Callable[[Any, str], Any]]] = {
    "span": sayings.SPAN_PLACES,
    "log": sayings.LOG_PLACES,
    "metric": sayings.METRIC_PLACES,
    "headers": {"baggage": lambda to, say: to.baggage(say), "trace state": lambda to, say: to.trace_state(say)},
    "output": sayings.OUTPUT_PLACES,
}
_ELSEWHERE = {("trace state", "W3C baggage"), ("baggage", "W3C trace context")}
"""Places by the nets that they do not pass."""

_MARKERS = (b"[REDACTED:", b"[PSEUDONYM:", b"REDACTED_", b"redacted_")
_WITHHELD = (b"discreet.withheld", b"[WITHHELD:", b"[discreet: withheld]")

_lock = threading.Lock()
_pipelines: dict[tuple[str, str], Pipeline] = {}


def _anew() -> None:
    global _lock  # noqa: PLW0603 - a forked child may find it held
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_anew)


def probe(places: Callable[[str, str, str], bool] = lambda _signal, _place, _net: True) -> list[Outcome]:
    """Say the canaries at the places chosen, and give what became of each.

    Nothing of it reaches an exporter of the app, its counts, or the network.

    Args:
        places: Says of a signal, place and net whether to ask there; everywhere by default.
    """
    from discreet.guard.pipelines import WAYS

    with _lock, _aside():
        outcomes: list[Outcome] = []
        for signal, net in WAYS:
            said = list(_said(signal, partial(_chosen, places, signal, net)))
            if said:
                if (signal, net) not in _pipelines:
                    _pipelines[signal, net] = WAYS[signal, net](signal, net)
                outcomes += _asked(_pipelines[signal, net], said)
        if any(outcome.result == "LEAKS" for outcome in outcomes):
            _pipelines.clear()  # series that were aggregated raw would leak again once the guard is mended
        return outcomes


def _chosen(places: Callable[[str, str, str], bool], signal: str, net: str, place: str) -> bool:
    return (place, net) not in _ELSEWHERE and places(signal, place, net)


@contextmanager
def _aside() -> Iterator[None]:
    """Leave the app's context and our counts alone."""
    token = context.attach(context.Context())
    try:
        with COUNTS.aside():
            yield
    finally:
        context.detach(token)


def _said(signal: str, chosen: Callable[[str], bool]) -> Iterator[_Said]:
    """Give what is said where: a canary for each place and kind, the same at each probe."""
    number = 1000 * list(_PLACES).index(signal)
    for place, say in _PLACES[signal].items():
        number += len(KINDS)
        if chosen(place):
            yield from (_by_value(place, canary(kind, number + at), say) for at, kind in enumerate(KINDS))
    for place, say_keyed in sayings.KEYED_PLACES.get(signal, {}).items():
        number += len(sayings.KEYS)
        if chosen(place):
            for at, key in enumerate(sayings.KEYS):
                yield _by_key(place, key, f"orchid{number + at}Lamp", say_keyed)


def _by_value(place: str, one: Canary, say: Callable[[Any, str], Any]) -> _Said:
    return _Said(place, one.kind, False, one.secret, lambda to: say(to, one.text))


def _by_key(place: str, key: str, secret: str, say: Callable[[Any, str, str], Any]) -> _Said:
    return _Said(place, key, True, secret, lambda to: say(to, key, secret))


def _asked(pipeline: Pipeline, said: list[_Said]) -> Iterator[Outcome]:
    """Say all and read once where records are aggregated, and one by one elsewhere."""
    policy = current()
    if pipeline.signal != "metric":
        for one in said:
            pipeline.read()
            refused = _refused(one, pipeline)
            result = "nothing" if refused else _judged(one, _read(pipeline), pipeline.signal, policy)
            yield _outcome(pipeline, one, result)
        return
    refusals = {one for one in said if _refused(one, pipeline)}
    taken = _read(pipeline)
    for one in said:
        result = "nothing" if one in refusals else _judged(one, taken, pipeline.signal, policy)
        yield _outcome(pipeline, one, result)


def _outcome(pipeline: Pipeline, said: _Said, result: Result) -> Outcome:
    return Outcome(pipeline.signal, said.place, pipeline.net, said.kind, result)


def _refused(said: _Said, pipeline: Pipeline) -> bool:
    """Say it; a value that the SDK refuses leaves nothing behind."""
    try:
        said.say(pipeline.to)
    except Exception:
        return True
    return False


def _read(pipeline: Pipeline) -> bytes:
    try:
        return pipeline.read()
    except Exception:
        return b""


def _judged(said: _Said, taken: bytes, signal: str, policy: Policy) -> Result:
    if said.secret.encode() in taken:
        return "kept by policy" if _kept(said, signal, policy) else "LEAKS"
    if not taken:
        return "nothing"
    if _any(_WITHHELD, taken):
        return "withheld"
    return "redacted" if _any(_MARKERS, taken) else "clean"


def _any(words: Iterable[bytes], taken: bytes) -> bool:
    return any(word in taken for word in words)


def _kept(said: _Said, signal: str, policy: Policy) -> bool:
    """Say whether the policy lets that kind pass: its settings say so, not the redactor that is to be tested."""
    if signal == "output" and not policy.output:
        return True
    redactor = policy.redactor
    chosen = {detector.kind for detector in redactor.detectors}
    return said.kind in redactor.actions.kept or not (said.by_key or said.kind in chosen)
