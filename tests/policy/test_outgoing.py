"""Which keys and hosts the two lists of baggage let pass."""

from __future__ import annotations

import pytest

from discreet.policy import Host, Policy, host_of, resolve
from discreet.policy.outgoing import Outgoing

WRONG_HOSTS = {
    "https://api.example.org": "without scheme",
    "user@api.example.org": "without scheme",
    "api.example.org/v1": "without scheme",
    "10.1.0.0/8": "without scheme",
    "api.example.org:0": "1 to 65535",
    "api.example.org:99999": "1 to 65535",
    "api..example.org": "must be a host name",
    "-api.example.org": "must be a host name",
    "a***.example.org": "must be a host name",
    "bücher.example": "xn--",
    "example.*": "end in a star",
    "10.*.*.*": "end in a star",
}


def _rules(keys: str = "*", hosts: str = "*") -> Outgoing:
    settings, problems = resolve(arguments={"baggage_keys": keys, "baggage_hosts": hosts})
    assert problems == []
    return Policy.compiled(settings).baggage


@pytest.mark.parametrize(
    ("keys", "passes", "stays"),
    [
        ("tenant", ["tenant"], ["Tenant", "tenants", "x.tenant", ""]),
        ("app.*, id", ["app.", "app.a.b", "id"], ["app", "myapp.x", "ids"]),
        ("*.public", ["a.public", "a.b.public"], ["public", "a.public.x"]),
        ("*", ["anything", "with space"], ["x" * 254]),
        ("a*a*a*a*a*a*a*a*a*b", ["aaaaaaaaaxb"], ["a" * 253]),
        ("", [], ["tenant", ""]),
    ],
)
def test_keys(keys: str, passes: list[str], stays: list[str]) -> None:
    """Names are compared as they are, a star stands for any text; without a list no key passes."""
    rules = _rules(keys)
    assert [key for key in passes + stays if rules.allows_key(key)] == passes


@pytest.mark.parametrize(
    ("hosts", "passes", "stays"),
    [
        ("inventory", ["inventory", "INVENTORY", "inventory."], ["inventory.example.org", "my-inventory"]),
        ("Api.Example.ORG.", ["api.example.org"], ["api.example.org.evil.example", "xapi.example.org"]),
        ("*.internal", ["a.internal", "a.b.internal"], ["internal", "xinternal", "a.internal.example.org"]),
        ("api-*.example.org", ["api-1.example.org"], ["api-1.evil.example.org", "api.example.org"]),
        ("10.0.0.0/8", ["10.1.2.3"], ["10.example.org", "11.0.0.1", "::1"]),
        ("127.0.0.1, ::1", ["127.0.0.1", "[::1]", "0:0:0:0:0:0:0:1"], ["127.0.0.2", "localhost", "::2"]),
        ("xn--bcher-kva.example", ["xn--bcher-kva.example"], ["bücher.example"]),
        ("*", ["api.example.org", "::1"], ["bücher.example", "", "a b", "a..b", "x" * 64 + ".org"]),
        ("", [], ["api.example.org", ""]),
    ],
)
def test_hosts(hosts: str, passes: list[str], stays: list[str]) -> None:
    """Case and a last dot do not matter; globs are of names, networks of addresses; what is no host never passes."""
    rules = _rules(hosts=hosts)
    assert [name for name in passes + stays if rules.allows_host(host_of(name))] == passes


@pytest.mark.parametrize("hosts", ["api.example.org:8443", "[::1]:8443", "10.0.0.1:8443", "*:8443"])
def test_a_port_has_to_be_the_same(hosts: str) -> None:
    """With a port only that one passes, without one any does; a port that is not known is not the same."""
    name = "api.example.org" if hosts.startswith(("api", "*")) else hosts.rpartition(":")[0]
    rules = _rules(hosts=hosts)
    assert [rules.allows_host(host_of(name, port)) for port in (8443, 443, None)] == [True, False, False]
    assert _rules(hosts=name).allows_host(host_of(name, 443))


def test_a_host_that_is_not_known_never_passes() -> None:
    """A star stands for every host that is known."""
    assert not _rules().allows_host(None)
    assert _rules().allows_host(Host("a"))


@pytest.mark.parametrize(("host", "rule"), WRONG_HOSTS.items(), ids=str)
def test_a_wrong_host_is_said_with_its_place(host: str, rule: str) -> None:
    """The problem names the place in the list, the rule and the remedy, never the value; nothing goes out then."""
    settings, (problem,) = resolve(environ={"DISCREET_BAGGAGE_HOSTS": f"fine.example.org,{host}"})
    assert problem.place == "DISCREET_BAGGAGE_HOSTS"
    assert "the host at place 2 " in problem.rule
    assert rule in problem.rule
    assert host not in str(problem)
    assert settings["baggage_hosts"] == ()


@pytest.mark.parametrize("value", [{"a": 1}, 5, "a b", "a,b=c", ["fine", "ü"]], ids=str)
def test_wrong_keys_are_said(value: object) -> None:
    """What is no list, or no key, is a problem."""
    settings, (problem,) = resolve(arguments={"baggage_keys": value})
    assert problem.place == "configure(baggage_keys=...)"
    assert settings["baggage_keys"] == ()
