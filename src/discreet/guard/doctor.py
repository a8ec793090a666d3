"""The doctor: is everything in this process guarded, and what would leave it?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from discreet.guard import arming, closing, propagation
from discreet.guard.inventory import Part, inventory, twice
from discreet.guard.nets import Net, nets
from discreet.policy import Problem
from discreet.policy.refused import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from discreet.guard.points import Point
    from discreet.guard.probe import Outcome

_BAD = {
    "LEAKS": ("canaries leave raw", "Do not send this process's telemetry on; the parts and points above say why"),
    "withheld": (
        "redaction fails: records leave without content",
        "Take out the custom detectors last added; `discreet explain` says which one fails",
    ),
}
"""By result of a canary that is a problem: what it means, and what to do."""


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """What the doctor found.

    Attributes:
        armed_by: What armed the guard, in words; empty if nothing did.
        nets: The nets of the process, and the state of each.
        parts: Providers, processors, readers and exporters, each with the net that guards it.
        outcomes: What became of each canary.
        problems: What is not guarded, or leaves; each with its remedy. Empty in health.
        notes: What is no leak but worth knowing, such as records that leave twice.
        looked: Whether the look went through; false where something of ours failed, which is a problem too.
    """

    armed_by: str
    nets: tuple[Net, ...]
    parts: tuple[Part, ...]
    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    looked: bool

    @property
    def healthy(self) -> bool:
        """Whether everything is guarded and no canary would have left."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain types, for JSON."""
        return {
            "healthy": self.healthy,
            "armed_by": self.armed_by,
            "nets": [net._asdict() for net in self.nets],
            "parts": [part._asdict() for part in self.parts],
            "outcomes": [outcome._asdict() for outcome in self.outcomes],
            "problems": [asdict(problem) for problem in self.problems],
            "notes": [asdict(note) for note in self.notes],
            "looked": self.looked,
        }


def doctor(*, canaries: bool = True) -> DoctorReport:
    """Look through the process, and send canaries of every kind through the live guard.

    Never raises, and alters nothing that the app sends: what is said goes through pipelines of its own, of the SDK's
    classes, that end in memory, and is not counted. Takes some 0.3 s of one thread, without canaries a tenth of that.

    Args:
        canaries: Whether to send any; what is not guarded shows without them too.

    Returns:
        The report; `healthy` is what a health check asks for.
    """
    return _report(inventory, _everywhere if canaries else list)


def check(*, canaries: bool = False) -> DoctorReport:
    """Give the same at little cost, for start and health checks: points and global providers, in 1 ms.

    Args:
        canaries: Send some, too, at one place of each signal; 15 ms, the first time.
    """
    return _report(lambda: inventory(everywhere=False), _at_some_places if canaries else list)


def _everywhere() -> list[Outcome]:
    from discreet.guard.pipelines import load_encoders
    from discreet.guard.probe import probe

    load_encoders()
    return probe()


def _at_some_places() -> list[Outcome]:
    from discreet.guard.probe import probe

    return probe(_sample)


def _sample(signal: str, place: str, net: str) -> bool:
    """Choose one place of each signal, and the nets that need no thread."""
    return (signal, place, net) in {
        ("span", "attribute", "other processor"),
        ("log", "body", "other processor"),
        ("metric", "attribute, counter", "reader"),
        ("headers", "baggage", "W3C baggage"),
        ("output", "message", "logging handler"),
    }


def _report(look: Callable[[], list[Part]], ask: Callable[[], list[Outcome]]) -> DoctorReport:
    failed: list[Problem] = []
    parts = _tried(look, failed)
    outcomes = _tried(ask, failed)
    held = _tried(nets, failed)
    problems = _tried(lambda: [*_of_points(), *_of_propagators(), *_of_parts(parts), *_of_outcomes(outcomes)], failed)
    notes = _tried(lambda: [*_notes(parts), *_watched(), *refused()], failed)
    return DoctorReport(
        armed_by=arming.armed_by(),
        nets=tuple(held),
        parts=tuple(parts),
        outcomes=tuple(outcomes),
        problems=(*failed, *problems),
        notes=tuple(notes),
        looked=not failed,
    )


