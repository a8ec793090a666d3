"""Harmless values for clean records: ``fill`` puts them in place of ``{uuid}``, ``{priv}``, ``{ms}`` and so on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.detection.shapes import b64, characters, uuid4

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_PRIVATE = (
    "10.{a}.{b}.{c}",
    "192.168.{b}.{c}",
    "172.16.{b}.{c}",
    "127.0.0.1",
    "192.0.2.{c}",
    "198.51.100.{c}",
    "203.0.113.{c}",
)
_HOSTS = (
    "web-1",
    "node07",
    "db-primary",
    "worker-5f6d9c",
    "cache01.internal",
    "ip-10-0-3-17",
    "mesos-slave-07",
    "api.example.com",
)
_PATHS = (
    "/var/log/app/app.log",
    "/srv/app/main.py",
    "/etc/nginx/nginx.conf",
    "/opt/kafka/data/orders-3",
    "/user/spark/out/part-00007",
    "C:\\Windows\\Temp\\a.log",
)
_METHODS = (
    "org.apache.hadoop.ipc.Server",
    "com.example.shop.OrderService",
    "o.a.z.server.NIOServerCnxn",
    "io.grpc.internal.Channel",
)


def _private(r: Random) -> str:
    return r.choice(_PRIVATE).format(a=r.randrange(256), b=r.randrange(256), c=r.randint(1, 254))


def _clock(r: Random, sign: str = ":") -> str:
    return sign.join(f"{r.randrange(size):02d}" for size in (24, 60, 60))


def _day(r: Random, sign: str = "-") -> str:
    return f"{r.randint(1, 12):02d}{sign}{r.randint(1, 28):02d}"


def _rack(r: Random) -> str:
    node = f"R{r.randrange(64):02d}-M{r.randrange(2)}-N{r.randrange(16)}"
    return f"{node}-{r.choice('CI')}:J{r.randint(1, 17):02d}-U{r.choice(['01', '11'])}"


SLOTS: dict[str, Callable[[Random], str]] = {
    "n": lambda r: str(r.randint(1, 200)),
    "k": lambda r: str(r.randint(1000, 99999)),
    "big": lambda r: str(r.randint(10**8, 10**12)),
    "pid": lambda r: str(r.randint(100, 65000)),
    "f": lambda r: f"{r.uniform(0, 900):.{r.randint(1, 6)}f}",
    "ms3": lambda r: f"{r.randrange(1000):03d}",
    "ms6": lambda r: f"{r.randrange(10**6):06d}",
    "time": lambda r: _clock(r),
    "date": lambda r: f"20{r.randint(15, 26)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}",
    "iso": lambda r: f"2026-{_day(r)}T{_clock(r)}.{r.randrange(10**6):06d}Z",
    "ymd": lambda r: f"{r.randint(8, 26):02d}" + _day(r, "") + " " + _clock(r, ""),
    "compact": lambda r: "2026" + _day(r, "") + _clock(r, ""),
    "syslog": lambda r: f"{r.choice(['Jan', 'Jun', 'Nov', 'Dec'])} {r.randint(10, 28)} {_clock(r)}",
    "apache": lambda r: f"{r.choice(['Sun', 'Mon', 'Thu'])} Dec {r.randint(10, 28)} {_clock(r)} 2026",
    "epoch": lambda r: str(1_500_000_000 + r.randrange(400_000_000)),
    "epochms": lambda r: str(1_500_000_000_000 + r.randrange(400_000_000_000)),
    "epochus": lambda r: str(1_500_000_000_000_000 + r.randrange(4 * 10**14)),
    "epochns": lambda r: str(1_500_000_000_000_000_000 + r.randrange(4 * 10**17)),
    "snowflake": lambda r: str(r.randint(10**17, 10**18)),
    "d9": lambda r: str(r.randint(10**8, 10**9 - 1)),
    "d10": lambda r: str(r.randint(2 * 10**9, 10**10 - 1)),
    "d11": lambda r: str(r.randint(10**10, 10**11 - 1)),
    "d12": lambda r: str(r.randint(10**11, 10**12 - 1)),
    "hex8": lambda r: characters(r, "hex", 8),
    "hex12": lambda r: characters(r, "hex", 12),
    "hex16": lambda r: characters(r, "hex", 16),
    "hex32": lambda r: characters(r, "hex", 32),
    "hex40": lambda r: characters(r, "hex", 40),
    "hex64": lambda r: characters(r, "hex", 64),
    "HEX": lambda r: characters(r, "HEX", 16),
    "b44": lambda r: b64(r.randbytes(32)),
    "b64": lambda r: b64(r.randbytes(48)),
    "b62": lambda r: characters(r, "base62", 22),
    "uuid": uuid4,
    "priv": _private,
    "port": lambda r: str(r.randint(1024, 65535)),
    "ver": lambda r: f"{r.randint(0, 20)}.{r.randint(0, 40)}.{r.randint(0, 90)}",
    "ver4": lambda r: f"{r.randint(1, 130)}.{r.randint(0, 40)}.{r.randint(0, 250)}.{r.randint(0, 250)}",
    "oid": lambda r: f"1.3.6.1.4.1.{r.randint(1, 60000)}.{r.randint(1, 9)}.{r.randint(1, 9)}",
    "host": lambda r: r.choice(_HOSTS),
    "path": lambda r: r.choice(_PATHS),
    "cls": lambda r: r.choice(_METHODS),
    "blk": lambda r: f"blk_{r.choice(['', '-'])}{r.randint(10**17, 9 * 10**18)}",
    "rack": _rack,
    "money": lambda r: f"{r.randint(1, 999)},{r.randrange(1000):03d}.{r.randrange(100):02d}",
    "thousands": lambda r: f"{r.randint(1, 999)} {r.randrange(1000):03d} {r.randrange(1000):03d}",
    "doc6": lambda r: f"2001:db8:{r.randint(1, 0xFFFF):x}::{r.randint(1, 0xFFFF):x}",
    "status": lambda r: r.choice(["200", "204", "301", "400", "404", "500", "503"]),
    "level": lambda r: r.choice(["INFO", "WARN", "DEBUG", "ERROR"]),
}
_SLOT = re.compile(r"\{(\w+)\}")


def fill(rng: Random, template: str) -> str:
    """The template with its slots filled; braces around anything else stay."""
    return _SLOT.sub(lambda match: SLOTS[match[1]](rng) if match[1] in SLOTS else match[0], template)
