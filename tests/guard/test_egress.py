"""Ceilings: each exporter is handed what its level allows, and what is held back is counted."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from typing import Any

import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpanExporter
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs.export import ConsoleLogRecordExporter, InMemoryLogRecordExporter
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
    SpanExporter,
    SpanExportResult,
)
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult

import discreet
from discreet import RedactingSpanProcessor, guard
from discreet.guard import egress
from discreet.guard.probe import probe
from discreet.metrics.counts import COUNTS
from discreet.policy import current
from tests.guard.levelled import LEVELS, PROCESSORS, enforce, named, provider_of, say
from tests.guard.memory import Kept

pytestmark = pytest.mark.seams
WAYS = pytest.mark.parametrize(("signal", "way"), PROCESSORS, ids=lambda part: str(part))
ABOVE = LEVELS[2:]


@pytest.fixture(autouse=True)
def _armed() -> None:
    guard.install()
    COUNTS.reset()


def counted() -> dict[Any, int]:
    """Give what was held back, by signal, name and level."""
    return COUNTS.snapshot()["held"]


class Other(Kept):
    """Another exporter of the same sort."""


class Wrapper(Kept):
    """An exporter that hands on to others."""

    def __init__(self, *inner: Any) -> None:
        super().__init__()
        self._behind = inner


@WAYS
def test_what_is_above_the_ceiling_is_held_back_there_alone(signal: str, way: str) -> None:
    """One exporter gets two levels, the other all four; the counts say what, where and how many."""
    enforce(exporters={"Kept": {"max_level": "confidential"}, "Other": {"max_level": "internal"}})
    low, high = Other(), Kept()
    processor = PROCESSORS[signal, way]
    provider = provider_of(signal, processor(low), processor(high))
    say(provider)
    assert named(low.records) == ["public", "internal"]
    assert named(high.records) == ["public", "internal", "confidential"]
    assert counted() == {
        (signal, "Other", "confidential"): 1,
        (signal, "Other", "restricted"): 1,
        (signal, "Kept", "restricted"): 1,
    }
    provider.shutdown()


@WAYS
def test_nothing_is_held_back_where_nothing_is_configured(signal: str, way: str) -> None:
    """All levels pass, and nothing is counted."""
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, way](kept))
    say(provider)
    assert named(kept.records) == list(LEVELS)
    assert counted() == {}
    provider.shutdown()


@WAYS
def test_a_new_policy_holds_from_the_next_batch_on(signal: str, way: str) -> None:
    """The ceiling is that of the policy in force, for exporters that exist."""
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, way](kept))
    seen = []
    for level in ("internal", "public", None):
        enforce(exporters={"Kept": level} if level else {})
        say(provider)
        seen.append(len(kept.records))
        kept.records.clear()
    assert seen == [2, 1, 4]
    provider.shutdown()


@pytest.mark.parametrize("signal", ["span", "log"])
def test_an_exporter_is_not_called_for_a_batch_that_is_wholly_held_back(signal: str) -> None:
    """It sees no empty batch."""

    class Called(Kept):
        calls = 0

        def export(self, batch: Any) -> Any:
            self.calls += 1
            return super().export(batch)

    enforce(exporters={"Called": "public"})
    called = Called()
    provider = provider_of(signal, PROCESSORS[signal, "batch"](called))
    say(provider, ABOVE)
    assert called.calls == 0
    say(provider, ["public"])
    assert called.calls == 1
    provider.shutdown()


@pytest.mark.parametrize(
    ("exporters", "level"),
    [
        ({"Other": "internal"}, "internal"),
        ({"tests.guard.test_egress:Other": "internal"}, "internal"),
        ({"tests.guard.*": "internal"}, "internal"),
        ({"*:Oth?r": "internal"}, "internal"),
        ({"Kept": "internal"}, "internal"),
        ({"*": "internal"}, "internal"),
        ({"*": "public", "Other": "internal"}, "internal"),
        ({"Other": "internal", "*": "public"}, "internal"),
        ({"Ot*": "confidential", "Other": "internal", "*er": "restricted"}, "internal"),
        ({"other": "internal"}, None),
        ({"Othe": "internal"}, None),
        ({"console": "internal", "SpanExporter": "public", "ABC": "public", "object": "public"}, None),
    ],
)
def test_the_names_of_an_exporter(exporters: dict[str, str], level: str | None) -> None:
    """Class, base class, module and class, globs; the lowest of several; a star alone where nothing else fits."""
    enforce(exporters=exporters)
    ceiling = current().ceilings.over(egress.names_of(Other()))
    assert (ceiling and ceiling.level.label) == level


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (ConsoleSpanExporter, {"console", "ConsoleSpanExporter"}),
        (ConsoleLogRecordExporter, {"console", "ConsoleLogRecordExporter"}),
        (OTLPSpanExporter, {"otlp", "otlp_proto_http", "otlp_http", "OTLPSpanExporter"}),
        (OTLPLogExporter, {"otlp", "otlp_proto_http", "otlp_http"}),
        (lambda: GrpcSpanExporter(insecure=True), {"otlp", "otlp_proto_grpc", "otlp_grpc"}),
        (InMemorySpanExporter, {"InMemorySpanExporter"}),
        (InMemoryLogRecordExporter, {"InMemoryLogRecordExporter"}),
        (type("Own", (ConsoleSpanExporter,), {}), {"console", "Own"}),
        (lambda: Wrapper(Kept(), Wrapper(ConsoleSpanExporter())), {"console", "Kept", "Wrapper"}),
    ],
)
def test_the_names_of_what_everybody_uses(make: Any, names: set[str]) -> None:
    """As in OTEL_*_EXPORTER, whatever the protocol; of a subclass, and of what a wrapper holds, too."""
    exporter = make()
    found = egress.names_of(exporter)
    assert found >= names
    assert ("console" in found) == ("console" in names)
    assert ("otlp" in found) == ("otlp" in names)
    exporter.shutdown()


def test_a_wrapper_has_the_ceiling_of_what_it_holds() -> None:
    """Whoever puts the console behind something else prints no more by it; cycles and depth are bounded."""
    enforce(exporters={"console": "internal"})
    out = io.StringIO()
    wrapper = Wrapper(ConsoleSpanExporter(out=out))
    wrapper._behind += (wrapper,)
    provider = provider_of("span", SimpleSpanProcessor(wrapper), BatchSpanProcessor(wrapper))
    say(provider)
    assert named(wrapper.records) == ["public", "internal"] * 2
    deep: Any = ConsoleSpanExporter()
    for _ in range(50):
        deep = Wrapper(deep)
    assert "console" not in egress.names_of(deep)
    provider.shutdown()


class Unnameable(Kept):
    """An exporter whose class cannot be asked for, nor anything that it holds."""

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise LookupError

    def __getattribute__(self, name: str) -> Any:
        if name == "__dict__":
            raise LookupError
        return object.__getattribute__(self, name)


@WAYS
def test_an_exporter_that_hides_what_it_is_has_its_ceiling(signal: str, way: str) -> None:
    """Nothing of the exporter is run to learn its name."""
    enforce(exporters={"Unnameable": "internal"})
    kept = Unnameable()
    provider = provider_of(signal, PROCESSORS[signal, way](kept))
    say(provider)
    assert named(kept.records) == ["public", "internal"]
    provider.shutdown()


def _fails(*_: Any, **__: Any) -> Any:
    raise LookupError


@WAYS
def test_an_exporter_whose_names_cannot_be_told_has_the_lowest_ceiling(
    signal: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one that nothing names."""
    enforce(exporters={"console": "public", "otlp": "internal"})
    monkeypatch.setattr(egress, "names_of", _fails)
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, way](kept))
    say(provider)
    assert named(kept.records) == ["public"]
    assert counted()[signal, "console", "internal"] == 1
    provider.shutdown()


