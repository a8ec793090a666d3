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
    "opamp_endpoint",
    "opamp_headers",
    "opamp_interval",
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
    found: Gathered | None = None
    """The settings in force, with what the remote made of them."""
    remote: Document | None = None
    """What a remote offered, and is in force."""
    offered: Document | None = None
    """What it offered last."""
    refused: tuple[Problem, ...] = ()
    """Why that is not in force."""
    problems: tuple[Problem, ...] = ()
    seen: Mapping[str, Signature] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    """What is read at start only, as it stands in the sources."""
    started: Mapping[str, Any] = field(default_factory=dict)
    """The same as it was before the first reload."""


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
                found = _settled(self._sources.declared, own, arguments, resource, self._sources.remote)
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
                found = gather((), environ={})
                rule = f"cannot be compiled ({type(error).__name__})"
                remedy = "Take out patterns; the defaults are in force"
                problems = (*problems, Problem("The configuration", rule, remedy))
            fixed = _fixed(found.settings, self._sources.declared)
            self._sources = replace(
                self._sources, arguments=arguments, resource=resource, found=found, problems=problems, fixed=fixed
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
                found = _settled(declared, own, before.arguments, before.resource, before.remote)
            wrong = _new(found.problems, before)
            policy = tried(found.settings) if not wrong else wrong[0]
            if isinstance(policy, Problem):
                wrong = wrong or (policy,)
                self._sources = replace(before, seen=seen)
                waiting: tuple[str, ...] = ()
            else:
                put_in_force(policy)
                fixed = _fixed(found.settings, declared)
                last = before.fixed or fixed
                started = before.started or last
                waiting = tuple(name for name, now in fixed.items() if now not in (last[name], started[name]))
                remote = None if found.refused else before.remote
                read = replace(before, declared=declared, own=own, seen=seen, found=found, remote=remote)
                self._sources = replace(read, fixed=fixed, started=started)
            note_refused(wrong)
            COUNTS.reloaded("refused" if wrong else "swapped")
            if not wrong and (found.refused or before.refused):
                self.take(before.offered)
            return Reloaded(wrong, waiting)

    def take(self, offered: Document | None) -> tuple[Problem, ...]:
        """Put what a remote offers in force on top of the local sources, whole. Counted. Reads no file.

        Args:
            offered: What it offers; None for nothing, so that the local sources alone count.

        Returns:
            Why it was refused; the last good one stays in force then.
        """
        with self.lock:
            before = self._sources
            found, policy = _with_remote(before, offered)
            if isinstance(policy, Problem):
                wrong = found.refused or (policy,)
                self._sources = replace(before, offered=offered, refused=wrong)
            else:
                wrong = ()
                put_in_force(policy)
                self._sources = replace(before, offered=offered, refused=(), remote=offered, found=found)
            COUNTS.reloaded("refused" if wrong else "swapped")
            return wrong

    def refused(self) -> tuple[Problem, ...]:
        """Give what is wrong with what a remote offered last; empty where it is in force."""
        return self._sources.refused

    def problems(self) -> tuple[Problem, ...]:
        """Give what is wrong with the local sources, as they were put in force."""
        return self._sources.problems

    def found(self) -> Gathered:
        """Give the settings in force, with their origins."""
        return self._sources.found or gather((), environ={})

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
    remote: Document | None = None,
) -> Gathered:
    return gather((declared, own), environ=os.environ, arguments=arguments, resource=resource, remote=remote)


def _with_remote(before: _Sources, offered: Document | None) -> tuple[Gathered, Policy | Problem]:
    """Give what a remote makes of the local sources, and its policy or what is wrong with it. Never raises."""
    try:
        found = _settled(before.declared, before.own, before.arguments, before.resource, offered)
        return found, found.refused[0] if found.refused else tried(found.settings)
    except Exception as error:  # it comes from outside: whatever is in it, the app runs on
        problem = Problem("OpAMP", f"cannot be settled ({type(error).__name__})", "Take out what was added last")
        return gather((), environ={}), problem


def _signatures(files: Mapping[str, Signature]) -> dict[str, Signature]:
    return {path: signature(path) for path in files}


def _new(problems: tuple[Problem, ...], before: _Sources) -> tuple[Problem, ...]:
    """Give the problems but for those of variables and arguments that were there before: no file can mend them."""
    elsewhere = _settled(None, None, before.arguments, before.resource).problems
    return tuple(problem for problem in problems if not (problem in before.problems and problem in elsewhere))


def _fixed(settings: Mapping[str, Any], declared: Document | None) -> dict[str, Any]:
    """Give what is read at start only, by the words that name it."""
    return {**{name: settings[name] for name in AT_START}, REST: declared.rest if declared else ""}
