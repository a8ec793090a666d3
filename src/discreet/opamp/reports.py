"""What is reported of this process, as plain values: nothing raw leaves by this way either."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.guard.parts import clean_resource
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from opentelemetry.sdk.resources import Resource

    from discreet.policy import Problem
    from discreet.policy.documents import Document

# OpAMP specification, AgentDescription: what identifies an agent, and the kinds of what describes it.
IDENTIFYING: Final = ("service.name", "service.namespace", "service.version", "service.instance.id")
DESCRIBING: Final = ("os.", "host.", "process.", "telemetry.", "deployment.", "container.", "k8s.", "cloud.")
WITHHELD: Final = "[discreet: withheld]"
_LONGEST: Final = 4096  # characters of a message; the specification sets no bound

Plain = str | int | float


class Process(NamedTuple):
    """What the link asks of this process. None of these raises.

    Attributes:
        resource: Gives the resource of its telemetry.
        effective: Gives the configuration in force, secrets withheld, for JSON.
        problems: Gives what is wrong with the guard or the configuration; empty in health.
        signals: Gives for each signal whether it is guarded.
        take: Puts what the server offers in force, None for nothing, and gives what is wrong with it.
        refused: Gives what is wrong with what the server offered last.
    """

    resource: Callable[[], Resource]
    effective: Callable[[], dict[str, Any]]
    problems: Callable[[], tuple[Problem, ...]]
    signals: Callable[[], Mapping[str, bool]]
    take: Callable[[Document | None], tuple[Problem, ...]]
    refused: Callable[[], tuple[Problem, ...]]


class Description(NamedTuple):
    """What says which agent this is."""

    identifying: Mapping[str, Plain]
    describing: Mapping[str, Plain]


def description(resource: Resource, instance: str) -> Description:
    """Give the attributes of a resource by which an agent is known, redacted as those of records are.

    Args:
        resource: That of the process's telemetry.
        instance: The ``service.instance.id`` where the resource has none.
    """
    found = {
        name: value
        for name, value in clean_resource(resource, current()).attributes.items()
        if isinstance(value, Plain)
    }
    identifying: dict[str, Plain] = {name: found[name] for name in IDENTIFYING if name in found}
    describing = {name: value for name, value in found.items() if name.startswith(DESCRIBING)}
    identifying.setdefault("service.instance.id", instance)
    return Description(identifying, {**describing, "process.pid": os.getpid()})


def said(problems: Iterable[Problem]) -> str:
    """Give problems as one text."""
    return str(clean("; ".join(map(str, problems))))[:_LONGEST]


def clean(value: Any) -> Any:
    """Give plain values with each text redacted, keys as they are: those are names of options."""
    if isinstance(value, dict):
        return {name: clean(held) for name, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(held) for held in value]
    if not isinstance(value, str):
        return value
    try:
        return current().redactor.text(value, set())
    except Exception:
        return WITHHELD
