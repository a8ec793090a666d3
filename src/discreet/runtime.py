"""The one runtime behind all ways in: arm the guard, put a policy in force, report on process and host."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from discreet import guard
from discreet.context import answer_with_trace_id, servers
from discreet.guard import queues, service
from discreet.metrics import register_host_metrics, register_self_observation, report_state
from discreet.policy import ConfigurationError, Problem, current
from discreet.policy.refused import refused
from discreet.policy.showing import shown
from discreet.policy.watch import note, noting
from discreet.reload import Configuration, Loop, hangup
from discreet.setup import declarative, environment

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from discreet.guard.doctor import DoctorReport
    from discreet.opamp import Link
    from discreet.policy.documents import Document
    from discreet.setup.declarative import Declared
    from discreet.setup.providers import Destination

_logger = logging.getLogger("discreet")
_configuration = Configuration()
_lock = _configuration.lock

DIRECTORY = "DISCREET_DOCTOR"
"""The variable by which `discreet doctor` says where processes report to."""


@dataclass
class _State:
    armed: bool = False
    following: bool = False
    said: set[str] = field(default_factory=set)
    report: Report | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What `configure` found and did.

    Attributes:
        built: Signals whose provider and exporters were built by this call.
        kept: Signals whose provider was there before, and is guarded.
        instrumented: Names of the instrumentations in force.
        unreached: In words, what could not be reached: a provider that is not the SDK's, an instrumentation.
    """

    built: tuple[str, ...]
    kept: tuple[str, ...]
    instrumented: tuple[str, ...]
    unreached: tuple[str, ...]


_state = _State()


def arm(by: str = "discreet.configure()") -> None:
    """Arm the guard with the policy of the environment. Idempotent; what is wrong there is said.

    Args:
        by: The way in that led here, as `discreet.doctor` names it.
    """
    with _lock:
        if _state.armed:
            return
        guard.install(by)
        servers.install()
        problems = _configuration.enforce(_configuration.gathered())
        _state.armed = True
    for problem in (*problems, *environment.problems(os.environ)):
        say(problem)
    attend()
    _watch()


def follow_environment() -> None:
    """Put the policy of the environment in force without arming the guard; nothing where it is armed already."""
    with _lock:
        if _state.armed or _state.following:
            return
        problems = _configuration.enforce(_configuration.gathered())
        _state.following = True
    for problem in problems:
        say(problem)
    attend()
    _watch()


def use_file(path: str) -> Declared | None:
    """Put our settings of a declarative file in force, beneath those of the environment; give the file.

    A file that cannot be read is said, and the policy stays as it is.
    """
    with noting() as seen:
        note(path)
        declared = declarative.load(path)
    _configuration.declare(path, None if isinstance(declared, Problem) else declared.document, seen)
    if isinstance(declared, Problem):
        say(declared)
        _watch()
        return None
    with _lock:
        _state.armed = False
    arm()
    return declared


def build_from_file(path: str) -> None:
    """Set up the providers of a declarative file, under its settings; what is wrong is said, and the app runs on."""
    _build(use_file(path))


def _build(declared: Declared | None) -> None:
    if declared is not None and (problem := declarative.build(declared)):
        say(problem)


def observe() -> None:
    """Report on process and host, and give the trace id back to callers, as the policy says; check the guard."""
    policy = current()
    try:
        report_state("guard_active", _active)
        report_state("queue_size", queues.sizes)
        report_state("queue_capacity", queues.capacities)
        register_self_observation()
        register_host_metrics(process=policy.process_metrics, system=policy.system_metrics)
        if policy.response_header:
            answer_with_trace_id()
    except Exception as error:
        _logger.warning("discreet: metrics of process and host are not reported (%s)", type(error).__name__)
    _check_health()
    check()
    _reach_server()