def _tried(call: Callable[[], list[Any]], failed: list[Problem]) -> list[Any]:
    try:
        return call()
    except Exception as error:
        failed.append(Problem("doctor", f"could not look ({type(error).__name__})", "Report it with `discreet doctor`"))
        return []


def _of_points() -> Iterator[Problem]:
    if not arming.installed():
        yield Problem(
            "guard",
            "is not armed in this process: what no redacting processor stands before leaves raw",
            "Start with opentelemetry-instrument, call discreet.configure(), or add discreet to OTEL_PROPAGATORS",
        )
        return
    shut = closing.closed()
    for point in arming.unguarded():
        rule, remedy = _RAW if point.signal not in shut else _SHUT
        yield Problem(f"{point.signal}: {_name(point)}", f"{rule} ({point.why})", remedy)


_RAW = (
    "is not the guard's: something replaced it after Discreet was armed, or this OpenTelemetry lacks it",
    "Load what replaces it before Discreet, or install a supported OpenTelemetry",
)
_SHUT = (
    "is missing here, so its signal is shut and nothing of it leaves",
    "Install a supported version of OpenTelemetry",
)


def _of_propagators() -> Iterator[Problem]:
    known = [f"{point.module}.{point.owner}" for point in arming.unguarded()]
    for name in propagation.unguarded() if arming.installed() else ():
        if name in known:
            continue
        yield Problem(
            f"headers: {name}.inject",
            "is not the guard's: something replaced it after Discreet was armed",
            "Load what replaces it before Discreet",
        )


def _watched() -> Iterator[Problem]:
    for point in arming.watched():
        yield Problem(
            f"{point.signal}: {_name(point)}",
            f"has a wrapper of somebody else round the guard, which is handed what is raw ({point.why})",
            "Make sure that it sends nothing, or load it before Discreet",
        )


def _name(point: Point) -> str:
    return ".".join(filter(None, (point.module, point.owner, point.name)))


def _of_parts(parts: list[Part]) -> Iterator[Problem]:
    """Name what no net guards; of a provider that is none of the SDK's, nothing else is known."""
    for part in parts:
        if part.provider and not part.net:
            yield Problem(
                f"{part.signal}: {part.type}",
                f"is a {part.role} that is not guarded",
                "Use the OpenTelemetry SDK's provider and processors, or send its data through a collector's gate",
            )


def _of_outcomes(outcomes: list[Outcome]) -> Iterator[Problem]:
    """Give one problem for each signal and bad result: where a guard is off, canaries leave at every place."""
    for result, (rule, remedy) in _BAD.items():
        bad = [outcome for outcome in outcomes if outcome.result == result]
        for signal in dict.fromkeys(outcome.signal for outcome in bad):
            places = dict.fromkeys(outcome.place for outcome in bad if outcome.signal == signal)
            passed = dict.fromkeys(outcome.net for outcome in bad if outcome.signal == signal)
            where = f"{', '.join(list(places)[:_NAMED])}{', ...' if len(places) > _NAMED else ''}"
            yield Problem(f"{signal}: {len(places)} places ({where}) by {', '.join(passed)}", rule, remedy)


_NAMED = 3


def _notes(parts: list[Part]) -> Iterator[Problem]:
    for part in twice(parts):
        yield Problem(
            f"{part.signal}: {part.endpoint}",
            "gets every record twice: two exporters of one provider send there",
            "Take one away; FASTAPI_OTEL_AUTO_CONFIGURE=true adds such",
        )
    for part in parts:
        if not part.provider:
            yield Problem(
                f"{part.signal}: {part.type}",
                f"is a {part.role} that no provider holds: whoever calls it by hand goes past the guard",
                "Give it to a provider",
            )
