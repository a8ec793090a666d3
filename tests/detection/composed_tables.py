"""Tables of texts that hold secrets: ``<!name>`` is a secret, ``<?name>`` may go with it, ``<name>`` must stay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.detection.shapes import b64, characters, jwt, uuid4

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

SLOTS: dict[str, Callable[[Random], str]] = {
    "tok": lambda r: characters(r, r.choice(["base62", "base64url", "hex"]), r.choice([20, 24, 32, 40, 43])),
    "hex32": lambda r: characters(r, "hex", 32),
    "hex64": lambda r: characters(r, "hex", 64),
    "b64": lambda r: b64(r.randbytes(32)),
    "b64long": lambda r: b64(r.randbytes(64)),
    "pctb64": lambda r: quote(b64(r.randbytes(32)), safe=""),
    "jwt": jwt,
    "telegram": lambda r: "AA" + characters(r, "base64url", 33),
    "uuid": uuid4,
    "digits": lambda r: characters(r, "digit", 18),
    "tid": lambda r: "T0" + characters(r, "BASE36", 8),
    "bid": lambda r: "B0" + characters(r, "BASE36", 8),
    "b62": lambda r: characters(r, "base62", 24),
    "hook": lambda r: characters(r, "base64url", 68),
    "code": lambda r: characters(r, "digit", 6),
    "short": lambda r: characters(r, "base62", 12),
    "user": lambda r: r.choice(["zoe", "app", "svc", "admin", "backup"]),
}

SCHEMES = (
    ("postgresql", "db.internal:5432/shop"),
    ("postgres", "10.0.3.4/shop?sslmode=require"),
    ("postgresql+psycopg", "db:5432/app"),
    ("postgresql+asyncpg", "localhost/app"),
    ("mysql", "mysql:3306/app"),
    ("mysql+pymysql", "db/app?charset=utf8mb4"),
    ("mongodb", "mongo-0:27017,mongo-1:27017/app?replicaSet=rs0"),
    ("mongodb+srv", "cluster0.example.net/app"),
    ("redis", "cache:6379/0"),
    ("rediss", "cache.example.net:6380/1"),
    ("amqp", "rabbit:5672/%2F"),
    ("amqps", "mq.example.net/vhost"),
    ("smtp", "mail.example.net:587"),
    ("smtps", "mail.example.net:465"),
    ("https", "api.example.com/v1/items"),
    ("http", "proxy.internal:3128"),
    ("https", "git.example.com/org/repo.git"),
    ("ftp", "files.example.net/in"),
    ("sftp", "files.example.net:22/up"),
    ("ldap", "ldap.internal:389"),
    ("nats", "nats:4222"),
    ("mqtt", "broker:1883"),
    ("clickhouse", "ch:9000/logs"),
    ("oracle+oracledb", "ora:1521/?service_name=X"),
    ("mssql+pyodbc", "sql:1433/app?driver=ODBC+Driver+18"),
    ("snowflake", "acme/db/public?warehouse=wh"),
    ("neo4j+s", "graph:7687"),
    ("kafka", "kafka:9093"),
    ("elasticsearch", "es:9200"),
    ("rtsp", "cam.internal:554/stream"),
    ("socks5", "proxy.internal:1080"),
    ("jdbc:postgresql", "db:5432/app"),
    ("influxdb", "influx:8086/db"),
)

_TABLES = Path(__file__).parent / "tables"


def table(name: str) -> tuple[str, ...]:
    """The texts of one file, a line each; a backslash and an n stand for a line end."""
    lines = (_TABLES / f"secrets_{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.replace("\\\\", "\x00").replace("\\n", "\n").replace("\x00", "\\") for line in lines)
