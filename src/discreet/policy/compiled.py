"""The policy in force: immutable, and replaced by swapping one reference."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from discreet.detectors import detectors_named, learn_levels, planted_detectors
from discreet.detectors.keys import KEY_LEVELS
from discreet.policy.ceilings import Ceilings
from discreet.policy.classifying import compiled_rules
from discreet.policy.incoming import Incoming
from discreet.policy.known import known_detectors, known_with
from discreet.policy.level_actions import compiled_level_actions
from discreet.policy.opamp import Server
from discreet.policy.options import OPTIONS
from discreet.policy.outgoing import Outgoing
from discreet.policy.parsing import ALL
from discreet.redaction import Actions, Redactor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.classification import ConfiguredRule
    from discreet.detectors import Detector
    from discreet.redaction import PseudonymKey


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that decides what happens to a record.

    Attributes:
        redactor: The compiled detectors and keys.
        levels: The level of each kind that only patterns of the configuration know.
        classify: Rules of the configuration that say what a record is.
        ceilings: The highest level that each exporter is handed.
        level_actions: What becomes of the records of a level, where that is not "keep".
        retention: How long records are to be kept, by category or level.
        keep_security: Whether no span of category security or audit is sampled away.
        cardinality_limit: Most sets of attributes of one metric that have a series of their own.
        baggage: Which baggage may go out, and to whom.
        opamp: The server that this process reports to, if one is given.
        incoming: What of an incoming request becomes attributes.
        pseudonym_key: What pseudonyms are made with; None where none is set.
        output: Whether text written by stdlib logging is redacted.
        log_format: How it is written: "app", "json" or "console".
        log_correlation: Whether the app's own log lines get the trace id.
        response_header: Whether responses carry the trace id.
        process_metrics: Whether psutil reports on the process.
        system_metrics: Whether psutil reports on the host.
        reload_interval: Seconds between looks at the configuration files; 0 for never.
        health_interval: Seconds between rounds of health checks; 0 for none.
        health_endpoints: Whether Starlette and FastAPI apps answer /livez, /readyz and /healthz.
        health_port: Port of the loopback interface that answers the same; 0 for none.
        reload_on_hangup: Whether SIGHUP reloads: ``auto``, ``always`` or ``never``.
        strict: Whether what cannot be cleaned raises, for tests and CI, instead of being withheld quietly.
    """

    redactor: Redactor
    levels: Mapping[str, str]
    classify: tuple[ConfiguredRule, ...]
    ceilings: Ceilings
    level_actions: Mapping[str, str]
    retention: Mapping[str, str]
    keep_security: bool
    cardinality_limit: int
    baggage: Outgoing
    opamp: Server | None
    incoming: Incoming
    pseudonym_key: PseudonymKey | None = field(repr=False)
    output: bool
    log_format: str
    log_correlation: bool
    response_header: bool
    process_metrics: bool
    system_metrics: bool
    reload_interval: int
    health_interval: int
    health_endpoints: bool
    health_port: int
    reload_on_hangup: str
    strict: bool

    @classmethod
    def compiled(cls, settings: dict[str, Any]) -> Policy:
        """Give the policy of settings as `discreet.policy.resolve` gives them."""
        settings = dict(settings)
        levels = _levels(settings["patterns"])
        planted = settings.pop("honeytokens")
        redactor = Redactor(
            (*planted_detectors(planted), *_detectors(settings.pop("detectors"), settings.pop("patterns"))),
            planted=planted,
            actions=Actions(settings.pop("actions"), settings["pseudonym_key"]),
            genai_content=settings.pop("genai_content"),
        )
        baggage = Outgoing.of(settings.pop("baggage_keys"), settings.pop("baggage_hosts"))
        incoming = Incoming.of(settings.pop("request_id_headers"), settings.pop("baggage_attributes"))
        rules = compiled_rules(settings.pop("classify"))
        return cls(
            redactor=redactor,
            levels=levels,
            classify=rules,
            ceilings=Ceilings.of(settings.pop("exporters")),
            level_actions=compiled_level_actions(settings.pop("level_actions")),
            baggage=baggage,
            incoming=incoming,
            opamp=_server(settings),
            **settings,
        )


def _server(settings: dict[str, Any]) -> Server | None:
    """Take the options of OpAMP out of the settings."""
    settings.pop("opamp_may_loosen")  # asked where sources are settled
    endpoint, *others = (settings.pop(f"opamp_{name}") for name in ("endpoint", "headers", "interval"))
    return Server(endpoint, *others) if endpoint else None


def _detectors(names: tuple[str, ...], patterns: tuple[Detector, ...]) -> tuple[Detector, ...]:
    learn_levels(patterns)
    known = known_with(patterns)
    return known if names == ALL else tuple(dict.fromkeys((*detectors_named(names, known), *patterns)))


def _levels(patterns: tuple[Detector, ...]) -> dict[str, str]:
    """Give the levels of kinds that no detector of this process has: those of a reload may differ from those before."""
    known = {*KEY_LEVELS, *(row.kind for row in known_detectors())}
    return {row.kind: row.level for row in reversed(patterns) if row.kind not in known}


def _strictest() -> Policy:
    return Policy.compiled({option.name: option.default for option in OPTIONS})


_in_force: Policy | None = None
_since = time.time()


def current() -> Policy:
    """Give the policy in force: the default, which redacts all it knows, until another is put in force."""
    global _in_force  # noqa: PLW0603 - the one reference that a reload swaps
    if _in_force is None:
        _in_force = _strictest()
    return _in_force


def put_in_force(policy: Policy | None) -> None:
    """Swap the policy; None stands for the default."""
    global _in_force, _since
    _in_force, _since = policy, time.time()


def in_force_since() -> float:
    """Give when the policy was swapped last, in seconds since the epoch."""
    return _since
