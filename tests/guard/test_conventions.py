"""The catalogue has every attribute that the installed conventions have, and asks the span's kind where it must."""

from __future__ import annotations

import importlib
import pkgutil
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from discreet import guard
from discreet.detectors import CATALOGUE
from discreet.detectors.catalogue import named

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.seams

CALLER = "8.8.8.8"
PACKAGES = ("opentelemetry.semconv.attributes", "opentelemetry.semconv._incubating.attributes")
CLASSES = (
    ("opentelemetry.semconv.trace", "SpanAttributes"),
    ("opentelemetry.semconv.resource", "ResourceAttributes"),
)


def constants() -> Iterator[tuple[str, str]]:
    """Give the constants that name attributes, with their values, of every module of the conventions."""
    for package in PACKAGES:
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
            yield from vars(importlib.import_module(f"{package}.{module.name}")).items()
    for module_name, name in CLASSES:
        yield from vars(getattr(importlib.import_module(module_name), name)).items()


def installed() -> set[str]:
    """Give the names that the installed package has; templates end in `.*`."""
    found = {
        f"{value}.*" if name.endswith("_TEMPLATE") and not value.endswith(".template") else value
        for name, value in constants()
        if name.isupper() and name != "SCHEMA_URL" and isinstance(value, str)
    }
    return {name for name in found if f"{name}.*" not in found}


def minor(text: str) -> tuple[int, ...]:
    """Give major and minor of a version."""
    return tuple(map(int, re.findall(r"[0-9]+", text)[:2]))


def test_the_catalogue_has_what_the_package_has() -> None:
    """At each version, the package's names are those of the rows that say they are in it: none missing, none gone."""
    here = minor(version("opentelemetry-semantic-conventions"))
    said = {row.name for row in CATALOGUE.values() if row.since != "-" and minor(row.since) <= here}
    names = installed()
    assert len(names) > 800
    assert names - set(CATALOGUE) == set(), "names without a row: rate them in data/attributes.tsv"
    assert names - said == set(), "rows whose column `since` is too late"
    assert said - names == set(), "rows of names that are gone: mark them"


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    """Give the exporter of a provider that is guarded."""
    guard.install()
    yield InMemorySpanExporter()
    guard.uninstall()


def span(exporter: InMemorySpanExporter, kind: SpanKind, attributes: dict[str, Any]) -> ReadableSpan:
    """Give what is exported of a span."""
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.get_tracer("shop").start_span("x", kind=kind, attributes=attributes).end()
    (exported,) = exporter.get_finished_spans()
    exporter.clear()
    return exported


@pytest.mark.parametrize("name", named("peer"))
def test_the_peer_is_a_caller_or_a_machine_by_the_kind_of_the_span(exporter: InMemorySpanExporter, name: str) -> None:
    """Of a span that serves it is redacted and raises the level; of one that calls it stays, whichever comes first."""
    for kinds in ((SpanKind.CLIENT, SpanKind.SERVER), (SpanKind.CONSUMER, SpanKind.PRODUCER), (SpanKind.INTERNAL,)) * 2:
        for kind in kinds:
            calls = kind in {SpanKind.CLIENT, SpanKind.PRODUCER}
            held = span(exporter, kind, {name: CALLER}).attributes or {}
            assert held[name] == (CALLER if calls else "[REDACTED:ip_address]"), kind
            assert held["discreet.security_level"] == ("internal" if calls else "confidential"), kind


def test_the_level_is_that_of_what_is_carried(exporter: InMemorySpanExporter) -> None:
    """An id makes a span confidential although it is left, an unknown header field restricted, a harmless one not."""
    levels = {
        name: (span(exporter, SpanKind.SERVER, {name: "x"}).attributes or {})["discreet.security_level"]
        for name in ("user.id", "http.request.header.x_tenant", "http.request.header.content_type", "http.route")
    }
    assert levels == {
        "user.id": "confidential",
        "http.request.header.x_tenant": "restricted",
        "http.request.header.content_type": "internal",
        "http.route": "internal",
    }
