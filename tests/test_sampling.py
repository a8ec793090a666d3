"""No span of security or audit is sampled away, and of all others as many as the SDK's own sampler takes."""

from __future__ import annotations

import random
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk import _configuration as sdk
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    ALWAYS_ON,
    DEFAULT_ON,
    Decision,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, TraceFlags, TraceState, set_span_in_context

from discreet import guard, sampling
from discreet.metrics.counts import COUNTS
from discreet.sampling import KeepingSampler, keep
from tests.guard.levelled import enforce, named
from tests.guard.memory import Kept
from tests.pipeline.launching import BIN

if TYPE_CHECKING:
    from pathlib import Path

AUDIT = {"discreet.category": "audit"}
STATE = TraceState([("vendor", "x")])
UNSAMPLED = set_span_in_context(NonRecordingSpan(SpanContext(7, 7, True, TraceFlags(0), STATE)))


def provider_with(sampler: Sampler, ids: IdGenerator | None = None) -> tuple[TracerProvider, Kept]:
    """Give a provider and what it exports."""
    provider, kept = TracerProvider(sampler=sampler, id_generator=ids, shutdown_on_exit=False), Kept()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    return provider, kept


@pytest.mark.parametrize(
    ("name", "kind", "attributes", "kept"),
    [
        ("security.login", SpanKind.INTERNAL, None, True),
        ("audit.export", None, {}, True),
        ("login", SpanKind.SERVER, {"discreet.category": "security"}, True),
        ("login", SpanKind.SERVER, AUDIT, True),
        ("GET /", SpanKind.SERVER, {"http.request.method": "GET"}, False),
        ("select", SpanKind.CLIENT, {"db.system.name": "sqlite"}, False),
        ("login", SpanKind.SERVER, {"discreet.category": "nonsense"}, False),
        ("security.login", SpanKind.INTERNAL, {"discreet.category": "business"}, False),
        ("work", SpanKind.INTERNAL, None, False),
    ],
)
@pytest.mark.parametrize("inner", [ALWAYS_OFF, TraceIdRatioBased(0), ParentBased(ALWAYS_OFF)])
def test_what_is_kept(inner: Sampler, name: str, kind: Any, attributes: Any, kept: bool) -> None:
    """By the name of the span, its attributes and what it says of itself; it then has all that it began with."""
    result = KeepingSampler(inner).should_sample(None, 1, name, kind, attributes)
    assert result.decision is (Decision.RECORD_AND_SAMPLE if kept else Decision.DROP)
    assert dict(result.attributes) == (dict(attributes or {}) if kept else {})


def test_rules_of_the_policy_count() -> None:
    """Those that say of a span that it is audit, and those that say that it is not."""
    enforce(classify=[{"route": "/admin/*", "category": "audit"}, {"event": "audit.ping", "category": "system"}])
    sampler = KeepingSampler(ALWAYS_OFF)
    kept = sampler.should_sample(None, 1, "GET", SpanKind.SERVER, {"http.route": "/admin/users"})
    left = sampler.should_sample(None, 1, "audit.ping")
    assert (kept.decision, left.decision) == (Decision.RECORD_AND_SAMPLE, Decision.DROP)


@pytest.mark.seams
def test_the_scope_counts_where_the_guard_is_armed() -> None:
    """A sampler is not told the scope; the guard tells ours, as each tracer is made."""
    guard.install()
    provider, kept = provider_with(KeepingSampler(ALWAYS_OFF))
    for scope in ("shop.security", "shop.audit.trail", "shop"):
        provider.get_tracer(scope).start_span(f"of {scope}").end()
    assert named(kept.records) == ["of shop.security", "of shop.audit.trail"]


def test_what_the_other_sampler_takes_is_as_it_says() -> None:
    """Its very result: decision, attributes and trace state."""

    class Marking(Sampler):
        decision = Decision.RECORD_AND_SAMPLE

        def should_sample(self, *_: Any, **__: Any) -> SamplingResult:
            return SamplingResult(self.decision, {"by": "marking"}, STATE)

        def get_description(self) -> str:
            return "marking"

    inner = Marking()
    sampler = KeepingSampler(inner)
    result = sampler.should_sample(None, 1, "security.login", attributes={"a": 1})
    assert (dict(result.attributes), result.trace_state) == ({"by": "marking"}, STATE)
    for decision in (Decision.RECORD_ONLY, Decision.DROP):
        inner.decision = decision
        kept = sampler.should_sample(None, 1, "security.login", attributes={"a": 1})
        assert kept.decision is Decision.RECORD_AND_SAMPLE
        assert (dict(kept.attributes), kept.trace_state) == ({"a": 1, "by": "marking"}, STATE)
        assert sampler.should_sample(None, 1, "work").decision is decision


