"""The catalogue: how sensitive each attribute of the semantic conventions is, and in which way it is cleaned.

The rows stand in `data/attributes.tsv`. Names of the package `opentelemetry-semantic-conventions`, of the model beside
it, and of what instrumentations for Python write outside both; a name that ends in `.*` is a template.
"""

from __future__ import annotations

import pkgutil
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "none": "nothing beyond the look at its text that every value gets; words in the key tell nothing",
        "text": "free text: looked at as every value; of a template the words behind the dot tell too",
        "url": "a URL: user and password, telling parameters, signed and one-time links",
        "query": "the part of a URL behind `?` or `#`, read with that sign",
        "command": "a command line: values of telling options",
        "sql": "every literal becomes `?`, the rest is looked at",
        "messages": "what people write to a language model and get from it: looked at, or withheld by `genai_content`",
        "header": "names that tell (`authorization`, `cookie`) take the whole value, other values are looked at",
        "kind": "the whole value is of that kind: `actions` says what becomes of it",
        "address": "address of a caller: public IP addresses are of that kind",
        "machine": "address of a machine: an IP address stays, anything else is looked at",
        "peer": "as `address`; on spans of kind client and producer as `machine`, and internal there",
    }
)
UNLESS_NAMED: Final = frozenset({"person_id", "account"})
"""Kinds that are left as they are until `actions` names them: without ids nobody finds what belongs together."""

# Header fields that say nothing about the person or the credentials of a request (RFC 9110, Fetch, Trace Context).
_PLAIN_HEADERS: Final = frozenset(
    [
        "accept",
        "accept-encoding",
        "accept-ranges",
        "access-control-allow-methods",
        "age",
        "allow",
        "cache-control",
        "connection",
        "content-encoding",
        "content-language",
        "content-length",
        "content-type",
        "date",
        "expires",
        "host",
        "last-modified",
        "retry-after",
        "server",
        "traceparent",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "vary",
        "x-correlation-id",
        "x-request-id",
    ]
)


class Attribute(NamedTuple):
    """One row.

    Attributes:
        name: The attribute's name; ends in `.*` for a template.
        generation: "stable", "development", "deprecated: NEW_NAME"; "model: ..." for names that only the model has,
            "python: WHO" for those that are written outside the conventions.
        since: The first minor version of the package that has it, from 0.61 on; "-" where none has.
        sensitivity: "public", "internal", "confidential" or "restricted": the least level of a record that carries it.
        way: One of `WAYS`.
        kind: What the value is a case of, "-" for none.
        source: Why it is rated so.
    """

    name: str
    generation: str
    since: str
    sensitivity: str
    way: str
    kind: str
    source: str


def _read() -> Iterator[Attribute]:
    text = pkgutil.get_data("discreet.detectors", "data/attributes.tsv") or b""
    for line in text.decode().splitlines()[1:]:
        yield Attribute(*line.split("\t"))


CATALOGUE: Final[Mapping[str, Attribute]] = MappingProxyType({row.name: row for row in _read()})
_TEMPLATES: Final = {row.name.removesuffix("*"): row for row in CATALOGUE.values() if row.name.endswith(".*")}
_PREFIXES: Final = tuple(_TEMPLATES)


def attribute_of(key: str) -> Attribute | None:
    """Gives the row that decides about an attribute: that of its name, else of its template; None if there is none.

    A header field that is known to be harmless is internal, whatever its template says.
    """
    row = CATALOGUE.get(key)
    if row is not None or not key.startswith(_PREFIXES):
        return row
    at = key.find(".")
    while (row := _TEMPLATES.get(key[: at + 1])) is None:
        at = key.index(".", at + 1)
    if row.way == "header" and key[at + 1 :].replace("_", "-").lower() in _PLAIN_HEADERS:
        return row._replace(sensitivity="internal")
    return row


def named(way: str) -> tuple[str, ...]:
    """Gives the names of the attributes that are cleaned in a way."""
    return tuple(row.name for row in CATALOGUE.values() if row.way == way)


def kind_by_row(row: Attribute, by_words: str | None) -> str | None:
    """Gives the kind of value that a row promises; of a template the words of the key may tell more than the row."""
    kind = row.kind if row.way == "kind" else None
    return by_words or kind if row.name.endswith(".*") else kind
