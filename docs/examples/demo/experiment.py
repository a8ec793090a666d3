"""One run of the clinic under `opentelemetry-instrument`, and all that left its process."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from clinic.synthetic import Private
from clinic.traffic import Step, Traffic

from demo.processes import server
from demo.records import Record, header_records, records_of
from discreet.testing import OtlpReceiver

EXAMPLES = Path(__file__).resolve().parents[1]
OWNER = Private("e-mail", "head.nurse@example.org")
CHANNELS = ("traces", "logs", "metrics", "outgoing headers", "console")


@dataclass(frozen=True)
class Outcome:
    """What one run gave.

    Attributes:
        label: The distribution that was in force.
        steps: The requests that the traffic made.
        records: Everything that left, each record taken to pieces.
        private: Every private value that was in the application.
        left: For each channel, the private values found in the bytes that left through it.
    """

    label: str
    steps: list[Step]
    records: list[Record]
    private: list[Private]
    left: Mapping[str, list[Private]]


@dataclass(frozen=True)
class Experiment:
    """The clinic and its payment service, run with the packages of one virtual environment.

    Attributes:
        label: The distribution that is in force there.
        python: The environment's interpreter.
        ports: Of the clinic and of the payment service.
    """

    label: str
    python: Path
    ports: tuple[int, int]

    def run(self) -> Outcome:
        """Start everything, send the traffic, stop everything, and give what left."""
        with tempfile.TemporaryDirectory(prefix="clinic-") as folder, OtlpReceiver() as receiver:
            traffic, journal = self._drive(Path(folder), receiver)
            console = (Path(folder) / "clinic.log").read_bytes()
            headers = header_records(journal)
            private = [*traffic.private_values(), OWNER]
            spellings = [spelling for value in private for spelling in value.spellings]
            records = records_of(receiver, [step.trace_id for step in traffic.steps], spellings)
            sent = _bytes_sent(receiver, headers, console)
        left = {channel: [value for value in private if _holds(sent[channel], value)] for channel in CHANNELS}
        return Outcome(self.label, traffic.steps, [*records, *headers], private, left)

    def _drive(self, folder: Path, receiver: OtlpReceiver) -> tuple[Traffic, list[dict[str, str]]]:
        """Run both services for as long as the traffic takes, and give the headers the payment service received."""
        clinic_port, payment_port = self.ports
        payment_url = f"http://127.0.0.1:{payment_port}"
        traffic = Traffic(f"http://127.0.0.1:{clinic_port}")
        variables = _variables(receiver.endpoint, payment_url)
        instrument = self.python.parent / "opentelemetry-instrument"
        self._say("starting the payment service")
        payments = self._uvicorn("clinic.payment_service:app", payment_port)
        with server(payments, payment_port, folder / "payments.log", {}):
            self._say("starting the clinic under opentelemetry-instrument")
            clinic = [instrument, *self._uvicorn("clinic.app:create_app", clinic_port), "--factory"]
            with server(clinic, clinic_port, folder / "clinic.log", variables):
                self._say("sending the traffic")
                traffic.run()
                self._say("stopping the clinic, which sends what it still holds")
            journal: list[dict[str, str]] = httpx.get(f"{payment_url}/journal").json()
        self._say(f"received {len(receiver.spans())} spans, {len(receiver.logs())} log records, and metrics")
        return traffic, journal

    def _uvicorn(self, app: str, port: int) -> list[str | Path]:
        program = self.python.parent / "uvicorn"
        return [program, app, "--app-dir", str(EXAMPLES), "--host", "127.0.0.1", "--port", str(port)]

    def _say(self, progress: str) -> None:
        print(f"[{self.label}] {progress}", flush=True)


def _variables(endpoint: str, payment_url: str) -> dict[str, str]:
    """Give the clinic's environment: nothing but OpenTelemetry's own variables, set to send soon."""
    return {
        "CLINIC_PAYMENT_URL": payment_url,
        "OTEL_SERVICE_NAME": "clinic",
        "OTEL_RESOURCE_ATTRIBUTES": f"service.owner={OWNER.value}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_LOGS_EXPORTER": "otlp",
        "OTEL_METRICS_EXPORTER": "otlp",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OTEL_BLRP_SCHEDULE_DELAY": "200",
        "OTEL_METRIC_EXPORT_INTERVAL": "1000",
    }


def _bytes_sent(receiver: OtlpReceiver, headers: list[Record], console: bytes) -> dict[str, bytes]:
    """Give all bytes that left through each channel: requests decompressed, with their headers."""
    sent = {"outgoing headers": "\n".join(text for record in headers for text in record.places.values()).encode()}
    for signal in ("traces", "logs", "metrics"):
        requests = receiver.requests(signal)
        sent[signal] = b"\n".join([*(request.body for request in requests), repr(requests).encode()])
    return {**sent, "console": console}


def _holds(sent: bytes, private: Private) -> bool:
    return any(spelling.encode() in sent for spelling in private.spellings)