@pytest.mark.seams
def test_a_span_of_audit_under_an_unsampled_parent() -> None:
    """It is sampled with the trace id, parent and trace state it would have had, and what begins within it is too."""
    guard.install()
    provider, kept = provider_with(KeepingSampler(ParentBased(ALWAYS_OFF)))
    tracer = provider.get_tracer("app")
    with tracer.start_as_current_span("request", context=UNSAMPLED) as request:
        assert not request.get_span_context().trace_flags.sampled
        with tracer.start_as_current_span("export", attributes=AUDIT) as span:
            assert span.get_span_context().trace_flags.sampled
            assert span.get_span_context().trace_state == STATE
            tracer.start_span("within").end()
        tracer.start_span("beside").end()
    assert named(kept.records) == ["within", "export"]
    assert {record.context.trace_id for record in kept.records} == {7}
    assert kept.records[1].parent == request.get_span_context()


class Ids(IdGenerator):
    """Ids that are the same for every provider."""

    def __init__(self) -> None:
        self._random = random.Random(7)

    def generate_span_id(self) -> int:
        return self._random.getrandbits(64) or 1

    def generate_trace_id(self) -> int:
        return self._random.getrandbits(128) or 1


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.5, 1.0])
def test_of_the_rest_the_same_spans_are_taken(rate: float) -> None:
    """Of 4,000 traces, a tenth with a span of security: the others are those that the inner sampler alone takes."""
    guard.install()
    taken: list[set[tuple[str, int, int]]] = []
    for sampler in (ParentBased(TraceIdRatioBased(rate)), KeepingSampler(ParentBased(TraceIdRatioBased(rate)))):
        provider, kept = provider_with(sampler, Ids())
        tracer = provider.get_tracer("app")
        for number in range(4000):
            with tracer.start_as_current_span("request"):
                category = "security" if number % 10 == 0 else "business"
                tracer.start_span("login", attributes={"discreet.category": category}).end()
        rest = [each for each in kept.records if each.attributes["discreet.category"] != "security"]
        taken.append({(each.name, each.context.trace_id, each.context.span_id) for each in rest})
        security = len(kept.records) - len(rest)
    assert taken[0] == taken[1]
    assert security == 400
    share = sum(name == "request" for name, *_ in taken[1]) / 4000
    assert abs(share - rate) < 0.05  # more than six standard deviations


@pytest.mark.parametrize("by_policy", [True, False])
def test_the_option_counts_where_the_policy_decides(by_policy: bool) -> None:
    """A sampler that the app chose itself keeps whatever the option says; the other follows the policy in force."""
    sampler = KeepingSampler(ALWAYS_OFF, by_policy=by_policy)
    seen = []
    for keeps in (True, False, True):
        enforce(keep_security=keeps)
        seen.append(sampler.should_sample(None, 1, "security.login").decision is Decision.RECORD_AND_SAMPLE)
    assert seen == ([True, False, True] if by_policy else [True, True, True])


class Broken(Sampler):
    """A sampler that raises whatever it is asked."""

    def should_sample(self, *_: Any, **__: Any) -> SamplingResult:
        raise LookupError

    def get_description(self) -> str:
        raise LookupError


def test_a_sampler_that_raises_reaches_nobody() -> None:
    """The span is not sampled, or kept all the same; its trace state stays, and the error is counted."""
    COUNTS.reset()
    sampler = KeepingSampler(Broken())
    left = sampler.should_sample(UNSAMPLED, 7, "work")
    kept = sampler.should_sample(UNSAMPLED, 7, "work", attributes=AUDIT)
    assert (left.decision, left.trace_state) == (Decision.DROP, STATE)
    assert (kept.decision, kept.trace_state, dict(kept.attributes)) == (Decision.RECORD_AND_SAMPLE, STATE, AUDIT)
    assert sampler.get_description() == "KeepingSampler{Broken}"
    assert COUNTS.snapshot()["foreign_raised"]["span",] == 2


