"""What is decided: the options, where they come from, and the compiled policy in force."""

from discreet.policy.compiled import Policy, current, in_force_since, put_in_force
from discreet.policy.errors import ConfigurationError, Problem, StrictError
from discreet.policy.gather import Gathered, gather, gather_again, read_declarative, read_own
from discreet.policy.known import known_detectors
from discreet.policy.options import OPTIONS, Option
from discreet.policy.outgoing import Host, host_of
from discreet.policy.redact import redact
from discreet.policy.resolve import resolve

__all__ = [
    "OPTIONS",
    "ConfigurationError",
    "Gathered",
    "Host",
    "Option",
    "Policy",
    "Problem",
    "StrictError",
    "current",
    "gather",
    "gather_again",
    "host_of",
    "in_force_since",
    "known_detectors",
    "put_in_force",
    "read_declarative",
    "read_own",
    "redact",
    "resolve",
]
