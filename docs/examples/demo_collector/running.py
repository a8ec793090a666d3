"""What runs: the clinic under `opentelemetry-instrument`, its callers, and a service that does not use Discreet."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from clinic.synthetic import Private
from clinic.traffic import Traffic
from demo.processes import free_ports, server
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

EXAMPLES = Path(__file__).resolve().parents[1]
OWNER = Private("e-mail", "head.nurse@example.org")
INTRUDER = Private("e-mail", "visitor.raw@example.org")


@dataclass(frozen=True)
class Clinic:
    """The running clinic: its base URL, and the traffic of a morning, not sent yet."""

    url: str
    traffic: Traffic

    @property
    def private(self) -> list[Private]:
        """Every private value that was in the clinic so far."""
        return [*self.traffic.private_values(), OWNER]

    @contextmanager
    def asked_for_insurance(self) -> Iterator[None]:
        """Ask the insurer for every patient over and over; for odd numbers the clinic answers 500."""
        stop = threading.Event()
        caller = threading.Thread(target=self._ask, args=(stop,), name="insurance", daemon=True)
        caller.start()
        try:
            yield
        finally:
            stop.set()
            caller.join()

    def _ask(self, stop: threading.Event) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)  # after a failed request the server may close it
        with httpx.Client(base_url=self.url, timeout=10, limits=limits) as client:
            while not stop.wait(0.1):
                for number in range(1, self.traffic.count + 1):
                    client.get(f"/patients/{number}/eligibility")


@contextmanager
def clinic(folder: Path, collector_endpoint: str) -> Iterator[Clinic]:
    """Run the clinic and its payment service, telemetry to the collector, until the block ends.

    Args:
        folder: Takes the clinic's database and what both print.
        collector_endpoint: Base URL for OTLP over HTTP.
    """
    clinic_port, payment_port = free_ports()
    url = f"http://127.0.0.1:{clinic_port}"
    programs = Path(sys.executable).parent
    variables = {
        "CLINIC_PAYMENT_URL": f"http://127.0.0.1:{payment_port}",
        "OTEL_SERVICE_NAME": "clinic",
        "OTEL_RESOURCE_ATTRIBUTES": f"service.owner={OWNER.value}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector_endpoint,
        "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "OTEL_BLRP_SCHEDULE_DELAY": "200",
        "OTEL_METRIC_EXPORT_INTERVAL": "1000",
    }
    payments = _uvicorn(programs, "clinic.payment_service:app", payment_port)
    instrumented = [
        programs / "opentelemetry-instrument",
        *_uvicorn(programs, "clinic.app:create_app", clinic_port),
        "--factory",
    ]
    with (
        server(payments, payment_port, folder / "payments.log", {}),
        server(instrumented, clinic_port, folder / "clinic.log", variables),
    ):
        yield Clinic(url, Traffic(url))


def _uvicorn(programs: Path, app: str, port: int) -> list[str | Path]:
    return [programs / "uvicorn", app, "--app-dir", str(EXAMPLES), "--host", "127.0.0.1", "--port", str(port)]


def send_raw_span(collector_endpoint: str) -> None:
    """Send one span with a private value in it by the plain SDK, as a service without Discreet does."""
    provider = TracerProvider(resource=Resource({"service.name": "reception-kiosk"}))
    provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(f"{collector_endpoint}/v1/traces")))
    span = provider.get_tracer("kiosk").start_span(f"check in {INTRUDER.value}")
    span.set_attribute("visitor", f"{INTRUDER.value} at desk 2")
    span.end()
    provider.shutdown()