@pytest.mark.parametrize("place", ["current", "classify", "Subject"])
def test_a_fault_of_ours_leaves_the_decision_to_the_other(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is counted, and reaches neither the app nor the spans that are sampled anyway."""

    def fails(*_: Any, **__: Any) -> Any:
        raise LookupError

    COUNTS.reset()
    monkeypatch.setattr(sampling, place, fails)
    assert KeepingSampler(ALWAYS_OFF).should_sample(None, 1, "security.login").decision is Decision.DROP
    assert KeepingSampler(ALWAYS_ON).should_sample(None, 1, "work").decision is Decision.RECORD_AND_SAMPLE
    assert COUNTS.snapshot()["withheld"]["span", "guard_failed"] == 1


@pytest.mark.parametrize("attributes", [7, ["a"], {7: object()}, {"discreet.category": ["audit"]}])
@pytest.mark.parametrize("name", [None, 7, "x" * 100_000])
def test_what_no_span_should_have_raises_nothing(name: Any, attributes: Any) -> None:
    """It is sampled as without us."""
    assert KeepingSampler(ALWAYS_OFF).should_sample(None, 1, name, None, attributes).decision is Decision.DROP


def test_the_description_names_the_other() -> None:
    """So it can be told from the SDK's."""
    inner = TraceIdRatioBased(0.25)
    assert KeepingSampler(inner).get_description() == "KeepingSampler{TraceIdRatioBased{0.25}}"
    assert KeepingSampler(inner).within("s").get_description() == "KeepingSampler{TraceIdRatioBased{0.25}}"


def test_a_provider_is_wrapped_once() -> None:
    """Nor is a sampler of ours that it has, nor what is no provider of the SDK."""
    provider = TracerProvider(sampler=ALWAYS_ON, shutdown_on_exit=False)
    keep(provider)
    wrapped = provider.sampler
    keep(provider)
    assert provider.sampler is wrapped
    mine = KeepingSampler(ALWAYS_OFF)
    other = TracerProvider(sampler=mine, shutdown_on_exit=False)
    keep(other)
    assert other.sampler is mine
    keep(object())


NAMES = {
    "discreet_always_off": "KeepingSampler{AlwaysOffSampler}",
    "discreet_traceidratio": "KeepingSampler{TraceIdRatioBased{0.25}}",
    "discreet_parentbased_always_off": "KeepingSampler{ParentBased{root:AlwaysOffSampler,",
    "discreet_parentbased_always_on": "KeepingSampler{ParentBased{root:AlwaysOnSampler,",
    "discreet_parentbased_traceidratio": "KeepingSampler{ParentBased{root:TraceIdRatioBased{0.25},",
}


@pytest.mark.seams
@pytest.mark.parametrize("name", NAMES)
def test_the_names_for_the_environment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """OTEL_TRACES_SAMPLER takes them, with OTEL_TRACES_SAMPLER_ARG, in any distribution."""
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0.25")
    sampler = sdk._import_sampler(name)
    assert sampler is not None
    assert sampler.get_description().startswith(NAMES[name])


@pytest.mark.parametrize("argument", [None, "", "hunter2"])
def test_a_rate_that_is_none_samples_all(argument: str | None, caplog: pytest.LogCaptureFixture) -> None:
    """As the SDK does; the value is not said."""
    assert sampling.traceidratio(argument).get_description() == "KeepingSampler{TraceIdRatioBased{1.0}}"
    assert "OTEL_TRACES_SAMPLER_ARG" in caplog.text
    assert "hunter2" not in caplog.text


EMITTING = """
from opentelemetry import trace
print(type(trace.get_tracer_provider().sampler).__name__, trace.get_tracer_provider().sampler.get_description())
for scope in ("app", "app.security"):
    trace.get_tracer(scope).start_span("of " + scope).end()
"""
DECLARED = """\
file_format: "1.0"
tracer_provider:
  sampler: {always_off: {}}
  processors: [{simple: {exporter: {console: {}}}}]
"""
OFF = {"OTEL_TRACES_SAMPLER": "always_off", "OTEL_TRACES_EXPORTER": "console"}
CONFIGURE = "import discreet; discreet.configure(signals=['traces'], instrument=False)\n"

SEAMS = partial(pytest.param, marks=pytest.mark.seams)


def _run(*command: str, **variables: str) -> str:
    """Give what a program prints; it must end well, and complain of nothing."""
    environ = {"PATH": str(BIN), "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none", **variables}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=environ)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("way", [SEAMS("configure"), SEAMS("distribution"), "declarative", "declarative distribution"])
@pytest.mark.parametrize("keeps", ["true", "false"])
def test_what_we_set_up_keeps_security(way: str, keeps: str, tmp_path: Path) -> None:
    """In code, under opentelemetry-instrument, and from a declarative file, unless the option is false."""
    code = EMITTING if "distribution" in way else CONFIGURE + EMITTING
    launcher = [str(BIN / "opentelemetry-instrument")] if "distribution" in way else []
    extra = OFF
    if "declarative" in way:
        path = tmp_path / "otel.yaml"
        path.write_text(DECLARED)
        extra = {"OTEL_CONFIG_FILE": str(path)}
    said = _run(*launcher, sys.executable, "-c", code, DISCREET_KEEP_SECURITY=keeps, **extra)
    assert said.startswith("KeepingSampler KeepingSampler{AlwaysOffSampler}\n")
    assert ('"name": "of app.security"' in said) == (keeps == "true")
    assert '"name": "of app"' not in said


def test_the_providers_of_others_keep_their_sampler() -> None:
    """What the app built before is sampled as the app says."""
    own = (
        "from opentelemetry.sdk.trace import TracerProvider\nfrom opentelemetry import trace\n"
        "trace.set_tracer_provider(TracerProvider())\n"
    )
    assert _run(sys.executable, "-c", own + CONFIGURE + EMITTING, **OFF).startswith("StaticSampler AlwaysOffSampler\n")


def test_the_standard_default_stays() -> None:
    """Where nothing chooses a sampler, it is the specification's."""
    said = _run(sys.executable, "-c", CONFIGURE + EMITTING, OTEL_TRACES_EXPORTER="console")
    assert said.startswith(f"KeepingSampler {KeepingSampler(DEFAULT_ON).get_description()}\n")
    assert '"name": "of app"' in said
