"""Baggage goes to allowed hosts only: real HTTP clients against a real server on loopback, sampled and not."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import aiohttp
import httpx
import pytest
import requests
import urllib3
from opentelemetry import baggage, context, propagate, trace
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.urllib import URLLibInstrumentor
from opentelemetry.instrumentation.urllib3 import URLLib3Instrumentor
from opentelemetry.propagators.b3 import B3MultiFormat
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.jaeger import JaegerPropagator
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler

from discreet import guard
from discreet.guard import redirects
from discreet.policy import Policy, put_in_force, resolve
from tests.guard.faults import Fault, faulty, functions
from tests.guard.memory import EMAIL

pytestmark = pytest.mark.seams

ALLOWED, FORBIDDEN = "127.0.0.1", "localhost"  # one server by two names


class Server(ThreadingHTTPServer):
    """Keeps the headers of every request by its path; ``/to?URL`` redirects there."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: dict[str, list[dict[str, str]]] = {}

    def url(self, host: str, path: str = "/") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path, _, target = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.got.setdefault(path, []).append(headers)  # type: ignore[attr-defined]
        self.send_response(307 if target else 200)
        if target:
            self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        yield running
        running.shutdown()


@pytest.fixture(params=[ALWAYS_ON, ALWAYS_OFF], ids=["sampled", "unsampled"])
def _clients(request: pytest.FixtureRequest) -> Iterator[None]:
    with _instrumented(request.param):
        yield


@contextlib.contextmanager
def _instrumented(sampler: Sampler) -> Iterator[None]:
    guard.install()
    provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
    instrumentors: list[Any] = [
        HTTPXClientInstrumentor(), RequestsInstrumentor(), URLLib3Instrumentor(), URLLibInstrumentor(),
        AioHttpClientInstrumentor(),
    ]  # fmt: skip
    for instrumentor in instrumentors:
        instrumentor.instrument(tracer_provider=provider)
    _allow()
    try:
        with _baggage(tenant="north", user=EMAIL, secret="s1", note=EMAIL):
            yield
    finally:
        for instrumentor in instrumentors:
            instrumentor.uninstrument()


def _allow(keys: str = "tenant, note", hosts: str = ALLOWED) -> None:
    settings, problems = resolve(arguments={"baggage_keys": keys, "baggage_hosts": hosts})
    assert problems == []
    put_in_force(Policy.compiled(settings))


@contextlib.contextmanager
def _baggage(**entries: str) -> Iterator[None]:
    ctx = context.get_current()
    for key, value in entries.items():
        ctx = baggage.set_baggage(key, value, ctx)
    token = context.attach(ctx)
    try:
        yield
    finally:
        context.detach(token)


def _httpx(url: str) -> None:
    with httpx.Client(follow_redirects=True, trust_env=False) as client:
        client.get(url)


async def _httpx_async(url: str) -> None:
    async with httpx.AsyncClient(follow_redirects=True, trust_env=False) as client:
        await client.get(url)


def _requests(url: str) -> None:
    with requests.Session() as session:
        session.trust_env = False
        session.get(url, timeout=10)


def _urllib3(url: str) -> None:
    urllib3.PoolManager().request("GET", url)


def _urllib(url: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=10):
        pass


