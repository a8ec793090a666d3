"""The endpoints: for ASGI, WSGI and on a port; what they answer is known already, and says nothing private."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from discreet import runtime
from discreet.cli import main
from discreet.health import ROUNDS, Found, HealthMiddleware, check, cover_starlette, health_wsgi
from discreet.health.port import PORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PATHS = ("/livez", "/readyz", "/healthz")


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DISCREET_HEALTH_INTERVAL", "0")
    monkeypatch.setenv("DISCREET_HEALTH_ENDPOINTS", "true")
    runtime.arm()
    yield
    ROUNDS.forget()
    PORT.close()


def _hello(_: Any) -> Any:
    return PlainTextResponse("hello")


def starlette() -> Any:
    """Give an app with one route, and one app mounted in it."""
    inner = Starlette(routes=[Route("/livez", _hello), Route("/", _hello)])
    return Starlette(routes=[Route("/", _hello), Mount("/inner", inner)])


def fastapi() -> Any:
    """Give an app that is served below a prefix."""
    app = FastAPI(root_path="/api")
    app.get("/")(lambda: "hello")
    return app


def test_middleware_answers_and_passes() -> None:
    """The three paths are answered; others, other methods and mounted apps are the app's own."""
    check("well")(lambda: True)
    ROUNDS.once()
    with TestClient(HealthMiddleware(starlette())) as client:
        for path in PATHS:
            answer = client.get(path)
            assert (answer.status_code, answer.json()["status"]) == (200, "pass")
            assert answer.headers["content-type"] == "application/health+json"
            assert answer.headers["cache-control"] == "no-store"
            head = client.head(path)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-length"] == answer.headers["content-length"]
        assert client.get("/").text == "hello"
        assert client.get("/inner/livez").text == "hello"
        assert client.post("/livez").status_code == 404


