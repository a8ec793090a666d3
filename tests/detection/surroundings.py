"""What stands around a value: spellings of keys, key-value forms, documents and log lines."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from tests.detection.records import Piece
from tests.detection.shapes import characters, uuid4

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

LINES = (
    "{m}",
    "{iso} INFO {m}",
    "{iso} [main] ERROR c.e.shop.OrderService - {m}",
    "{ts} ERROR [api.views:{n}] {m}",
    "{ts},{ms} - app.billing - WARNING - {m}",
    "WARNING:root:{m}",
    "[{ts}] app.ERROR: {m} []",
    "[{ts}] local.WARNING: {m}",
    "[{iso}] [error] [pid {pid}] {m}",
    "{ts} [error] {pid}#{pid}: *{n} {m}, client: {priv}, server: _",
    "{syslog} {host} api[{pid}]: {m}",
    "<{n}>1 {iso} {host} billing {pid} ID47 - {m}",
    "{syslog} {host} kernel: [{n}.{ms}] {m}",
    "I1124 10:02:11.{ms}  {pid} server.go:{n}] {m}",
    'E1124 10:02:11.{ms}  {pid} reconcile.go:{n}] "{j}" controller="orders"',
    "{iso}\tINFO\tcontroller/worker.go:{n}\t{m}",
    '{"level":"info","ts":{epoch}.{ms},"msg":"{j}"}',
    '{"timestamp": "{iso}", "severity": "ERROR", "message": "{j}", "trace_id": "{hex32}", "span_id": "{hex16}"}',
    '{"@timestamp":"{iso}","log.level":"WARN","message":"{j}","service.name":"checkout","process.pid":{pid}}',
    '{"time":"{iso}","level":30,"pid":{pid},"hostname":"{host}","msg":"{j}"}',
    '{"log":"{j}\\n","stream":"stderr","time":"{iso}"}',
    'ts={iso} level=info caller=main.go:{n} msg="{j}"',
    'time="{iso}" level=warning msg="{j}" component=sync',
    "level=error trace_id={hex32} {m}",
    "{ts} UTC [{pid}] LOG:  {m}",
    "{ts} UTC [{pid}] ERROR:  {m}",
    "{pid}:M 24 Nov 2026 10:02:11.{ms} # {m}",
    "celery.worker[{pid}]: Task orders.tasks.sync[{uuid}] raised: {m}",
    "D, [{iso} #{pid}] DEBUG -- : {m}",
    "I, [{iso} #{pid}]  INFO -- : [{uuid}] {m}",
    "{iso}  WARN {pid} --- [nio-8080-exec-{n}] o.e.web.Filter : {m}",
    "info: Shop.Api.Controllers[{n}]\n      {m}",
    "[{ts} WRN] {m}",
    "{ts} | ERROR    | app.main:run:{n} - {m}",
    "10:02:11.{ms} [error] {m}",
    "{iso} DEBUG reqwest::connect: {m}",
    'Traceback (most recent call last):\n  File "/srv/app/main.py", line {n}, in run\n    step()\nValueError: {m}',
    'Exception in thread "main" java.lang.IllegalStateException: {m}\n\tat com.example.App.run(App.java:{n})',
    "thread 'main' panicked at src/main.rs:{n}:5:\n{m}",
    "panic: {m}\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:{n} +0x1d",
    "Error: {m}\n    at Object.<anonymous> (/app/index.js:{n}:11)",
    "PHP Fatal error:  Uncaught Exception: {m} in /var/www/index.php:{n}",
    "  Step 4/9 : RUN echo ok\n ---> Running in {hex16}\n{m}",
    "##[debug]{m}",
    "+ {m}",
)
_NOISE: dict[str, Callable[[Random], str]] = {
    "iso": lambda r: f"2026-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}T{_clock(r)}.{r.randrange(1000):03d}Z",
    "ts": lambda r: f"2026-{r.randint(1, 12):02d}-{r.randint(1, 28):02d} {_clock(r)}",
    "syslog": lambda r: f"Nov {r.randint(10, 28)} {_clock(r)}",
    "ms": lambda r: f"{r.randrange(1000):03d}",
    "n": lambda r: str(r.randint(2, 190)),
    "pid": lambda r: str(r.randint(100, 32000)),
    "epoch": lambda r: str(1_790_000_000 + r.randrange(5_000_000)),
    "hex16": lambda r: characters(r, "hex", 16),
    "hex32": lambda r: characters(r, "hex", 32),
    "uuid": uuid4,
    "host": lambda r: r.choice(["web-1", "node07", "ip-10-0-3-17", "db-primary", "worker-5f6d9c"]),
    "priv": lambda r: f"10.{r.randrange(256)}.{r.randrange(256)}.{r.randint(1, 254)}",
}


def _clock(rng: Random) -> str:
    return f"{rng.randrange(24):02d}:{rng.randrange(60):02d}:{rng.randrange(60):02d}"


def noise(rng: Random, template: str) -> str:
    """Fills ``{iso}``, ``{uuid}`` and the like; braces around anything else stay."""
    return re.sub(r"\{(\w+)\}", lambda m: _NOISE[m[1]](rng) if m[1] in _NOISE else m[0], template)


def as_json(text: str) -> str:
    """The text as it stands inside a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def as_repr(text: str) -> str:
    """The text as it stands inside a Python repr with single quotes."""
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")


