"""Sampling: the SDK's own samplers, in a wrapper that samples no span of category security or audit away.

Such a span is told as it starts, by what is there then: scope, name, kind, attributes, and the rules of the policy. In
code: ``TracerProvider(sampler=KeepingSampler(TraceIdRatioBased(0.1)))``; by the environment:
``OTEL_TRACES_SAMPLER=discreet_parentbased_traceidratio``; `discreet.configure` and the distribution do it by themselves
unless the option `keep_security` is false.
"""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import (
    ALWAYS_OFF,
    DEFAULT_OFF,
    DEFAULT_ON,
    Decision,
    ParentBasedTraceIdRatio,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import SpanKind, get_current_span

from discreet.classification import Subject, classify
from discreet.metrics.counts import COUNTS
from discreet.policy import current
from discreet.policy.level_actions import NEVER_DROPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.context import Context
    from opentelemetry.trace import Link, TraceState
    from opentelemetry.util.types import Attributes

_logger = logging.getLogger("discreet")
_KINDS: Final = {kind: kind.name.lower() for kind in SpanKind}


class KeepingSampler(Sampler):
    """Samples what another sampler does, and every span of category security or audit.

    The decision, attributes and trace state of the other sampler stay wherever it samples. Of a span that is sampled
    against it, parents may be missing; what begins within it is sampled by samplers that go by the parent. Where the
    other sampler raises, that is counted, and the span is taken for one that it does not sample.

    Args:
        inner: The other sampler.
        by_policy: Do so only while the option `keep_security` of the policy in force is true.
    """

    def __init__(self, inner: Sampler, *, by_policy: bool = False) -> None:
        self._inner = inner
        self._by_policy = by_policy
        self._scope = ""

    def should_sample(  # noqa: PLR0913, PLR0917 - the SDK's signature
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Give the other sampler's result, or that the span is sampled."""
        try:
            result = self._inner.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)
            if result.decision is Decision.RECORD_AND_SAMPLE:
                return result
        except Exception:
            result = _not_sampled(parent_context)
        try:
            if self._keeps(name, kind, attributes):
                held = {**(attributes or {}), **(result.attributes or {})}
                return SamplingResult(Decision.RECORD_AND_SAMPLE, held, result.trace_state)
        except Exception:
            COUNTS.withheld("span", "guard_failed")
        return result

    def _keeps(self, name: str, kind: SpanKind | None, attributes: Attributes) -> bool:
        policy = current()
        if self._by_policy and not policy.keep_security:
            return False
        of_kind = _KINDS[kind or SpanKind.INTERNAL]
        about = Subject("span", self._scope, name, of_kind, attributes or {})
        return classify(about, policy.classify).category in NEVER_DROPPED

    def get_description(self) -> str:
        """Give a description that names the other sampler's."""
        try:
            inner = self._inner.get_description()
        except Exception:
            inner = type(self._inner).__name__
        return f"KeepingSampler{{{inner}}}"

    def within(self, scope: str) -> KeepingSampler:
        """Give this sampler as it samples the spans of an instrumentation scope, whose name tells too."""
        twin = KeepingSampler(self._inner, by_policy=self._by_policy)
        twin._scope = scope
        return twin


def _not_sampled(parent_context: Context | None) -> SamplingResult:
    """Count what the other sampler raised, and give what a sampler gives that does not sample."""
    state = None
    with contextlib.suppress(Exception):
        COUNTS.foreign_raised("span")
        state = get_current_span(parent_context).get_span_context().trace_state
    return SamplingResult(Decision.DROP, None, state)


def keep(provider: Any) -> None:
    """Have a provider of the SDK sample no span of security or audit away while the policy says so. Idempotent."""
    if isinstance(provider, TracerProvider) and not isinstance(provider.sampler, KeepingSampler):
        provider.sampler = KeepingSampler(provider.sampler, by_policy=True)


def know_scope(tracer: Any) -> None:
    """Have the sampler of a tracer go by the tracer's scope, if it is ours."""
    sampler = tracer.sampler
    if type(sampler) is KeepingSampler:
        tracer.sampler = sampler.within(tracer._instrumentation_scope.name)


def _rate(argument: object) -> float:
    try:
        return float(argument)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        _logger.warning("discreet: OTEL_TRACES_SAMPLER_ARG: must be a number from 0 to 1. All spans are sampled")
        return 1.0


def _keeping(make: Callable[[object], Sampler]) -> Callable[[object], Sampler]:
    def factory(argument: object = None) -> Sampler:
        return KeepingSampler(make(argument))

    return factory


# The SDK's samplers, each in the wrapper, for OTEL_TRACES_SAMPLER: pyproject.toml names them with `discreet_` before.
always_off = _keeping(lambda _: ALWAYS_OFF)
traceidratio = _keeping(lambda argument: TraceIdRatioBased(_rate(argument)))
parentbased_always_off = _keeping(lambda _: DEFAULT_OFF)
parentbased_always_on = _keeping(lambda _: DEFAULT_ON)
parentbased_traceidratio = _keeping(lambda argument: ParentBasedTraceIdRatio(_rate(argument)))
