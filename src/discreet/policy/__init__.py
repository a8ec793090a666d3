"""What is decided: the options, where they come from, and the compiled policy in force."""

from discreet.policy.ceilings import Ceiling, Ceilings
from discreet.policy.compiled import Policy, current, in_force_since, put_in_force
from discreet.policy.errors import ConfigurationError, Problem, StrictError
from discreet.policy.gather import Gathered, gather, gather_again, read_declarative, read_own
from discreet.policy.known import known_detectors
from discreet.policy.level_actions import action_on
from discreet.policy.options import OPTIONS, Option
from discreet.policy.outgoing import Host, host_of
from discreet.policy.redact import redact
from discreet.policy.resolve import resolve
from discreet.policy.retention import period_of

__all__ = [
    "OPTIONS",
    "Ceiling",
    "Ceilings",
    "ConfigurationError",
    "Gathered",
    "Host",
    "Option",
    "Policy",
    "Problem",
    "StrictError",
    "action_on",
    "current",
    "gather",
    "gather_again",
    "host_of",
    "in_force_since",
    "known_detectors",
    "period_of",
    "put_in_force",
    "read_declarative",
    "read_own",
    "redact",
    "resolve",
]