@WAYS
def test_a_policy_that_cannot_be_asked_lets_nothing_pass(
    signal: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The records are counted as withheld, and the app sees nothing of it."""
    enforce(exporters={"Kept": "internal"})
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, way](kept))
    monkeypatch.setattr(egress, "current", _fails)
    say(provider)
    assert kept.records == []
    assert COUNTS.snapshot()["withheld"][signal, "dropped"] == 4
    provider.shutdown()


@pytest.mark.parametrize("level", [None, "", 7, "secret", ["public"]])
@WAYS
def test_a_level_that_cannot_be_read_is_restricted(
    signal: str, way: str, level: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is that of a record without attributes, which no record of the guard is."""
    enforce(exporters={"Kept": "confidential"})
    kept = Kept()
    provider = provider_of(signal, PROCESSORS[signal, way](kept))
    say(provider, ["public"])
    monkeypatch.setattr("discreet.guard.stamps.SECURITY_LEVEL", "elsewhere")
    monkeypatch.setattr("discreet.guard.acting.SECURITY_LEVEL", "elsewhere")
    attributes = {} if level is None else {"discreet.security_level": level}
    if signal == "span":
        provider.get_tracer("t").start_span("bad", attributes=attributes).end()
    else:
        provider.get_logger("t").emit(event_name="bad", attributes=attributes)
    provider.force_flush()
    assert named(kept.records) == ["public"]
    assert counted() == {(signal, "Kept", "restricted"): 1}
    provider.shutdown()


@pytest.mark.parametrize("record", [None, 7, object()])
def test_what_is_no_record_is_restricted(record: Any) -> None:
    """It passes no ceiling but that of restricted."""
    enforce(exporters={"Other": "confidential", "Kept": "restricted"})
    assert list(egress.passing(Other(), [record])) == []
    assert list(egress.passing(Kept(), [record])) == [record]


def test_a_skeleton_is_restricted() -> None:
    """What could not be redacted does not pass a ceiling either."""
    enforce(exporters={"Kept": "confidential"})
    kept, other = Kept(), InMemorySpanExporter()
    provider = provider_of("span", BatchSpanProcessor(kept), BatchSpanProcessor(other))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("discreet.guard.parts.clean_attributes", _fails)
        provider.get_tracer("t").start_span("s", attributes={"discreet.security_level": "public"}).end()
        provider.force_flush()
    assert kept.records == []
    assert [span.attributes and span.attributes["discreet.withheld"] for span in other.get_finished_spans()] == [True]
    provider.shutdown()


def test_a_span_that_is_not_sampled_is_not_counted() -> None:
    """A simple processor leaves it anyway."""

    class Recording(Sampler):
        def should_sample(self, *_: Any, **__: Any) -> SamplingResult:
            return SamplingResult(Decision.RECORD_ONLY)

        def get_description(self) -> str:
            return "recording"

    enforce(exporters={"Kept": "public"})
    kept = Kept()
    provider = TracerProvider(sampler=Recording(), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    say(provider)
    assert (kept.records, counted()) == ([], {})


def test_other_processors_are_handed_all_levels() -> None:
    """A ceiling is that of an exporter; a simple processor within another one has it, and one of its own sort too."""
    enforce(exporters={"Kept": "internal"})
    seen: list[str] = []

    class Counting(SimpleSpanProcessor):
        def on_end(self, span: Any) -> None:
            seen.append(span.name)
            super().on_end(span=span)

    class Outer(SpanProcessor):
        def __init__(self, inner: SpanProcessor) -> None:
            self.inner = inner

        def on_end(self, span: Any) -> None:
            self.inner.on_end(span)

    kept = Kept()
    provider = provider_of("span", Outer(Counting(kept)))
    say(provider)
    assert seen == list(LEVELS)
    assert named(kept.records) == ["public", "internal"]


@pytest.mark.parametrize("armed", [True, False])
@pytest.mark.parametrize("way", ["batch", "simple"])
def test_the_public_processors_hold_back_too(way: str, armed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a processor of the SDK, armed or not, and each record is counted once."""
    if not armed:
        guard.uninstall()
    monkeypatch.setenv("DISCREET_EXPORTERS", "Kept=internal")
    kept = Kept()
    provider = provider_of("span", RedactingSpanProcessor(PROCESSORS["span", way](kept)))
    enforce(exporters={"Kept": "internal"})
    say(provider)
    assert named(kept.records) == ["public", "internal"]
    assert sorted(counted().values()) == [1, 1]
    provider.shutdown()


def test_an_exporter_that_raises_costs_its_batch_as_without_us(caplog: pytest.LogCaptureFixture) -> None:
    """The SDK says so; other exporters have theirs."""

    class Raising(SpanExporter):
        def export(self, spans: Any) -> SpanExportResult:
            raise LookupError

    enforce(exporters={"*": "internal"})
    kept = Kept()
    provider = provider_of(
        "span", BatchSpanProcessor(Raising()), SimpleSpanProcessor(Raising()), SimpleSpanProcessor(kept)
    )
    say(provider)
    assert named(kept.records) == ["public", "internal"]
    assert "Exception while exporting Span" in caplog.text
    provider.shutdown()


def test_ceilings_of_two_policies_do_not_mix() -> None:
    """What is remembered of an exporter is that of one policy; many exporters are not remembered for ever."""
    exporters = [Kept() for _ in range(600)]
    for level, names in (("internal", ["public", "internal"]), ("public", ["public"])):
        enforce(exporters={"Kept": level})
        for exporter in exporters:
            provider = provider_of("span", SimpleSpanProcessor(exporter))
            say(provider, ["public", "internal"])
            assert named(exporter.records) == names
            exporter.records.clear()
    assert len(egress._known[1]) <= egress._MOST_REMEMBERED


def test_the_probe_is_held_back_nowhere() -> None:
    """Its records are of any level, and it must see what becomes of them."""
    enforce(exporters={"*": "public"}, level_actions=dict.fromkeys(LEVELS, "drop"))
    outcomes = probe(lambda signal, place, _net: signal in {"span", "log"} and place in {"attribute", "body", "name"})
    assert outcomes
    assert {outcome.result for outcome in outcomes} <= {"redacted", "clean", "withheld"}
    assert counted() == {}


CONFIGURE = """
import sys, discreet
from opentelemetry import trace
discreet.configure(exporters={}, signals=["traces"], instrument=False)
tracer = trace.get_tracer("t")
for level in ("public", "internal", "confidential", "restricted"):
    tracer.start_span("of " + level, attributes={"discreet.security_level": level}).end()
"""


@pytest.mark.parametrize(
    ("exporters", "names"),
    [
        ('{"console": {"max_level": "internal"}}', ["public", "internal"]),
        ('{"ConsoleSpanExporter": "public"}', ["public"]),
        ('["console"]', list(LEVELS)),
    ],
)
def test_configure_takes_ceilings_or_names(exporters: str, names: list[str]) -> None:
    """A mapping is the option, and leaves it to the environment which exporters there are; a list names them."""
    done = subprocess.run(
        [sys.executable, "-c", CONFIGURE.replace("{}", exporters)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"OTEL_TRACES_EXPORTER": "console"},
    )
    assert re.findall(r'"name": "of (\w+)"', done.stdout) == names
    assert done.stderr == ""


def test_configure_refuses_a_wrong_ceiling() -> None:
    """Place, rule and remedy are said, the value is not."""
    with pytest.raises(discreet.ConfigurationError) as raised:
        discreet.configure(exporters={"console": {"max_level": "hunter2"}, "consol": "public"})
    (problem,) = raised.value.problems
    assert problem.place == "configure(exporters=...)"
    assert "the exporter at place 1 must have a max_level that is one of public, internal" in problem.rule
    assert "the exporter at place 2 is not known: did you mean console?" in problem.rule
    assert "hunter2" not in str(raised.value)
