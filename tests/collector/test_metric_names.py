"""Every metric and label that rules read is emitted by the library or the collector, as a scrape of both shows.

A rule on a metric of another name would never fire, and nobody would notice.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.local.collector import collector
from discreet.testing import OtlpReceiver
from tests.collector.inhibition import matches
from tests.collector.places import CANARIES, gauge
from tests.collector.sending import log, logs_request, metrics_request, send, span, spans_request
from tests.collector.test_alerts import GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from collector.local.collector import Collector

SERVICE = Path(__file__).with_name("watched_service.py")
BAIT = "hunter2-hunter2-hunter2"
SMALL = 2
"""Items that a queue takes in this test."""
BY_PROMETHEUS: Series = {"up": [{"job": "otelcol", "instance": "c1"}]}
_ASIDE = r"\b(?:by|on|without)\s*\([^)]*\)|\[[^\]]*\]|offset \w+|\w+\(\{[^}]*\}|,\s*\"[^\"]*\""
"""Groupings, ranges, selections by the name itself, texts."""
_METRIC = re.compile(r"(?<![\w:.])([a-z][\w:]*)(\{[^}]*\})?(?![\w:]|\s*\()")
_WORDS = {"and", "or", "unless"}

Series = dict[str, list[dict[str, str]]]
"""The labels of each series, by the name of its metric."""


def read_by_rules() -> Iterator[tuple[str, str]]:
    """Yields each metric that a rule reads, with the matchers by which its series are chosen."""
    for group in GROUPS:
        for rule in group["rules"]:
            for name, chosen in _METRIC.findall(re.sub(_ASIDE, " ", rule["expr"])):
                if ":" not in name and name not in _WORDS:
                    yield name, chosen.strip("{}")


@pytest.fixture(scope="module")
def seen(binary: str, tmp_path_factory: pytest.TempPathFactory) -> Series:
    """What Prometheus finds at a collector that went through what rules are about."""
    folder = tmp_path_factory.mktemp("names")
    small = {
        "sending_queue": {"queue_size": SMALL, "block_on_overflow": False, "batch": {"min_size": 1, "max_size": 1}}
    }
    exporters = {f"otlp_http/{branch}": small for branch in ("general", "restricted", "metrics")}
    (folder / "small.yaml").write_text(yaml.safe_dump({"exporters": exporters}))
    found: Series = defaultdict(list)
    with OtlpReceiver() as backend:
        backend.answer(400)
        variables = {"DISCREET_COLLECTOR_OTLP_ENDPOINT": backend.endpoint}
        with collector(folder, ["otlp", str(folder / "small")], variables) as running:
            _provoke(running)
            _wait_for(running, found, "otelcol_")
    # The senders of a collector whose queues are full try again and again: the service has one without queues.
    with collector(folder) as running:
        send(running.endpoint, logs_request(log(CANARIES["e-mail"]), *security_events()))
        _serve(running, folder)
        _wait_for(running, found)
    return found


def _provoke(running: Collector) -> None:
    """Have exporters rejected, then their queues overflow; have the gate find something; tell of security."""
    for count in (1, SMALL + 10):
        send(running.endpoint, spans_request(*[span(kind=Span.SPAN_KIND_SERVER) for _ in range(count)]))
        send(running.endpoint, logs_request(*[log() for _ in range(count)]))
        send(running.endpoint, metrics_request(*[gauge() for _ in range(count)]))
    send(running.endpoint, logs_request(log(given={"discreet.category": "audit"})))


def security_events() -> list[Any]:
    """Give a failed login, a changed role, and a warning without a name, one event each."""
    category = {"discreet.category": "security"}
    return [
        log(given={**category, "security.outcome": "failure"}, event_name="security.login", severity_number=13),
        log(given=category, event_name="security.role.granted", severity_number=9),
        log("odd", category, severity_number=13),
    ]


def _serve(running: Collector, folder: Path) -> None:
    variables = {
        "OTEL_SERVICE_NAME": "watched",
        "OTEL_EXPORTER_OTLP_ENDPOINT": running.endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "DISCREET_HONEYTOKENS": BAIT,
        "OTEL_SEMCONV_STABILITY_OPT_IN": "http/dup",
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "DISCREET_"))}
    command = [str(Path(sys.executable).with_name("opentelemetry-instrument")), sys.executable, str(SERVICE)]
    done = subprocess.run(
        [*command, f"sqlite:///{folder}/watched.db", BAIT],
        env={**inherited, **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _wait_for(running: Collector, found: Series, prefix: str = "") -> None:
    """Add what the collector shows to what was found, until rules have all metrics named so or a while has passed."""
    deadline = time.monotonic() + 10
    while any(one.startswith(prefix) for one in _empty(found)) and time.monotonic() < deadline:
        for name, series in _scraped(running).items():
            found[name] += series
        time.sleep(0.2)


def _empty(found: Series) -> list[str]:
    """Give the selections of rules that no series meets."""
    known = {**found, **BY_PROMETHEUS}
    return [
        f"{name}{{{chosen}}}"
        for name, chosen in sorted(set(read_by_rules()))
        if not any(matches(_matchers(chosen), labels) for labels in known.get(name, ()))
    ]


def _matchers(chosen: str) -> list[str]:
    return [" ".join(found) for found in re.findall(r'(\w+)(=~|!~|!=|=)("[^"]*")', chosen)]


def _scraped(running: Collector) -> Series:
    """Give the series of both targets."""
    found: Series = defaultdict(list)
    for port in (running.derived_port, running.telemetry_port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? ", answer.read().decode(), re.MULTILINE):
                found[name].append(dict(re.findall(r'(\w+)="([^"]*)"', labels)))
    return found


def test_what_rules_choose_is_emitted(seen: Series) -> None:
    """Each selection of a rule, with the values of its labels, finds a series."""
    assert len({name for name, _ in read_by_rules()}) > 40
    assert _empty(seen) == []


def test_rules_see_all_that_published_rules_see(seen: Series) -> None:
    """Refused and undelivered records of each signal, and queues: what the collector's mixin has, by real names."""
    read = {name for name, _ in read_by_rules()}
    signals = ("spans", "log_records", "metric_points")
    families = ("receiver_refused", "receiver_failed", "exporter_send_failed", "exporter_enqueue_failed")
    wanted = {f"otelcol_{family}_{signal}_total" for family in families for signal in signals}
    assert wanted <= read
    assert {"otelcol_exporter_queue_size", "otelcol_exporter_queue_capacity"} <= read
    assert wanted <= set(seen)


