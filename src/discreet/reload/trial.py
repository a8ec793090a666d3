"""A new configuration on trial: it is compiled, and has to redact made-up values, before it comes into force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from discreet.detectors.planted import KIND as HONEYTOKEN
from discreet.guard.canaries import KINDS, Canary, canary
from discreet.policy import Policy, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from discreet.detectors import Detector

_PLACE: Final = "The configuration"
_REMEDY: Final = "Take out patterns, or the detectors last added"


def tried(settings: Mapping[str, Any]) -> Policy | Problem:
    """Give the compiled policy, or what is wrong with it. Never raises."""
    try:
        policy = Policy.compiled(dict(settings))
        leaking = tuple(dict.fromkeys(_leaking(policy, settings["patterns"])))
    except Exception as error:
        return Problem(_PLACE, f"cannot be compiled ({type(error).__name__})", _REMEDY)
    if leaking:
        return Problem(_PLACE, f"lets canaries leave raw: {', '.join(leaking)}", _REMEDY)
    return policy


def _leaking(policy: Policy, patterns: Sequence[Detector]) -> Iterator[str]:
    """Name the kinds of which a value stays: one of the doctor's canaries, a planted value, the example of a detector.

    Kinds that the policy keeps, or for which no detector was chosen, may stay. One example of each kind is tried, and
    that of every pattern of the configuration: a quarter of a second for all.
    """
    redactor = policy.redactor
    detectors = [row for row in redactor.detectors if row.kind not in redactor.actions.kept]
    first = {row.kind: row for row in reversed(detectors)}
    planted = redactor.planted if first.pop(HONEYTOKEN, None) else ()
    made_up = (
        *(canary(kind, 1) for kind in KINDS if kind in first),
        *(Canary(row.kind, row.example, row.example) for row in (*first.values(), *patterns) if row.kind in first),
        *(Canary(HONEYTOKEN, value, value) for value in planted),
    )
    for row in made_up:
        if row.secret in redactor.text(row.text, set()):
            yield row.kind