@pytest.mark.parametrize("make", [starlette, fastapi])
def test_the_option_answers_in_front_of_every_app(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before all middleware; and no more when it is switched off while running."""
    cover_starlette()
    cover_starlette()
    with TestClient(make()) as client:
        for path in PATHS:
            assert client.get(path).headers["content-type"] == "application/health+json"
        assert "hello" in client.get("/").text
        runtime.reset()
        monkeypatch.setenv("DISCREET_HEALTH_ENDPOINTS", "false")
        runtime.arm()
        assert client.get("/livez").status_code == 404


def test_mounted_apps_keep_their_paths() -> None:
    """Only the outermost app answers."""
    cover_starlette()
    with TestClient(starlette()) as client:
        assert client.get("/inner/livez").text == "hello"


def test_servers_still_know_the_app_for_asgi() -> None:
    """They ask whether its call is a coroutine function."""
    import inspect

    cover_starlette()
    for app in (starlette(), fastapi()):
        assert inspect.iscoroutinefunction(app.__call__)


@pytest.mark.parametrize(
    ("answers", "ready", "whole", "said"),
    [
        ({"a": (True, True)}, 200, 200, "pass"),
        ({"a": (True, True), "b": (False, False)}, 200, 200, "warn"),
        ({"a": (True, False), "b": (False, True)}, 503, 503, "fail"),
        ({"a": (True, "warn")}, 200, 200, "warn"),
    ],
    ids=["all well", "one that is not critical fails", "a critical one fails", "a critical one warns"],
)
def test_what_the_whole_is(answers: dict[str, tuple[bool, Any]], ready: int, whole: int, said: str) -> None:
    """Readiness asks the critical checks; the process is live whatever they find."""
    for name, (critical, given) in answers.items():
        check(name, critical=critical)(lambda given=given: given)
    ROUNDS.once()
    with TestClient(HealthMiddleware(starlette())) as client:
        assert client.get("/livez").status_code == 200
        readiness = client.get("/readyz")
        assert readiness.status_code == ready
        assert set(readiness.json()["checks"]) == {name for name, (critical, _) in answers.items() if critical}
        health = client.get("/healthz")
        assert (health.status_code, health.json()["status"]) == (whole, said)
        assert set(health.json()["checks"]) == set(answers)


def test_an_answer_has_what_was_found() -> None:
    """Time, figure and output where there are any; and nothing private."""
    check("disk", critical=False)(lambda: Found("warn", "the disk of zoe@example.org", 0.05, "1"))
    check("new")(lambda: True)
    with TestClient(HealthMiddleware(starlette())) as client:
        before = client.get("/healthz").json()["checks"]
        assert before["new"] == [{"status": "fail", "critical": True, "output": "has not been looked at yet"}]
        ROUNDS.once()
        (found,) = client.get("/healthz").json()["checks"]["disk"]
    assert found.pop("time").endswith("Z")
    assert found == {
        "status": "warn",
        "critical": False,
        "observedValue": 0.05,
        "observedUnit": "1",
        "output": "the disk of [REDACTED:email]",
    }


def test_wsgi_answers_and_passes() -> None:
    """As for ASGI."""

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode()]

    def ask(method: str, path: str) -> tuple[str, dict[str, str], bytes]:
        said: list[Any] = []
        body = b"".join(
            health_wsgi(app)({"REQUEST_METHOD": method, "PATH_INFO": path}, lambda *given: said.extend(given))
        )
        return said[0], dict(said[1]), body

    check("c")(lambda: False)
    ROUNDS.once()
    assert ask("GET", "/livez")[0] == "200 OK"
    status, headers, body = ask("GET", "/readyz")
    assert (status, headers["content-type"]) == ("503 Service Unavailable", "application/health+json")
    assert json.loads(body)["checks"]["c"][0]["status"] == "fail"
    assert ask("HEAD", "/readyz")[2] == b""
    assert ask("POST", "/readyz") == ("200 OK", {}, b"/readyz")
    assert ask("GET", "/orders") == ("200 OK", {}, b"/orders")


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_port_answers(caplog: pytest.LogCaptureFixture) -> None:
    """On the loopback interface; a second process that asks for the same port goes without, and says so."""
    number = free_port()
    check("c")(lambda: True)
    ROUNDS.once()
    PORT.open(number)
    PORT.open(number)
    with urllib.request.urlopen(f"http://127.0.0.1:{number}/readyz", timeout=5) as answer:
        assert json.loads(answer.read())["status"] == "pass"
        assert answer.headers["content-type"] == "application/health+json"
        assert answer.headers["server"] == "discreet"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{number}/secret", timeout=5)
    type(PORT)().open(number)
    assert [record.getMessage() for record in caplog.records if "health is not served" in record.getMessage()] == [
        f"discreet: health is not served on port {number} (OSError)"
    ]


def test_the_command_asks_for_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit status 0, 1 and 2, for exec probes; the port is that of the environment, or a URL is given."""
    number, answers = free_port(), iter([True, False])
    monkeypatch.setenv("DISCREET_HEALTH_PORT", str(number))
    check("c")(lambda: next(answers))
    unreached = CliRunner().invoke(main, ["health"])
    assert (unreached.exit_code, "no answer" in unreached.output) == (2, True)
    PORT.open(number)
    ROUNDS.once()
    done = CliRunner().invoke(main, ["health"])
    assert (done.exit_code, done.output.split()[0]) == (0, "pass")
    ROUNDS.once()
    done = CliRunner().invoke(main, ["health", f"http://127.0.0.1:{number}/healthz", "--json"])
    assert (done.exit_code, json.loads(done.output)["status"]) == (1, "fail")
    assert CliRunner().invoke(main, ["health", f"http://127.0.0.1:{number}/other"]).exit_code == 2
    assert CliRunner().invoke(main, ["health", "file:///etc/hostname"]).exit_code == 2
    monkeypatch.delenv("DISCREET_HEALTH_PORT")
    assert CliRunner().invoke(main, ["health"]).exit_code == 2
