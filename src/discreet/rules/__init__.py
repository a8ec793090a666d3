"""Recording and alert rules for Prometheus: tables of what is watched, and thresholds of environments."""

from discreet.rules.environment import Environment, WrongEnvironmentError, environment_of, read_environment
from discreet.rules.groups import GROUPS
from discreet.rules.model import Alert, Group, Recording
from discreet.rules.render import alerts, markdown, render, resolved
from discreet.rules.thresholds import THRESHOLDS, Threshold

__all__ = [
    "GROUPS",
    "THRESHOLDS",
    "Alert",
    "Environment",
    "Group",
    "Recording",
    "Threshold",
    "WrongEnvironmentError",
    "alerts",
    "environment_of",
    "markdown",
    "read_environment",
    "render",
    "resolved",
]
