"""What Discreet costs a service beside the stock distribution: whole processes, exporting by OTLP over HTTP.

    make .venv-stock/.done && python tests/bench/whole.py [--rounds N] [--stock-python .venv-stock/bin/python]

Four processes run the same blocks of work in turn: without telemetry, with the stock distribution, with it once more
(A/A), and with Discreet. Each exports to a sink in this process, which is not measured. Printed are medians over the
rounds: microseconds of the stock process, and the others' ratios to it in the same round. "thread" is the time of the
thread that works, "process" that of all threads until everything is exported, "p50" the median of single calls.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
VARIANTS: Final = ("none", "stock", "stock again", "discreet")
BLOCKS: Final = {"log": 2000, "span": 1000, "measurement": 1000, "request": 150}
DIRT: Final = {"clean": 0, "1 in 10 with findings": 10}
FIGURES: Final = ("thread", "process", "p50")


class _Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take everything and keep nothing."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Child:
    """One measured process."""

    def __init__(self, python: str, variant: str, endpoint: str) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("OTEL_", "DISCREET_"))},
            "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_SERVICE_NAME": "bench",
            "OTEL_BSP_MAX_QUEUE_SIZE": "20000",
            "OTEL_BLRP_MAX_QUEUE_SIZE": "20000",
            "OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "requests,httpx,urllib3",
        }
        command = [python, str(Path(__file__).with_name("whole_child.py")), variant]
        self._process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def block(self, name: str, count: int, dirty: int) -> dict[str, float]:
        """Let it run one block, and give what it cost."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name} {count} {dirty}\n")
        self._process.stdin.flush()
        cost: dict[str, float] = json.loads(self._process.stdout.readline())
        return cost

    def stop(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


def measure(children: dict[str, Child], name: str, dirty: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Give for each figure and variant its values, one a round; the first round warms up."""
    found: dict[str, dict[str, list[float]]] = {figure: {} for figure in (*FIGURES, "rss")}
    for number in range(rounds + 1):
        for variant, child in children.items():
            cost = child.block(name, BLOCKS[name], dirty)
            if number:
                for figure, values in found.items():
                    values.setdefault(variant, []).append(cost[figure])
    return found


def print_row(title: str, figure: str, values: dict[str, list[float]]) -> None:
    """Print one line of the table."""
    stock = values["stock"]
    ratios = [
        statistics.median(mine / base for mine, base in zip(values[variant], stock, strict=True))
        for variant in VARIANTS
        if variant != "stock"
    ]
    cells = " | ".join(f"{ratio:.3f}" for ratio in ratios)
    print(f"| {title} | {figure} | {statistics.median(stock):,.1f} us | {cells} |", flush=True)


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--stock-python", default=str(ROOT / ".venv-stock" / "bin" / "python"))
    parser.add_argument("--only", choices=BLOCKS, action="append")
    options = parser.parse_args()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Sink) as sink:
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{sink.server_address[1]}"
        pythons = {variant: sys.executable if variant == "discreet" else options.stock_python for variant in VARIANTS}
        children = {variant: Child(python, variant, endpoint) for variant, python in pythons.items()}
        print("| work | figure | stock | none | stock again (A/A) | Discreet |\n|---|---|--:|--:|--:|--:|")
        for name in options.only or BLOCKS:
            for dirt, dirty in DIRT.items():
                found = measure(children, name, dirty, options.rounds)
                for figure in FIGURES:
                    print_row(f"{name}, {dirt}", figure, found[figure])
        memory = {variant: statistics.median(values) for variant, values in found["rss"].items()}
        ratios = ", ".join(f"{variant} {value / memory['stock']:.3f}" for variant, value in memory.items())
        print(f"\nResident memory at the end, stock {memory['stock']:.1f} MB: {ratios}")
        for child in children.values():
            child.stop()
        sink.shutdown()


if __name__ == "__main__":
    main()