async def _aiohttp(url: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(url):
        pass


CLIENTS: dict[str, Callable[[str], None]] = {
    "httpx": _httpx,
    "httpx-async": lambda url: asyncio.run(_httpx_async(url)),
    "requests": _requests,
    "urllib": _urllib,
    "urllib3": _urllib3,
    "aiohttp": lambda url: asyncio.run(_aiohttp(url)),
}


@pytest.fixture(params=CLIENTS)
def get(request: pytest.FixtureRequest) -> Callable[[str], None]:
    return CLIENTS[request.param]


@pytest.mark.usefixtures("_clients")
def test_only_allowed_keys_go_to_allowed_hosts_only(server: Server, get: Callable[[str], None]) -> None:
    """An allowed host gets entries of allowed keys that are clean, another host none; both get the trace's ids."""
    get(server.url(ALLOWED, "/ok"))
    get(server.url(FORBIDDEN, "/no"))
    (ok,), (no,) = server.got["/ok"], server.got["/no"]
    assert ok["baggage"] == "tenant=north"
    assert "baggage" not in no
    assert "traceparent" in ok
    assert "traceparent" in no


@pytest.mark.usefixtures("_clients")
@pytest.mark.parametrize(("keys", "hosts"), [("", ""), ("*", ""), ("", "*")], ids=["neither", "keys", "hosts"])
def test_it_is_closed_unless_both_are_given(server: Server, get: Callable[[str], None], keys: str, hosts: str) -> None:
    """Without keys, without hosts, and without both no baggage goes out."""
    _allow(keys, hosts)
    get(server.url(ALLOWED))
    (headers,) = server.got["/"]
    assert "baggage" not in headers
    assert "traceparent" in headers


@pytest.mark.usefixtures("_clients")
def test_baggage_does_not_follow_a_redirect_to_another_host(server: Server, get: Callable[[str], None]) -> None:
    """From an allowed host to a forbidden one it is taken off; to an allowed one it may follow."""
    get(server.url(ALLOWED, "/first?" + server.url(FORBIDDEN, "/no")))
    get(server.url(ALLOWED, "/second?/ok"))
    get(server.url(FORBIDDEN, "/third?" + server.url(ALLOWED, "/late")))
    assert server.got["/first"][0]["baggage"] == "tenant=north"
    assert "baggage" not in server.got["/no"][0]
    assert server.got["/ok"][0]["baggage"] == "tenant=north"
    assert "baggage" not in server.got["/third"][0]
    assert server.got["/late"]


@pytest.mark.usefixtures("_clients")
@pytest.mark.parametrize("failing", ["policy.outgoing.Outgoing.allows_host", "guard.redirects._strip"])
def test_a_fault_at_a_redirect_is_not_the_clients(server: Server, get: Callable[[str], None], failing: str) -> None:
    """Where code of ours fails, the call goes its way; and where it fails to say who may have baggage, nobody has."""
    for number in range(1, 6):
        with faulty(functions()[f"discreet.{failing}"], Fault(only=number)):
            get(server.url(ALLOWED, f"/first{number}?" + server.url(FORBIDDEN, f"/no{number}")))
        (headers,) = server.got[f"/no{number}"]
        assert failing.endswith("_strip") or "baggage" not in headers


@pytest.mark.usefixtures("_clients")
def test_calls_at_the_same_time_do_not_mix(server: Server) -> None:
    """Within one request, calls to both hosts that run together get what their host may have."""

    async def both() -> None:
        urls = [server.url(host, f"/{host}") for host in (ALLOWED, FORBIDDEN)] * 20
        await asyncio.gather(*map(_aiohttp, urls), *map(_httpx_async, urls))

    with trace.get_tracer("app").start_as_current_span("request"):
        asyncio.run(both())
        ctx = context.get_current()

        def run(call: Callable[[str], None], host: str) -> None:
            token = context.attach(ctx)
            call(server.url(host, f"/{host}"))
            context.detach(token)

        with ThreadPoolExecutor(8) as pool:
            for future in [
                pool.submit(run, call, host)
                for call in (_requests, _httpx, _urllib3)
                for host in [ALLOWED, FORBIDDEN] * 10
            ]:
                future.result()
    assert [headers.get("baggage") for headers in server.got[f"/{ALLOWED}"]] == ["tenant=north"] * 70
    assert [headers.get("baggage") for headers in server.got[f"/{FORBIDDEN}"]] == [None] * 70


@pytest.mark.usefixtures("_clients")
def test_other_formats_are_closed_too(server: Server, get: Callable[[str], None]) -> None:
    """Jaeger's headers hold what W3C's would, set as the global propagator."""
    before = propagate.get_global_textmap()
    propagate.set_global_textmap(CompositePropagator([JaegerPropagator(), B3MultiFormat()]))
    try:
        get(server.url(ALLOWED, "/ok?" + server.url(FORBIDDEN, "/follows")))
        get(server.url(FORBIDDEN, "/no"))
    finally:
        propagate.set_global_textmap(before)
    names = {path: {name for name in got[0] if name.startswith("uberctx-")} for path, got in server.got.items()}
    assert names == {"/ok": {"uberctx-tenant"}, "/follows": set(), "/no": set()}
    assert all({"uber-trace-id", "x-b3-traceid"} <= set(got[0]) for got in server.got.values())


@pytest.mark.usefixtures("_clients")
def test_a_client_whose_redirects_cannot_be_seen_gets_none(
    server: Server, get: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails closed: where a client lacks the place that the guard needs, no baggage goes out."""
    monkeypatch.setattr(redirects, "HOPS", (*redirects.HOPS, redirects.HOPS[0]._replace(name="no_such_method")))
    get(server.url(ALLOWED))
    assert "baggage" not in server.got["/"][0]


@pytest.mark.usefixtures("_clients")
def test_a_fault_in_telling_the_host_costs_the_baggage_only(
    server: Server, get: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call is made, with ids and without baggage."""

    def broken(*_: object) -> None:
        raise RuntimeError(EMAIL)

    monkeypatch.setattr("discreet.guard.hosts.host_of_attributes", broken)
    get(server.url(ALLOWED))
    (headers,) = server.got["/"]
    assert "baggage" not in headers
    assert "traceparent" in headers


@pytest.mark.parametrize("hop", redirects.HOPS, ids=lambda hop: hop.module)
def test_the_places_of_redirects_exist(hop: redirects.Hop) -> None:
    """Each name exists in its library, is replaced when baggage goes out, and put back."""
    owner = getattr(__import__(hop.module, fromlist=["x"]), hop.owner)
    before = getattr(owner, hop.name)
    assert redirects.followed()
    assert getattr(owner, hop.name).__wrapped__ is before
    redirects.uninstall()
    assert getattr(owner, hop.name) is before


def test_a_proxy_does_not_count_as_the_host(server: Server) -> None:
    """What counts is the host that the URL names, not the proxy on the way."""
    with _instrumented(ALWAYS_ON):
        for host in ("inventory.internal", "other.example.org"):
            _allow(hosts="*.internal")
            requests.get(f"http://{host}/{host}", proxies={"http": server.url(ALLOWED)}, timeout=10)
            urllib3.ProxyManager(server.url(ALLOWED)).request("GET", f"http://{host}/{host}")
            with httpx.Client(proxy=server.url(ALLOWED)) as client:
                client.get(f"http://{host}/{host}")
    got: dict[str, Any] = {path: [h.get("baggage") for h in headers] for path, headers in server.got.items()}
    assert got == {
        "http://inventory.internal/inventory.internal": ["tenant=north"] * 3,
        "http://other.example.org/other.example.org": [None] * 3,
    }
