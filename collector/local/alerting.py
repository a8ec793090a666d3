"""Prometheus and Alertmanager with the shipped configurations, their times shortened so that one can wait for them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from collector.local.collector import Collector
from collector.local.processes import free_ports, server
from collector.local.tools import ROOT, tool

_TIMES = {
    "scrape_interval: 15s": "scrape_interval: 1s",
    "evaluation_interval: 15s": "evaluation_interval: 1s",
    "group_wait: 30s": "group_wait: 0s",
    "group_interval: 5m": "group_interval: 1s",
    "group_interval: 1m": "group_interval: 1s",
    "repeat_interval: 5m": "repeat_interval: 10s",
}


@dataclass(frozen=True)
class Alerting:
    """A running pair: base URLs of Prometheus and Alertmanager."""

    prometheus: str
    alertmanager: str


def minutes_to_seconds(rules: str) -> str:
    """Give rules in which a minute lasts a second, an hour a minute and a day 24, in ranges, offsets and `for` alike.

    So a rule over `[10m]` that keeps firing for `10m` is through in 20 seconds, scraped every second. Only durations
    change: `[5m]`, `offset 10m`, `for: 1m`, `keep_firing_for: 5m`; names like `rate5m` stay.
    """
    shorter = {"m": (1, "s"), "h": (1, "m"), "d": (24, "m")}

    def shorten(found: re.Match[str]) -> str:
        factor, unit = shorter[found[3]]
        return f"{found[1]}{int(found[2]) * factor}{unit}"

    return re.sub(r"(\[|\boffset |\bfor: |\bkeep_firing_for: )(\d+)([mhd])", shorten, rules)


def shortened(text: str, replaced: dict[str, str]) -> str:
    """Give a configuration with the times of `_TIMES` and the given texts in place of its own.

    Raises:
        ValueError: A text to be replaced is not there: the shipped file has changed.
    """
    for old, new in replaced.items():
        if old not in text:
            raise ValueError(f"not in the configuration: {old}")
        text = text.replace(old, new)
    for old, new in _TIMES.items():
        text = text.replace(old, new)
    return text


@contextmanager
def alerting(folder: Path, collector: Collector, webhook_url: str, cooldown: str = "1m") -> Iterator[Alerting]:
    """Run Prometheus over a collector, and Alertmanager that tells a webhook, until the block ends.

    Args:
        folder: Takes their configurations, data and what they print.
        collector: What is scraped.
        webhook_url: Base URL that Alertmanager tells, by receiver: `/operators`, `/security`, `/watchdog`.
        cooldown: After how long what still fires is told again.

    Raises:
        ToolMissingError: One of them is not on the PATH.
        ServerError: One of them did not start.
    """
    ports = free_ports(2)
    prometheus, alertmanager = (f"127.0.0.1:{port}" for port in ports)
    teller = _alertmanager(folder, alertmanager, {"http://127.0.0.1:9099": webhook_url, "4h": cooldown})
    judge = _prometheus(folder, prometheus, alertmanager, collector)
    with (
        server(teller, f"http://{alertmanager}/-/ready", folder / "alertmanager.log"),
        server(judge, f"http://{prometheus}/-/ready", folder / "prometheus.log"),
    ):
        yield Alerting(f"http://{prometheus}", f"http://{alertmanager}")


def _alertmanager(folder: Path, address: str, replaced: dict[str, str]) -> list[str | Path]:
    own = (ROOT / "alertmanager.yaml").read_text()
    config = folder / "alertmanager.yaml"
    config.write_text(shortened(own, replaced))
    return [
        tool("alertmanager"),
        f"--config.file={config}",
        f"--web.listen-address={address}",
        f"--storage.path={folder / 'alertmanager'}",
        "--cluster.listen-address=",
    ]


def _prometheus(folder: Path, address: str, alertmanager: str, collector: Collector) -> list[str | Path]:
    rules = folder / "discreet.rules.yaml"
    rules.write_text(minutes_to_seconds((ROOT / "alerts" / "discreet.rules.yaml").read_text()))
    config = folder / "prometheus.yaml"
    own = (ROOT / "prometheus.yaml").read_text()
    replaced = {
        "alerts/discreet.rules.yaml": str(rules),
        "[127.0.0.1:9093]": f"[{alertmanager}]",
        "127.0.0.1:8888": f"127.0.0.1:{collector.telemetry_port}",
        "127.0.0.1:9464": f"127.0.0.1:{collector.derived_port}",
    }
    config.write_text(shortened(own, replaced))
    return [
        tool("prometheus"),
        f"--config.file={config}",
        f"--web.listen-address={address}",
        f"--storage.tsdb.path={folder / 'prometheus'}",
        "--rules.alert.resend-delay=1s",
        "--rules.alert.for-grace-period=1s",
    ]