def _reach_server() -> None:
    """Report to the OpAMP server that the policy names, if it does; once in a process."""
    server = current().opamp
    if server is None or _state.link is not None:
        return
    from discreet.opamp import Link, Process

    process = Process(
        resource=service.resource,
        effective=lambda: shown(_configuration.found()),
        problems=_problems,
        signals=lambda: {signal: bool(state) for (signal,), state in guard.active().items()},
        take=apply_remote,
        refused=_configuration.refused,
    )
    _state.link = Link(server, process)
    if problem := _state.link.begin():
        say(problem)


def _problems() -> tuple[Problem, ...]:
    """Give what is wrong now: with the guard, with the configuration in force, with a changed one that was refused."""
    return tuple(dict.fromkeys((*check().problems, *_configuration.problems(), *refused())))


def apply_remote(offered: Document | None) -> tuple[Problem, ...]:
    """Put what a remote offers in force on top of the local sources, which it may tighten and not loosen.

    Args:
        offered: What it offers, as `discreet.policy.offered.offered` gives it; None for nothing any more.

    Returns:
        Why it was refused, which is said, too; the last good one stays in force then. Empty where it is in force.
    """
    problems = _configuration.take(offered)
    for problem in problems:
        _logger.error("discreet: %s (what was in force before stays)", problem)
    if not problems:
        _logger.info("discreet: the OpAMP server's configuration is in force")
    if _state.armed:
        check(canaries=True)
    return problems


def _check_health() -> None:
    try:
        from discreet import health

        health.serve(current())
    except Exception as error:
        _logger.warning("discreet: health is not checked (%s)", type(error).__name__)


def check(*, canaries: bool = False) -> DoctorReport:
    """Say every problem of the guard that shows at once, each once in a process; call it after each reload too.

    Args:
        canaries: Send made-up values through the guard, too, as after a change of the policy; some 15 ms, else 1 ms.
    """
    from discreet.guard import doctor

    report = doctor.check(canaries=canaries)
    for problem in report.problems:
        say(problem)
    return report


def _active() -> Mapping[tuple[str, ...], int]:
    """Give the state of each signal for a collection, and say what came up unguarded since the last one."""
    if _state.armed:  # a provider may outlive `reset`
        check()
    return guard.active()


def attend() -> None:
    """Report to `discreet doctor` if it started this process."""
    if DIRECTORY in os.environ:
        from discreet.guard import attendance

        attendance.begin(os.environ[DIRECTORY])


def say(problem: Problem) -> None:
    """Write one line for a problem, once."""
    line = str(problem)
    if line not in _state.said:
        _state.said.add(line)
        _logger.error("discreet: %s", line)


def configure(  # noqa: PLR0913 - each argument is one thing to choose or leave out
    *,
    service_name: str | None = None,
    resource: Mapping[str, Any] | None = None,
    signals: Collection[str] = ("traces", "metrics", "logs"),
    exporters: Sequence[str] | Mapping[str, Any] | None = None,
    endpoint: str | None = None,
    headers: Mapping[str, str] | None = None,
    protocol: str | None = None,
    instrument: bool | Collection[str] = True,
    **options: Any,
) -> Report:
    """Set Discreet up in code: guard, providers, exporters and the installed instrumentations by one call.

    Idempotent and thread-safe: a second call gives the first one's report. What exists already is covered too:
    providers, FastAPI applications, SQLAlchemy engines; what cannot be reached is named in the report and in the log.
    With ``OTEL_CONFIG_FILE``, the providers are those of the declarative file.

    Args:
        service_name: ``service.name`` of the resource; else ``OTEL_SERVICE_NAME`` decides.
        resource: More resource attributes.
        signals: Those to build a provider for; one that has a provider keeps it.
        exporters: Names of exporters, such as ``["otlp"]`` or ``["console"]``; else ``OTEL_*_EXPORTER``, else OTLP.
            A mapping is the option of that name, such as ``{"console": {"max_level": "internal"}}``, and chooses none.
        endpoint: Base URL of the OTLP backend; else ``OTEL_EXPORTER_OTLP_ENDPOINT`` and its kin.
        headers: Headers for the backend; else ``OTEL_EXPORTER_OTLP_HEADERS``.
        protocol: ``"http/protobuf"`` or ``"grpc"``; else ``OTEL_EXPORTER_OTLP_PROTOCOL``.
        instrument: Whether to instrument the installed libraries, or the names of those to instrument.
        **options: The options of `discreet.policy.OPTIONS`, such as ``detectors=["email", "card"]``.

    Raises:
        ConfigurationError: When an argument is wrong; nothing was set up then, but the guard is armed.
    """
    from discreet.setup.arguments import checked
    from discreet.setup.providers import Destination

    if isinstance(exporters, Mapping):
        options, exporters = {**options, "exporters": exporters}, None
    with _lock:
        arm()
        path = os.environ.get("OTEL_CONFIG_FILE") if _state.report is None else None
        declared = use_file(path) if path else None
        attributes = {**(resource or {}), **({"service.name": service_name} if service_name else {})}
        found = _configuration.gathered(options, attributes)
        wrong = [
            *(problem for problem in found.problems if problem.place.startswith("configure(")),
            *checked(signals=signals, exporters=exporters, endpoint=endpoint, headers=headers, protocol=protocol),
        ]
        if wrong:
            raise ConfigurationError(wrong)
        if _state.report is None:
            _build(declared)
            if options or attributes:
                for problem in _configuration.enforce(found, options, attributes):
                    say(problem)
            _watch()
            destination = Destination(exporters, endpoint, headers, protocol)
            _state.report = _set_up(attributes, signals, destination, instrument)
        return _state.report


