"""Reports on our own work: what was processed, redacted, withheld and contained."""

from __future__ import annotations

from collections.abc import Callable, Iterable  # noqa: TC003 - a NamedTuple's fields are read at run time
from typing import TYPE_CHECKING, NamedTuple

from opentelemetry.metrics import CallbackOptions, MeterProvider, Observation, get_meter_provider

from discreet.detectors import KIND_LEVELS
from discreet.metrics.counts import COUNTS, RECORDS, SIGNALS
from discreet.metrics.once import CLAIMS
from discreet.policy import current
from discreet.policy.level_actions import STRIP

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from discreet.metrics.counts import Key

SCOPE = "discreet"


class Row(NamedTuple):
    """One instrument.

    Attributes:
        name: Its name.
        source: The count of `discreet.metrics.counts` that it reports, or a state that is asked for.
        unit: Its unit.
        attributes: Names of the attributes, in the order of the count's key.
        description: What it counts.
        known: Keys that are reported as 0 before anything was counted, beside those that the count knows itself.
        instrument: What it is: a counter, or a gauge for a state.
        configured: Gives more keys that are reported as 0, by the policy in force.
    """

    name: str
    source: str
    unit: str
    attributes: tuple[str, ...]
    description: str
    known: tuple[Key, ...] = ()
    instrument: str = "counter"
    configured: Callable[[], Iterable[Key]] = tuple


def _ceilings() -> Iterator[Key]:
    for exporter, level in current().ceilings.above():
        yield from ((signal, exporter, level) for signal in RECORDS)


def _level_actions() -> Iterator[Key]:
    for level, action in current().level_actions.items():
        # Where records are dropped, those of security and audit are stripped.
        for done in dict.fromkeys((STRIP, action)):
            yield from ((signal, done, level) for signal in RECORDS)


ROWS: tuple[Row, ...] = (
    Row("discreet.records.withheld", "withheld", "{record}", ("signal", "reason"), "Records whose redaction failed."),
    Row(
        "discreet.records.processed",
        "processed",
        "{record}",
        ("signal", "discreet.category", "discreet.security_level"),
        "Records that were redacted and classified.",
        # What most records are; all that they can be would be 64 series a process.
        tuple((signal, "application", "internal") for signal in RECORDS),
    ),
    Row(
        "discreet.redactions",
        "redactions",
        "{record}",
        ("kind",),
        "Records in which a kind of private data was found.",
        # Not the tokens of each vendor, which would be 200 series a process: they are counted when one is found.
        tuple((kind,) for kind in KIND_LEVELS if not kind.endswith("_token")),
    ),
    Row(
        "discreet.foreign.raised",
        "foreign_raised",
        "{error}",
        ("signal",),
        "Errors of processors and samplers that are not ours.",
    ),
    Row(
        "discreet.metrics.overflow",
        "overflow",
        "{measurement}",
        (),
        "Measurements beyond the cardinality limit of their instrument, once for each reader and view.",
    ),
    Row(
        "discreet.records.dropped",
        "dropped",
        "{record}",
        ("signal", "reason"),
        "Records that batch processors dropped, such as those that found the queue full; from OpenTelemetry 1.43 on.",
    ),
    Row(
        "discreet.exports",
        "exports",
        "{batch}",
        ("signal", "outcome"),
        "Batches of spans and log records, by whether their exporter said that they arrived.",
    ),
    Row("discreet.guard.time", "time", "s", ("signal",), "Time spent on cleaning batches, on their workers."),
    Row(
        "discreet.queue.size",
        "queue_size",
        "{record}",
        ("signal",),
        "Records that wait in the queues of batch processors.",
        tuple((signal,) for signal in RECORDS),
        "gauge",
    ),
    Row(
        "discreet.queue.capacity",
        "queue_capacity",
        "{record}",
        ("signal",),
        "Records that the queues of batch processors hold.",
        tuple((signal,) for signal in RECORDS),
        "gauge",
    ),
    Row("discreet.reloads", "reloads", "{reload}", ("outcome",), "Changed configurations, swapped in or refused."),
    Row(
        "discreet.held",
        "held",
        "{record}",
        ("signal", "exporter", "discreet.security_level"),
        "Records held back from an exporter, whose ceiling is below their level.",
        configured=_ceilings,
    ),
    Row(
        "discreet.level_actions",
        "level_actions",
        "{record}",
        ("signal", "action", "discreet.security_level"),
        "Records stripped or dropped for their level.",
        configured=_level_actions,
    ),
    Row(
        "discreet.errors",
        "errors",
        "{error}",
        ("discreet.category", "error.type", "discreet.error.fingerprint"),
        "Exceptions in spans and log records, each once in a trace.",
        (("application", "_OTHER", "other"),),
    ),
    Row(
        "discreet.guard.active",
        "guard_active",
        "1",
        ("signal",),
        "1 where the signal is guarded, 0 where it is not.",
        tuple((signal,) for signal in (*SIGNALS, "headers", "output")),
        "gauge",
    ),
    Row(
        "discreet.health.status",
        "health",
        "1",
        ("check",),
        "1 where a health check does not fail, 0 where it does or was not looked at yet.",
        (("guard",),),
        "gauge",
    ),
)

_states: dict[str, Callable[[], Mapping[Key, float]]] = {"time": COUNTS.seconds}


def report_state(source: str, read: Callable[[], Mapping[Key, float]]) -> None:
    """Have a state asked for at each collection; until then it is reported as 0."""
    _states[source] = read


def register_self_observation(meter_provider: MeterProvider | None = None) -> None:
    """Report counts, from 0 on, and states as observable instruments; once for each provider."""
    provider = get_meter_provider() if meter_provider is None else meter_provider
    names = CLAIMS.claim(provider, (row.name for row in ROWS))
    meter = provider.get_meter(SCOPE)
    for row in ROWS:
        if row.name in names:
            create = getattr(meter, f"create_observable_{row.instrument}")
            create(row.name, [_callback(row)], unit=row.unit, description=row.description)


def _callback(row: Row) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observe(_options: CallbackOptions) -> Iterable[Observation]:
        read = _states.get(row.source)
        known = dict.fromkeys((*row.known, *row.configured()), 0)
        counts = {**known, **(read() if read else COUNTS.snapshot().get(row.source, {}))}
        return [
            Observation(count, dict(zip(row.attributes, key, strict=True))) for key, count in sorted(counts.items())
        ]

    return observe
