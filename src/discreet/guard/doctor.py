"""The doctor: is everything in this process guarded, and what would leave it?"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from discreet.guard import arming
from discreet.guard.inventory import Part, inventory, twice
from discreet.guard.pipelines import load_encoders
from discreet.guard.probe import Outcome, probe
from discreet.policy import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from discreet.guard.points import Point

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
        parts: Providers, processors, readers and exporters, each with the net that guards it.
        outcomes: What became of each canary.
        problems: What is not guarded, or leaves; each with its remedy. Empty in health.
        notes: What is no leak but worth knowing, such as records that leave twice.
    """

    parts: tuple[Part, ...]
    outcomes: tuple[Outcome, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    @property
    def healthy(self) -> bool:
        """Whether everything is guarded and no canary would have left."""
        return not self.problems

    def as_dict(self) -> dict[str, Any]:
        """Give the report as plain types, for JSON."""
        return {
            "healthy": self.healthy,
            "parts": [part._asdict() for part in self.parts],
            "outcomes": [outcome._asdict() for outcome in self.outcomes],
            "problems": [asdict(problem) for problem in self.problems],
            "notes": [asdict(note) for note in self.notes],
        }


def doctor() -> DoctorReport:
    """Look through the process, and send canaries of every kind through the live guard; takes some 0.3 s.

    Never raises, and alters nothing that the app sends: what is said goes through pipelines of its own, of the SDK's
    classes, that end in memory.

    Returns:
        The report; `healthy` is what a health check asks for.
    """
    return _report(inventory, _everywhere)


def check() -> DoctorReport:
    """Give the same at little cost, for start and health checks: points, global providers, one round of canaries."""
    return _report(lambda: inventory(everywhere=False), lambda: probe(_sample))


def look() -> DoctorReport:
    """Look through the process as `doctor` does, without canaries."""
    return _report(inventory, list)


def _everywhere() -> list[Outcome]:
    load_encoders()
    return probe()


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
    problems = (*failed, *_of_points(), *_of_parts(parts), *_of_outcomes(outcomes))
    return DoctorReport(tuple(parts), tuple(outcomes), problems, tuple(_notes(parts)))


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
            "is not armed in this process: everything leaves raw",
            "Start with opentelemetry-instrument, call discreet.configure(), or add discreet to OTEL_PROPAGATORS",
        )
        return
    for point in arming.unguarded():
        yield Problem(
            f"{point.signal}: {_name(point)}",
            "is not the guard's: it is missing here, or something replaced it after Discreet was armed",
            f"Load what replaces it before Discreet, or install a supported OpenTelemetry; {point.why} pass there raw",
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
    for result, (rule, remedy) in _BAD.items():
        places: dict[tuple[str, str], set[str]] = {}
        for outcome in outcomes:
            if outcome.result == result:
                places.setdefault((outcome.signal, outcome.place), set()).add(outcome.net)
        for (signal, place), nets in places.items():
            yield Problem(f"{signal}: {place} ({', '.join(sorted(nets))})", rule, remedy)


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