def as_url(text: str) -> str:
    """The text as it stands in a path or a user info."""
    return quote(text, safe="")


def line(rng: Random, piece: Piece) -> Piece:
    """The piece as the message of a random framework's log line."""
    template = noise(rng, rng.choice(LINES))
    if "{j}" in template:
        return piece.mapped(as_json).within(template.replace("{j}", "{m}"))
    return piece.within(template)


def _same(text: str) -> str:
    return text


def _form(text: str) -> str:
    return quote_plus(text)


def _xml(text: str) -> str:
    return html.escape(text, quote=True)


def _twice(text: str) -> str:
    return as_json(as_json(text))


# A form, the encoding of its value, and the spelling of its key. Unquoted forms take values without spaces only.
FORMS: tuple[tuple[str, Callable[[str], str], str], ...] = (
    ("{k}={v}", _same, "any"),
    ("{k}={v}", _same, "upper"),
    ("{k} = {v}", _same, "any"),
    ("{k}: {v}", _same, "any"),
    ("{k}:{v}", _same, "any"),
    ("{k} => {v}", _same, "any"),
    ('{k}="{v}"', as_json, "any"),
    ("{k}='{v}'", as_repr, "any"),
    ('{k} = "{v}"', as_json, "any"),
    ('{k}: "{v}"', as_json, "any"),
    ("{k}: '{v}'", as_repr, "any"),
    ('{k} := "{v}"', as_json, "camel"),
    ('{"{k}": "{v}"}', as_json, "any"),
    ('{"id":{n},"{k}":"{v}","active":true}', as_json, "any"),
    ('{"user":{"id":{n},"{k}":"{v}"},"retry":false}', as_json, "any"),
    ('{"id":{n},"{k}":"{v}', as_json, "any"),
    ('{"name":"{k}","value":"{v}"}', as_json, "any"),
    ('payload="{\\"id\\":{n},\\"{k}\\":\\"{v}\\"}"', _twice, "any"),
    ('body={\\"{k}\\": \\"{v}\\"}', _twice, "any"),
    ("{'id': {n}, '{k}': '{v}', 'active': True}", as_repr, "any"),
    ("{'{k}': '{v}'}", as_repr, "any"),
    ("Settings(host='db', {k}='{v}', timeout=30)", as_repr, "snake"),
    ("Namespace(verbose=False, {k}='{v}')", as_repr, "snake"),
    ("[('{k}', '{v}'), ('page', '2')]", as_repr, "any"),
    ("(b'{k}', b'{v}')", as_repr, "header"),
    ("Account(id={n}, {k}={v}, active=true)", _same, "camel"),
    ("Request{id={n}, {k}='{v}', retries=3}", as_repr, "camel"),
    ("map[{k}:{v} retries:3]", _same, "camel"),
    ("{ID:{n} {k}:{v} Active:true}", _same, "pascal"),
    ('Config { retries: 3, {k}: "{v}" }', as_json, "snake"),
    ('{k}: Some("{v}")', as_json, "snake"),
    ('{:id=>{n}, :{k}=>"{v}"}', as_json, "snake"),
    ('{"{k}"=>"{v}", "commit"=>"Save"}', as_json, "snake"),
    ("['{k}' => '{v}', 'page' => 2]", as_repr, "snake"),
    ('%{"{k}" => "{v}"}', as_json, "snake"),
    ("--{k} {v}", _same, "kebab"),
    ("--{k}={v}", _same, "kebab"),
    ("docker run -e {k}={v} app:1.4", _same, "upper"),
    ("export {k}={v}", _same, "upper"),
    ("export {k}='{v}'", as_repr, "upper"),
    ('$env:{k} = "{v}"', as_json, "upper"),
    ("set {k}={v}", _same, "upper"),
    ("ENV {k} {v}", _same, "upper"),
    ("java -D{k}={v} -jar app.jar", _same, "dotted"),
    ("helm install --set {k}={v} web", _same, "camel"),
    ("{k}={v}\nHOME=/srv\nLANG=C.UTF-8", _same, "upper"),
    ("{k}={v}", _same, "dotted"),
    ("<{k}>{v}</{k}>", _xml, "camel"),
    ('<add key="{k}" value="{v}" />', _xml, "any"),
    ('<property name="{k}" value="{v}"/>', _xml, "any"),
    ('<user id="{n}" {k}="{v}"/>', _xml, "camel"),
    ('<input name="{k}" type="text" value="{v}">', _xml, "snake"),
    ("user:\n  id: {n}\n  {k}: {v}\n  active: true", _same, "any"),
    ('- name: {k}\n  value: "{v}"', as_json, "upper"),
    ("[default]\n{k} = {v}\nregion = eu", _same, "snake"),
    ("POST /login HTTP/1.1\nContent-Length: {n}\n\nid={n}&{k}={v}&next=%2F", _form, "snake"),
    ("GET /v1/items?page=2&{k}={v} HTTP/1.1", _form, "any"),
    ("GET /v1/items?{k}={v}&limit=50", _form, "any"),
    ("https://app.example.com/cb?state=ok&{k}={v}", _form, "snake"),
    ("https://app.example.com/cb#{k}={v}&lang=en", _form, "snake"),
    ("id={n}&{k}={v}&lang=en", _form, "any"),
    ("next=%2Fcb%3F{k}%3D{v}%26lang%3Den", lambda text: quote(quote(text, safe=""), safe=""), "snake"),
    ("X-{k}: {v}", _same, "header"),
    ("curl -H '{k}: {v}' https://api.example.com/", _same, "header"),
    ('curl -d "{k}={v}" https://api.example.com/', _same, "snake"),
    ("curl -F {k}={v} https://api.example.com/", _same, "snake"),
    ('Content-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n--x', _same, "snake"),
    ("UPDATE accounts SET {k} = '{v}' WHERE id = {n}", as_repr, "snake"),
    ("SELECT id FROM accounts WHERE {k} = '{v}' LIMIT 1", as_repr, "snake"),
    ("SELECT id FROM accounts WHERE {k}='{v}'", as_repr, "snake"),
    ("Key ({k})=({v}) already exists.", _same, "snake"),
    ("Validation failed for {k}: '{v}' is not allowed", as_repr, "any"),
    ("invalid value for {k}: {v}", _same, "any"),
    ("| {k} | {v} |", _same, "any"),
    ("- **{k}**: `{v}`", _same, "any"),
    ("{k}\t{v}", _same, "upper"),
    ('Parameters: {"utf8"=>"yes", "{k}"=>"{v}"}', as_json, "snake"),
    ("updated {k} to {v}", _same, "snake"),
)
_SPACED = re.compile(r"""["'`>|]\{v\}["'`<]|\{v\}</|[(]\{v\}[)]|= '\{v\}""")
PREFIXES = ("db", "user", "app", "smtp", "old", "customer", "primary", "my", "prod", "account", "x", "admin")
SUFFIXES = ("1", "2", "value", "text", "new", "prod", "raw")


