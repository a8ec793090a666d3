"""The policy in force: immutable, and replaced by swapping one reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from discreet.detectors import detectors_named, learn_levels, planted_detectors
from discreet.policy.classifying import compiled_rules
from discreet.policy.known import known_with
from discreet.policy.options import ALL, OPTIONS
from discreet.policy.outgoing import Outgoing
from discreet.redaction import Actions, Redactor

if TYPE_CHECKING:
    from discreet.classification import ConfiguredRule
    from discreet.detectors import Detector


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that decides what happens to a record.

    Attributes:
        redactor: The compiled detectors and keys.
        classify: Rules of the configuration that say what a record is.
        cardinality_limit: Most sets of attributes of one metric that have a series of their own.
        baggage: Which baggage may go out, and to whom.
        output: Whether text written by stdlib logging is redacted.
        log_format: How it is written: "app", "json" or "console".
        log_correlation: Whether the app's own log lines get the trace id.
        response_header: Whether responses carry the trace id.
        process_metrics: Whether psutil reports on the process.
        system_metrics: Whether psutil reports on the host.
        strict: Whether what cannot be cleaned raises, for tests and CI, instead of being withheld quietly.
    """

    redactor: Redactor
    classify: tuple[ConfiguredRule, ...]
    cardinality_limit: int
    baggage: Outgoing
    output: bool
    log_format: str
    log_correlation: bool
    response_header: bool
    process_metrics: bool
    system_metrics: bool
    strict: bool

    @classmethod
    def compiled(cls, settings: dict[str, Any]) -> Policy:
        """Give the policy of settings as `discreet.policy.resolve` gives them."""
        settings = dict(settings)
        planted = settings.pop("honeytokens")
        redactor = Redactor(
            (*planted_detectors(planted), *_detectors(settings.pop("detectors"), settings.pop("patterns"))),
            planted=planted,
            actions=Actions(settings.pop("actions"), settings.pop("pseudonym_key")),
            genai_content=settings.pop("genai_content"),
        )
        baggage = Outgoing.of(settings.pop("baggage_keys"), settings.pop("baggage_hosts"))
        rules = compiled_rules(settings.pop("classify"))
        return cls(redactor=redactor, classify=rules, baggage=baggage, **settings)


def _detectors(names: tuple[str, ...], patterns: tuple[Detector, ...]) -> tuple[Detector, ...]:
    learn_levels(patterns)
    known = known_with(patterns)
    return known if names == ALL else tuple(dict.fromkeys((*detectors_named(names, known), *patterns)))


def _strictest() -> Policy:
    return Policy.compiled({option.name: option.default for option in OPTIONS})


_in_force: Policy | None = None


def current() -> Policy:
    """Give the policy in force: the default, which redacts all it knows, until another is put in force."""
    global _in_force  # noqa: PLW0603 - the one reference that a reload swaps
    if _in_force is None:
        _in_force = _strictest()
    return _in_force


def put_in_force(policy: Policy | None) -> None:
    """Swap the policy; None stands for the default."""
    global _in_force  # noqa: PLW0603
    _in_force = policy
