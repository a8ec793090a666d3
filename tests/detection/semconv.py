"""Attributes of the semantic conventions that carry something private, with values of the form the conventions show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.detection import personal as p
from tests.detection import secret_values as s
from tests.detection.personal_tables import GIVEN, SURNAMES
from tests.detection.shapes import b64, characters, jwt, uuid4

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

Filled = tuple[Any, tuple[str, ...]]


def _plain(draw: Callable[[Random], str]) -> Callable[[Random], Filled]:
    def filled(rng: Random) -> Filled:
        value = draw(rng)
        return value, (value,)

    return filled


def _listed(template: str, draw: Callable[[Random], str]) -> Callable[[Random], Filled]:
    def filled(rng: Random) -> Filled:
        value = draw(rng)
        return [template.replace("{v}", value)], (value,)

    return filled


def _inside(template: str, draw: Callable[[Random], str]) -> Callable[[Random], Filled]:
    def filled(rng: Random) -> Filled:
        value = draw(rng)
        return template.replace("{v}", value), (value,)

    return filled


def _mail(rng: Random) -> str:
    return f"{rng.choice(GIVEN[:12]).lower()}.{rng.randint(1, 99)}@example.com".replace("á", "a")


def _name(rng: Random) -> str:
    return p.full_name(rng).text


def _ip(rng: Random) -> str:
    return p.ipv4(rng).text


def _ip6(rng: Random) -> str:
    return p.ipv6(rng).text


def _password(rng: Random) -> str:
    return characters(rng, "base62", 14)


def _token(rng: Random) -> str:
    return s.token(rng).text.replace("+", "x").replace("/", "y").rstrip("=")


def _float(rng: Random) -> Filled:
    value = round(rng.uniform(-80, 80), 6)
    return value, (repr(value),)


ATTRIBUTES: tuple[tuple[str, Callable[[Random], Filled]], ...] = (
    ("user.email", _plain(_mail)),
    ("user.full_name", _plain(_name)),
    ("client.address", _plain(_ip)),
    ("client.address", _plain(_ip6)),
    ("source.address", _plain(_ip)),
    ("network.peer.address", _plain(_ip)),
    ("net.peer.ip", _plain(_ip)),
    ("net.sock.peer.addr", _plain(_ip)),
    ("http.client_ip", _plain(_ip)),
    ("geo.location.lat", _float),
    ("geo.location.lon", _float),
    ("geo.postal_code", _plain(lambda r: characters(r, "digit", 5))),
    ("device.id", _plain(uuid4)),
    ("app.installation.id", _plain(uuid4)),
    ("tls.client.subject", _inside("CN={v},OU=Staff,O=Acme,C=US", _name)),
    ("db.connection_string", _inside("Server=db;Database=app;User=svc;Password={v};", _password)),
    ("url.full", _inside("https://api.example.com/v1/orders?access_token={v}&page=2", _token)),
    ("url.full", _inside("https://api.example.com/v1/users?email={v}", lambda r: _mail(r).replace("@", "%40"))),
    ("http.url", _inside("https://svc:{v}@api.example.com/v1/orders", _password)),
    ("http.target", _inside("/login?user=3&password={v}", _password)),
    ("url.query", _inside("q=shoes&api_key={v}", _token)),
    ("url.query", _inside("page=2&sig={v}", _token)),
    ("url.path", _inside("/users/{v}/orders", _mail)),
    ("url.fragment", _inside("access_token={v}&token_type=Bearer", jwt)),
    ("http.request.header.authorization", _listed("Bearer {v}", _token)),
    ("http.request.header.authorization", _listed("Basic {v}", lambda r: b64("app:" + characters(r, "base62", 12)))),
    ("http.request.header.cookie", _listed("theme=dark; session={v}", _token)),
    ("http.response.header.set-cookie", _listed("sid={v}; Path=/; HttpOnly", _token)),
    ("http.request.header.x-api-key", _listed("{v}", _token)),
    ("http.request.header.x-forwarded-for", _listed("{v}, 10.0.0.1", _ip)),
    ("http.request.header.referer", _listed("https://app.example.com/reset?token={v}", _token)),
    ("rpc.grpc.request.metadata.authorization", _listed("Bearer {v}", _token)),
    ("process.environment_variable.DB_PASSWORD", _plain(_password)),
    ("process.command_line", _inside("/usr/bin/app --db-password={v} --port 80", _password)),
    ("process.command_args", _listed("--token={v}", _token)),
    ("db.query.text", _inside("SELECT id FROM users WHERE email = '{v}'", _mail)),
    ("db.statement", _inside("UPDATE users SET password = '{v}' WHERE id = 3", _password)),
    ("db.query.parameter.email", _plain(_mail)),
    ("db.operation.parameter.password", _plain(_password)),
    ("exception.message", _inside("login failed for {v}: bad credentials", _mail)),
    ("exception.message", _inside("invalid api key '{v}'", _token)),
    (
        "exception.stacktrace",
        _inside("Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in f\nKeyError: '{v}'", _mail),
    ),
    (
        "log.record.original",
        _inside("Nov 24 10:02:11 web sshd[12]: Failed password for zoe from {v} port 22 ssh2", _ip),
    ),
    ("messaging.kafka.message.key", _plain(_mail)),
    (
        "gen_ai.input.messages",
        _inside('[{"role":"user","parts":[{"type":"text","content":"my email is {v}"}]}]', _mail),
    ),
    ("gen_ai.tool.call.arguments", _inside('{"city":"Lund","api_key":"{v}"}', _token)),
    ("graphql.document", _inside('mutation { login(email: "{v}", remember: true) { id } }', _mail)),
    ("k8s.pod.annotation.contact", _plain(_mail)),
)
# Ids of persons: a policy may keep them pseudonymous, so they are a kind of their own.
IDS: tuple[tuple[str, Callable[[Random], Filled]], ...] = (
    ("user.id", _plain(lambda r: "S-1-5-21-" + "-".join(characters(r, "digit", 9) for _ in range(3)))),
    ("user.name", _plain(lambda r: f"{r.choice(GIVEN[:10]).lower()}.{r.choice(SURNAMES[:8]).lower()}")),
    ("user.hash", _plain(lambda r: characters(r, "hex", 40))),
    ("enduser.id", _plain(lambda r: f"{r.choice(GIVEN[:10]).lower()}{r.randint(100, 999)}")),
    ("enduser.pseudo.id", _plain(lambda r: characters(r, "base62", 22))),
    ("session.id", _plain(uuid4)),
    ("session.previous_id", _plain(uuid4)),
    ("feature_flag.context.id", _plain(uuid4)),
    ("gen_ai.conversation.id", _plain(lambda r: "conv_" + characters(r, "base62", 28))),
    ("mcp.session.id", _plain(lambda r: characters(r, "hex", 32))),
)
