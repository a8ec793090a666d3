"""Servers with `log_format` json: every line that they write is a JSON object, clean, with the id of its request."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from discreet.testing import OtlpReceiver
from tests.autolaunch.test_servers import CARD, EMAIL, serving

HERE = Path(__file__).parent
UVICORN = ["uvicorn", "served_lines:app", "--app-dir", str(HERE), "--port"]
GUNICORN = ["gunicorn", "served_lines:app", "--chdir", str(HERE), "--access-logfile", "-", "--workers", "2"]
SERVERS = {
    "uvicorn": UVICORN,
    "gunicorn with uvicorn's worker": [*GUNICORN, "--worker-class", "uvicorn.workers.UvicornWorker", "--bind"],
    "gunicorn with its own": [*GUNICORN, "--worker-class", "asgi", "--bind"],
}
VARIABLES = {"DISCREET_LOG_FORMAT": "json", "OTEL_SERVICE_NAME": "shop"}
OF_A_REQUEST = {
    "asked for [REDACTED:email]\nwith [REDACTED:card]": "application",
    "[WITHHELD:unprintable]": "application",
    "later for [REDACTED:email]": "application",
    "failed for [REDACTED:email]": "application",
}
"""Bodies of what the app logs in a request, and the category."""


def _trace_id(header: str) -> str:
    found = re.match(r"00-([0-9a-f]{32})-", header)
    assert found
    return found[1]


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_every_line_of_a_server_is_a_json_object(server: list[str]) -> None:
    """Standard output and error: the app's lines, the server's, its access log, tracebacks of what nobody caught."""
    ids = []
    with OtlpReceiver() as receiver, serving(receiver, server, VARIABLES) as (url, output):
        for _ in range(3):
            with urllib.request.urlopen(f"{url}/of/{EMAIL}?card={CARD}", timeout=10) as answer:
                ids.append(_trace_id(answer.headers["traceresponse"]))
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{url}/fails/{EMAIL}?password=hunter22", timeout=10)
    made = [json.loads(line) for line in output[0].splitlines()]
    for needle in ("canary", CARD, "hunter22"):
        assert needle not in output[0]
    assert {line["service.name"] for line in made} == {"shop"}
    for trace_id in ids:
        lines = [line for line in made if line.get("trace_id") == trace_id]
        categories = {line["body"]: line["discreet.category"] for line in lines if isinstance(line["body"], str)}
        assert OF_A_REQUEST.items() <= categories.items()
        assert {"customer": "[REDACTED:email]", "card": "[REDACTED:card]"} in [line["body"] for line in lines]
        (access,) = [line["attributes"] for line in lines if line["logger"].endswith(".access")]
        assert access["url.path"] == "/of/[REDACTED:email]"
        assert access["url.query"] == "card=[REDACTED:card]"
        assert (access["http.request.method"], access["http.response.status_code"]) == ("GET", 200)
    assert {line.get("trace_id") for line in made if line["logger"] == "py.warnings"} & set(ids)
    fallen = [line for line in made if line.get("exception.type") == "ValueError"]
    assert len(fallen) == ("asgi" not in server)  # gunicorn's own is silent of an exception that was answered
    for line in fallen:  # its span was over when it was logged
        assert line["exception.message"] == "no [REDACTED:email] here"
        assert (line["logger"], line["severity_text"]) == ("uvicorn.error", "ERROR")
        assert re.fullmatch(r"[0-9a-f]{32}", line["trace_id"])
