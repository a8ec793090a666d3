"""The host of a call, from a URL or from the attributes of its client span."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler
from opentelemetry.trace import SpanKind

from discreet import guard
from discreet.guard.hosts import host_of_attributes, host_of_span, host_of_url
from discreet.policy import Policy, put_in_force, resolve

pytestmark = pytest.mark.seams

URLS = {
    "http://api.example.org/a@b:1": ("api.example.org", 80),
    "HTTPS://API.Example.ORG.": ("api.example.org", 443),
    "http://user:pw@api.example.org:8080?q": ("api.example.org", 8080),
    "http://REDACTED:REDACTED@api.example.org#f": ("api.example.org", 80),
    "ws://[::1]:80/": ("::1", 80),
    "http://[0:0:0:0:0:0:0:1]/": ("::1", 80),
    "http://127.0.0.1:5000/": ("127.0.0.1", 5000),
    "http://xn--bcher-kva.example/": ("xn--bcher-kva.example", 80),
    "grpc://inventory": ("inventory", None),
    "http://inventory:/": ("inventory", 80),
}
UNCLEAR = (
    "http://evil.example\\@api.example.org/", "http://api.example.org\\@evil.example/", "http://a@b@api.example.org/",
    "http://api.example.org evil.example/", "http://%61pi.example.org/", "http://bücher.example/",
    "http://api.example.org:8x/", "http://api.example.org:999999/", "http://[::1", "http://[fe80::1%25eth0]/",
    "http://[::1]evil.example/", "http:///path", "/path", "api.example.org", "", "http://.example.org/",
    "http://api.example.org\n.evil.example/", b"http://api.example.org/", None, 7,
)  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_the_host_of_a_url(url: str) -> None:
    """Lower case, no trailing dot, no brackets, the scheme's port where none is given; userinfo is no host."""
    host = host_of_url(url)
    assert host is not None
    assert host[:2] == URLS[url]


@pytest.mark.parametrize("url", UNCLEAR, ids=repr)
def test_a_url_that_can_be_read_in_two_ways_has_none(url: object) -> None:
    """What a client may read otherwise than we do, or what is no URL with a host, is not known."""
    assert host_of_url(url) is None


@pytest.mark.parametrize(
    ("attributes", "host"),
    [
        ({"url.full": "http://a.example/", "http.url": "http://b.example/"}, ("a.example", 80)),
        ({"server.address": "a.example", "server.port": 50051}, ("a.example", 50051)),
        ({"server.address": "::1"}, ("::1", None)),
        ({"net.peer.name": "a.example", "net.peer.port": "x"}, ("a.example", None)),
        ({"url.full": "nonsense", "server.address": "a.example"}, None),
        ({"rpc.system": "grpc"}, None),
        ({}, None),
    ],
)
def test_the_host_of_attributes(attributes: dict[str, Any], host: tuple[str, int | None] | None) -> None:
    """A URL counts more than a server's address; where neither is given the host is not known."""
    found = host_of_attributes(attributes)
    assert (found and found[:2]) == host


@pytest.mark.parametrize("sampler", [ALWAYS_ON, ALWAYS_OFF], ids=["sampled", "unsampled"])
def test_the_host_is_that_of_the_client_span(sampler: Sampler) -> None:
    """Known on a CLIENT span only, sampled or not, however the arguments are given."""
    guard.install()
    put_in_force(Policy.compiled(resolve(arguments={"baggage_keys": "*", "baggage_hosts": "*"})[0]))
    tracer = TracerProvider(sampler=sampler, shutdown_on_exit=False).get_tracer("t")
    attributes = {"url.full": "http://a.example:81/"}
    for span in (
        tracer.start_span("s", kind=SpanKind.CLIENT, attributes=attributes),
        tracer.start_span("s", None, SpanKind.CLIENT, attributes),
    ):
        host = host_of_span(span)
        assert host is not None
        assert host[:2] == ("a.example", 81)
    for kind in (SpanKind.INTERNAL, SpanKind.PRODUCER, SpanKind.SERVER):
        assert host_of_span(tracer.start_span("s", kind=kind, attributes=attributes)) is None
    long = "http://" + "x" * 5000 + "@a.example/"
    limited = TracerProvider(sampler, span_limits=SpanLimits(max_attribute_length=5), shutdown_on_exit=False)
    cut = limited.get_tracer("t").start_span("s", kind=SpanKind.CLIENT, attributes={"url.full": long})
    assert host_of_span(cut) == host_of_url(long)
    with tracer.start_as_current_span("s", kind=SpanKind.CLIENT, attributes=attributes):
        assert host_of_span(tracer.start_span("within")) is None