def test_timers_are_found_by_their_names(seen: Series) -> None:
    """A histogram in seconds named ….duration arrives under a name that the recording of timers takes."""
    (pattern,) = {
        found for g in GROUPS for r in g["rules"] for found in re.findall(r'__name__=~"(.+?_bucket)"', r["expr"])
    }
    assert any(re.fullmatch(pattern, name) for name in seen if name.startswith("checkout"))


def test_events_of_security_are_counted_each_by_its_kind(binary: str, tmp_path: Path) -> None:
    """A failed login, a changed role and a warning make one each, the login a warning too; successes make none."""
    category = {"discreet.category": "security"}
    quiet = [
        log(given={**category, "security.outcome": "success"}, event_name="security.login", severity_number=9),
        log(given={"security.outcome": "failure"}, event_name="order.login", severity_number=13),
        log("plain", severity_number=13),
    ]
    denied = log(given=category, event_name="security.login.denied", severity_number=9)
    with collector(tmp_path) as running:
        assert set(send(running.endpoint, logs_request(*security_events(), *quiet, denied))) == {200}
        wanted = {"login_failures": 2, "privilege_changes": 1, "warnings": 2}
        deadline = time.monotonic() + 10
        while (counted := _counted(running)) != wanted:
            assert time.monotonic() < deadline, counted
            time.sleep(0.2)


def _counted(running: Collector) -> dict[str, int]:
    with urllib.request.urlopen(f"http://127.0.0.1:{running.derived_port}/metrics") as answer:
        lines = re.findall(r"^discreet_security_(\w+)_total\{.*\} (\d+)$", answer.read().decode(), re.MULTILINE)
    return {name: int(count) for name, count in lines}
