"""Clean records: stored lines of real programs, lines in the formats of many systems, attributes, hard negatives.

The stored lines were printed by programs run for this corpus: PostgreSQL 15, uvicorn with FastAPI and a console
exporter, Prometheus, Alertmanager, the collector, Go, Java, Node, Rust, GCC, Perl, pytest, strace, openssl, dpkg, apt,
logging of Python, and tracebacks of real failures. Lines with addresses, users or registries were left out. The
formats of other systems were written down by hand, with made-up values.
"""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests.detection.clean_attributes import BOOLEAN_ENDS, LOOK_ALIKE_VALUES, NUMBER_ENDS, SUBJECTS
from tests.detection.clean_slots import fill
from tests.detection.records import Record
from tests.detection.surroundings import as_json, spell

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = Path(__file__).parent
PER_TEMPLATE = 12
_FRAMES = (
    "{m}",
    "{m}",
    "{iso} INFO {m}",
    "[{date} {time}] app.INFO: {m}",
    "{syslog} {host} app[{pid}]: {m}",
    '{"level":"info","msg":"{j}","ts":{epoch}.{ms3}}',
    '{"message": "{j}", "trace_id": "{hex32}", "span_id": "{hex16}"}',
    'level=info ts={iso} msg="{j}"',
    "{date} {time},{ms3} {level} {cls}: {m}",
    "I1124 {time}.{ms6} {pid} main.go:{n}] {m}",
    "ERROR:app:{m}",
    "{date} {time} UTC [{pid}] LOG:  {m}",
)
BLOCK = 8  # lines that make a record of several lines


def clean(seed: int = 0) -> Iterator[Record]:
    """Every clean record."""
    yield from _stored()
    for source in (_systems, _traps, _semconv, _look_alikes, _mixed):
        yield from source(Random(f"{seed} {source.__name__}"))


def _stored() -> Iterator[Record]:
    """The lines of the files beside this one, one by one and eight at a time."""
    for path in sorted((_HERE / "clean").glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line]
        yield from (Record("clean", line, (), path.stem) for line in lines)
        blocks = ("\n".join(lines[at : at + BLOCK]) for at in range(0, len(lines), BLOCK * 3))
        yield from (Record("clean", block, (), f"{path.stem} blocks") for block in blocks)


def _rows(name: str) -> list[str]:
    return (_HERE / "tables" / name).read_text(encoding="utf-8").splitlines()


def _systems(rng: Random) -> Iterator[Record]:
    for row in _rows("clean_systems.tsv"):
        system, template = row.split("\t", 1)
        yield from (Record("clean", fill(rng, template), (), f"like {system}") for _ in range(PER_TEMPLATE))


def _traps(rng: Random) -> Iterator[Record]:
    """Each hard negative bare, in the frame of a log line, and as an attribute."""
    for name in ("phrases", "code", "values"):
        for template in _rows(f"trap_{name}.txt"):
            for frame in ("{m}", *rng.sample(_FRAMES, 5)):
                message = fill(rng, template)
                text = fill(rng, frame).replace("{m}", message).replace("{j}", as_json(message))
                yield Record("clean", text, (), f"trap {name}")
            key = rng.choice(["message", "log.body", "event.detail", "exception.message"])
            yield Record("clean", {key: fill(rng, template)}, (), f"trap {name}")


def _filled(rng: Random, value: Any) -> Any:
    if isinstance(value, str):
        return fill(rng, value)
    return [fill(rng, item) for item in value] if isinstance(value, list) else value


def _semconv(rng: Random) -> Iterator[Record]:
    """Attributes of the conventions, one by one and several together."""
    table = [(key, json.loads(values)) for key, values in (row.split("\t") for row in _rows("clean_semconv.tsv"))]
    for key, values in table:
        yield from (Record("clean", {key: _filled(rng, value)}, (), "semconv") for value in values)
    for _ in range(300):
        chosen = rng.sample(table, rng.randint(4, 12))
        yield Record("clean", {key: _filled(rng, rng.choice(values)) for key, values in chosen}, (), "semconv together")


def _look_alikes(rng: Random) -> Iterator[Record]:
    """Keys that only look telling, as attributes and as ``key=value``, and made-up ones that end in a harmless word."""
    for key in _rows("look_alike_keys.txt"):
        value = _filled(rng, rng.choice(next(values for ends, values in LOOK_ALIKE_VALUES if key.endswith(ends))))
        yield Record("clean", {key: value}, (), "look-alike")
        yield Record("clean", f"step done {key}={as_word(value)} ok", (), "look-alike")
        yield Record("clean", f'{{"{key}": {quoted(value)}, "ok": true}}', (), "look-alike")
    for subject in SUBJECTS:
        for end in (*BOOLEAN_ENDS, *NUMBER_ENDS):
            value = rng.random() < 0.5 if end in BOOLEAN_ENDS else rng.randint(1, 5000)
            key = spell(rng, f"{subject}_{end}")
            yield Record("clean", {key: value}, (), "look-alike")
            yield Record("clean", f"settings: {key}={as_word(value)}", (), "look-alike")


def as_word(value: Any) -> str:
    """A value as log lines spell it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def quoted(value: Any) -> str:
    """A value as JSON spells it."""
    return f'"{value}"' if isinstance(value, str) else as_word(value)


def _mixed(rng: Random) -> Iterator[Record]:
    """Telemetry of a made-up service: several harmless values in one record, as logfmt, JSON and attributes."""
    for _ in range(500):
        keys = rng.sample(list(_FIELDS), rng.randint(4, 9))
        fields = {key: fill(rng, _FIELDS[key]) for key in keys}
        forms: tuple[str | dict[str, Any], ...] = (
            " ".join(f"{key}={value}" for key, value in fields.items()),
            "{" + ", ".join(f'"{key}": "{value}"' for key, value in fields.items()) + "}",
            "&".join(f"{key}={value}" for key, value in fields.items()),
            ", ".join(f"{key}: {value}" for key, value in fields.items()),
            dict(fields),
        )
        yield Record("clean", rng.choice(forms), (), "mixed")


_FIELDS = {
    "trace_id": "{hex32}",
    "span_id": "{hex16}",
    "request_id": "{uuid}",
    "duration_ms": "{f}",
    "bytes": "{k}",
    "status": "{status}",
    "method": "GET",
    "path": "/v1/orders/{k}",
    "route": "/v1/orders/:id",
    "version": "{ver}",
    "build": "{hex40}",
    "host": "{host}",
    "pid": "{pid}",
    "thread": "worker-{n}",
    "queue": "orders.created",
    "offset": "{big}",
    "partition": "{n}",
    "attempt": "{n}",
    "cache_key": "orders:{k}:v2",
    "etag": "{hex32}",
    "order_id": "{d10}",
    "sku": "A-{k}",
    "amount": "{f}",
    "currency": "EUR",
    "started": "{epochms}",
    "finished_ns": "{epochns}",
    "pod": "web-5f6d9c7b8-{hex8}",
    "image": "shop/web:{ver}",
    "region": "eu-west-1",
    "input_tokens": "{k}",
    "token_type": "Bearer",
    "user_agent": "curl/{ver}",
    "peer": "10.0.{n}.{n}:{port}",
    "level": "{level}",
    "tenant": "acme",
    "job_id": "{uuid}",
    "shard": "{n}",
    "lsn": "0/{hex8}",
    "idempotency_key": "{uuid}",
    "digest": "sha256:{hex64}",
}
