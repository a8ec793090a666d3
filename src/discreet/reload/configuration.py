"""The configuration of this process: what it is made of, put in force, and read anew while the process runs."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.metrics.counts import COUNTS
from discreet.policy import Gathered, Policy, Problem, gather, put_in_force, read_declarative, read_own
from discreet.policy.refused import note_refused
from discreet.policy.watch import noting, signature
from discreet.reload.lock import ForkLock
from discreet.reload.trial import tried

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.policy.documents import Document
    from discreet.policy.watch import Signature

AT_START: Final = (
    "response_header",
    "process_metrics",
    "system_metrics",
    "reload_on_hangup",
    "health_endpoints",
    "health_port",
)
"""Options that are read when the process starts, and never again."""

REST: Final = "what OTEL_CONFIG_FILE says beside distribution.discreet"

_SETTLED: Final = 0.2
"""Seconds for which a changed file has to stay as it is: whoever writes it in place may be half way through."""


class Reloaded(NamedTuple):
    """What became of a reload.

    Attributes:
        problems: Why the configuration was refused; empty where it is in force.
        waiting: In words, what was changed and takes effect at the next start only.
    """

    problems: tuple[Problem, ...] = ()
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sources:
    """What the policy in force is made of. Replaced whole, so that no fork finds half of it."""

    path: str | None = None
    declared: Document | None = None
    own: Document | None = None
    arguments: Mapping[str, Any] | None = None
    resource: Mapping[str, Any] | None = None
    settings: Mapping[str, Any] | None = None
    problems: tuple[Problem, ...] = ()
    seen: Mapping[str, Signature] = field(default_factory=dict)
    started: Mapping[str, Any] | None = None
    """Values of what is read at start, as they were before the first reload."""


class Configuration:
    """The sources of this process, and what is made of them.

    Attributes:
        lock: Held while they are read and put in force. No fork finds it held, and no record waits for it.
    """

    def __init__(self) -> None:
        self.lock = ForkLock()
        self._sources = _Sources()

    def declare(self, path: str, document: Document | None, seen: Mapping[str, Signature]) -> None:
        """Take a declarative file into use.

        Args:
            path: Where it lies.
            document: What it says to us; None where it cannot be used.
            seen: The signatures of the files that were read for it.
        """
        with self.lock:
            known = {**self._sources.seen, **seen}
            self._sources = replace(self._sources, path=path, declared=document, seen=known)

    def gathered(
        self, arguments: Mapping[str, Any] | None = None, resource: Mapping[str, Any] | None = None
    ) -> Gathered:
        """Settle all sources. The files are read once: only `reload` reads them anew."""
        with self.lock:
            with noting() as seen:
                own = self._sources.own or read_own(os.environ)
                found = _settled(self._sources.declared, own, arguments, resource)
            self._sources = replace(self._sources, own=own, seen={**self._sources.seen, **seen})
            return found

    def enforce(
        self,
        found: Gathered,
        arguments: Mapping[str, Any] | None = None,
        resource: Mapping[str, Any] | None = None,
    ) -> tuple[Problem, ...]:
        """Put settings in force, and give what is wrong; the default, the strictest, where they do not compile."""
        with self.lock:
            problems = found.problems
            try:
                put_in_force(Policy.compiled(found.settings))
            except Exception as error:
                put_in_force(None)
                rule = f"cannot be compiled ({type(error).__name__})"
                remedy = "Take out patterns; the defaults are in force"
                problems = (*problems, Problem("The configuration", rule, remedy))
            self._sources = replace(
                self._sources, arguments=arguments, resource=resource, settings=found.settings, problems=problems
            )
            return problems

    def is_watched(self) -> bool:
        """Say whether any file is in use that may change."""
        return bool(self._sources.seen)

    def changed(self) -> bool:
        """Say whether a file is another than when it was read, and has settled. Stats the files; reads none."""
        seen = self._sources.seen
        now = _signatures(seen)
        if now == seen:
            return False
        time.sleep(_SETTLED)
        return _signatures(seen) == now

    def reload(self) -> Reloaded:
        """Read the files anew and put them in force, whole; a bad one leaves the last good one in force. Counted.

        Records are redacted by the old policy or the new. One reload waits for another, and for `configure`.
        """
        with self.lock:
            before = self._sources
            with noting() as seen:
                declared = read_declarative(before.path, os.environ) if before.path else None
                own = read_own(os.environ)
                found = _settled(declared, own, before.arguments, before.resource)
            wrong = _new(found.problems, before)
            policy = tried(found.settings) if not wrong else wrong[0]
            if isinstance(policy, Problem):
                wrong = wrong or (policy,)
                self._sources = replace(before, seen=seen)
                waiting: tuple[str, ...] = ()
            else:
                put_in_force(policy)
                started = before.started or {name: (before.settings or found.settings)[name] for name in AT_START}
                waiting = tuple(_waiting(before, declared, found.settings, started))
                self._sources = replace(
                    before, declared=declared, own=own, settings=found.settings, seen=seen, started=started
                )
            note_refused(wrong)
            COUNTS.reloaded("refused" if wrong else "swapped")
            return Reloaded(wrong, waiting)

    def reset(self) -> None:
        """Forget all, and put the default in force. For tests."""
        with self.lock:
            put_in_force(None)
            self._sources = _Sources()
            note_refused(())


def _settled(
    declared: Document | None,
    own: Document | None,
    arguments: Mapping[str, Any] | None,
    resource: Mapping[str, Any] | None,
) -> Gathered:
    return gather((declared, own), environ=os.environ, arguments=arguments, resource=resource)


def _signatures(files: Mapping[str, Signature]) -> dict[str, Signature]:
    return {path: signature(path) for path in files}


def _new(problems: tuple[Problem, ...], before: _Sources) -> tuple[Problem, ...]:
    """Give the problems but for those of variables and arguments that were there before: no file can mend them."""
    elsewhere = _settled(None, None, before.arguments, before.resource).problems
    return tuple(problem for problem in problems if not (problem in before.problems and problem in elsewhere))


def _waiting(
    before: _Sources, declared: Document | None, settings: Mapping[str, Any], started: Mapping[str, Any]
) -> list[str]:
    old = before.settings or started
    waiting = [name for name in AT_START if settings[name] not in (old[name], started[name])]
    if before.path and (declared.rest if declared else "") != (before.declared.rest if before.declared else ""):
        waiting.append(REST)
    return waiting
