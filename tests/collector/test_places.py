"""The second gate, one canary at each place of OTLP, through the real collector."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.collector.places import CANARIES, PLACES, SECRET, UNREACHED, with_companions
from tests.collector.sending import log, logs_request, metrics_request, span, spans_request

if TYPE_CHECKING:
    from tests.collector.conftest import Gate


def _needle(text: str) -> bytes:
    return (SECRET if SECRET in text else text).encode()


@pytest.mark.parametrize("companions", [False, True], ids=["alone", "with events and exemplars"])
@pytest.mark.parametrize("place", PLACES)
def test_no_canary_passes_the_gate(gate: Gate, place: str, companions: bool) -> None:
    """A private value that got past the library is masked wherever it stands, and the record says that it was."""
    requests = [PLACES[place](text) for text in CANARIES.values()]
    written, items = gate.sent(*[with_companions(request) for request in requests] if companions else requests)
    assert [name for name, text in CANARIES.items() if _needle(text) in written] == []
    assert len(items) == len(CANARIES)
    if items[0].signal != "metric":
        assert all(item.attributes["discreet.gate.found"] >= 1 for item in items)


@pytest.mark.parametrize("place", UNREACHED)
def test_what_the_collector_cannot_reach_is_known(gate: Gate, place: str) -> None:
    """Link attributes, link trace state and schema URLs pass: the library must clean them (docs/collector.md)."""
    written, _ = gate.sent(UNREACHED[place](CANARIES["e-mail"]))
    assert CANARIES["e-mail"].encode() in written


def test_bytes_in_attributes_are_known_to_pass(gate: Gate) -> None:
    """The collector sees bytes in an attribute as base64 and finds nothing there (docs/collector.md)."""
    raw = CANARIES["e-mail"].encode()
    written, items = gate.sent(logs_request(log(given={"a": raw})))
    assert base64.b64encode(raw) in written
    assert items[0].attributes["a"] == raw


@pytest.mark.parametrize("number", [4242424242424242, 378282246310005], ids=str)
def test_a_card_as_a_number_is_masked(gate: Gate, number: int) -> None:
    """A card number is masked as an integer too, in attributes and as the body."""
    requests = [
        spans_request(span(given={"a": number})),
        logs_request(log(given={"a": {"b": number}})),
        logs_request(log(number)),
        metrics_request(),
    ]
    written, _ = gate.sent(*requests)
    assert str(number).encode() not in written


@pytest.mark.parametrize(
    "key",
    ["password", "db.password", "x-api-key", "client_secret", "user.ssn", "userPassword", "http.request.header.cookie"],
)
@pytest.mark.parametrize(
    "secret", ["correct horse", 70316254981370, ["a", "b"], {"old": "a"}], ids=["text", "int", "list", "map"]
)
def test_a_value_under_a_telling_key_is_masked(gate: Gate, key: str, secret: object) -> None:
    """Whatever stands under a telling key is masked, in attributes at any depth and in the body."""
    if isinstance(secret, dict):
        secret = {**secret, key: "inner"}
    requests = [
        spans_request(span(given={key: secret, "a": {"b": [{key: secret}]}})),
        logs_request(log({"a": [{key: secret}]}, {key: secret})),
    ]
    for item in gate.through(*requests):
        assert item.attributes["discreet.gate.found"] >= 1
    written, _ = gate.sent(*requests)
    for leaf in ("correct horse", "70316254981370", '"b"}', "inner"):
        assert leaf.encode() not in written