def reload() -> tuple[Problem, ...]:
    """Read the configuration files anew and put them in force; a bad one leaves the last good one, and is said.

    What the guard does then is checked by canaries. Thread-safe; a record is redacted by the old policy or the new.

    Returns:
        What is wrong; empty when the new configuration is in force.
    """
    problems, waiting = _configuration.reload()
    for problem in problems:
        _logger.error("discreet: %s (the configuration before stays in force)", problem)
    for words in waiting:
        _logger.warning("discreet: %s was changed, and takes effect when the process starts anew", words)
    if not problems:
        _logger.info("discreet: the configuration was read anew, and is in force")
    _watch()
    if _state.armed:
        check(canaries=True)
    return problems


def _look() -> None:
    """Reload if a file is another than before."""
    if _configuration.changed():
        reload()


def _watch() -> None:
    """See to it that changes are noticed: at an interval, by SIGHUP, in forked children."""
    if _configuration.is_watched():
        hangup.take(_loop.ask, current().reload_on_hangup)
        _loop.begin()


_loop = Loop(_look, reload, lambda: current().reload_interval)


def _set_up(
    attributes: Mapping[str, Any],
    signals: Collection[str],
    destination: Destination,
    instrument: bool | Collection[str],
) -> Report:
    from discreet.setup import instrumentors, late, providers

    environment.set_defaults()
    service.give(attributes)
    kept = tuple(signal for signal in providers.GLOBALS if providers.is_covered(signal))
    foreign = [
        f"the global provider of {signal}, which is not the OpenTelemetry SDK's"
        for signal in providers.GLOBALS
        if not providers.is_unset(signal) and signal not in kept
    ]
    built = providers.build(signals, attributes, destination)
    observe()
    done: list[str] = []
    failed: list[str] = []
    if instrument is not False:
        done, failed = instrumentors.instrument(None if instrument is True else instrument)
        failed += late.cover(done)
    unreached = (*foreign, *failed)
    for words in unreached:
        _logger.warning("discreet: not reached: %s", words)
    return Report(built, kept, tuple(done), unreached)


def reset() -> None:
    """Take everything of ours away again. For tests: global providers stay as they are."""
    with _lock:
        if _state.link is not None:
            _state.link.end()
            _state.link = None
        guard.uninstall()
        servers.uninstall()
        service.give({})
        _configuration.reset()
        _state.armed, _state.following, _state.report = False, False, None
        _loop.stop()
        if "discreet.health" in sys.modules:
            sys.modules["discreet.health"].stop()
        hangup.give_back()
        _state.said.clear()