def spell(rng: Random, key: str, style: str = "any") -> str:
    """A snake-case key in one of its spellings: camelCase, kebab-case, UPPER_CASE, dotted, as a header."""
    words = key.split("_")
    if style == "any":
        style = rng.choice(["snake", "snake", "snake", "camel", "camel", "kebab", "dotted", "upper", "pascal", "title"])
    spellings = {
        "snake": key,
        "camel": words[0] + "".join(word.capitalize() for word in words[1:]),
        "pascal": "".join(word.capitalize() for word in words),
        "kebab": "-".join(words),
        "dotted": ".".join(words),
        "upper": key.upper(),
        "header": "-".join(word.capitalize() for word in words),
        "title": "_".join(word.capitalize() for word in words),
    }
    return spellings[style]


def affixed(rng: Random, key: str) -> str:
    """The key with a prefix or a suffix, one time in three."""
    chance = rng.random()
    if chance < 0.25:
        return f"{rng.choice(PREFIXES)}_{key}"
    return f"{key}_{rng.choice(SUFFIXES)}" if chance > 0.92 else key


def keyed(rng: Random, key: str, value: str) -> Piece:
    """The value under its key, in one of the forms that can hold it."""
    spaced = any(sign in value for sign in " \t,;)}")
    while True:
        # The first two dozen are what logs are full of.
        template, encode, style = rng.choice(FORMS[:24] if rng.random() < 0.3 else FORMS)
        encodes = encode in (_form, _twice) or template.startswith("next=")
        if spaced and not (_SPACED.search(template) or encodes):
            continue
        if "\n" in value and encode in (_same, _xml):
            continue
        if any(sign in value for sign in "'\"`&<|") and encode is _same:
            continue
        encoded = encode(value)
        text = noise(rng, template).replace("{k}", spell(rng, key, style)).replace("{v}", encoded)
        return Piece(text, (encoded,))


DOCUMENTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("{v}", _same),
    ('["{v}", "low"]', as_json),
    ("value '{v}' rejected", as_repr),
    ('unexpected value "{v}" at line {n}', as_json),
    ("https://app.example.com/u/{v}/edit", as_url),
    ("https://app.example.com/find?q={v}&page=2", _form),
    ("GET /find?q={v} HTTP/1.1", _form),
    ('{priv} - - [24/Nov/2026:10:02:11 +0000] "GET /find?q={v} HTTP/1.1" 200 {pid} "-" "curl/8.5.0"', _form),
    ("q={v}&lang=en", _form),
    ("INSERT INTO t (a, b) VALUES ({n}, '{v}')", as_repr),
    ("SELECT * FROM t WHERE a = '{v}'", as_repr),
    ("{n},{v},active,2026-11-24", _same),
    ("a;{v};b", _same),
    ("ValueError: bad input {r}", _same),
    ("args=('{v}',) kwargs={}", as_repr),
    ("got [{v}]", _same),
    ("({v})", _same),
    ("<item>{v}</item>", _xml),
    ("- {v}\n- other", _same),
    ("> {v}\n\nSent from the portal", _same),
    ("`{v}`", _same),
    ("{'data': ['{v}', 3]}", as_repr),
    ('{"data":{"items":["{v}"],"total":1}}', as_json),
    ('{"data":"{\\"x\\":\\"{v}\\"}"}', _twice),
    ("run --input {v} --verbose", _same),
    ("input={v} status=rejected", _same),
    ("input={v}, status=rejected", _same),
    ("処理中 {v} を確認しました", _same),
    ("Ошибка обработки {v} в модуле", _same),
    ("Fehler bei der Prüfung von {v} im Modul", _same),
    ("el valor {v} no es válido", _same),
    ("错误:{v}无效", _same),
)


def bare(rng: Random, value: str, sentences: tuple[str, ...]) -> Piece:
    """The value without a key: in a sentence of its kind, or in a document."""
    while True:
        use = rng.random() < 0.55
        template, encode = (rng.choice(sentences), _same) if use else rng.choice(DOCUMENTS)
        if "," in value and template.startswith("{n},"):
            continue
        text = noise(rng, template)
        encoded = as_repr(value) if "{r}" in text else encode(value)
        return Piece(text.replace("{r}", f"'{encoded}'").replace("{v}", encoded), (encoded,))
