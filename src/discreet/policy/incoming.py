"""What of an incoming request becomes attributes: headers with ids of others, and listed entries of baggage."""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from discreet.policy.errors import WrongItems
from discreet.policy.words import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = re.compile(r"[!#$%&'+\-.^_`|~0-9A-Za-z]{1,64}")  # RFC 9110 section 5.6.2, "token", without the star
_ATTRIBUTE: Final = "http.request.header."  # semantic conventions, HTTP spans
REQUEST_IDS: Final = ("x-request-id", "x-correlation-id")


def parse_headers(value: object) -> tuple[str, ...]:
    """Give the names of headers, in lower case, from a comma-separated text or a list.

    Raises:
        ValueError: With the place in the list and the rule, without the value.
    """
    words = words_of(value, "must be a list of texts, or a text with commas")
    rule = "must be the name of a header, without stars"
    faults = [
        (place, f"the header at place {place} {rule}")
        for place, word in enumerate(words, 1)
        if not _HEADER.fullmatch(word)
    ]
    if faults:
        raise WrongItems(faults)
    return tuple(dict.fromkeys(word.lower() for word in words))


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is kept of a request.

    Attributes:
        headers: The attribute by the name of each header that is kept.
    """

    headers: Mapping[str, str]
    _baggage: re.Pattern[str] | None = None

    @classmethod
    def of(cls, headers: tuple[str, ...], baggage: tuple[str, ...]) -> Incoming:
        """Give the rules of what `parse_headers` and `discreet.policy.outgoing.parse_keys` gave."""
        key = re.compile("|".join(map(fnmatch.translate, baggage))) if baggage else None
        return cls({name: f"{_ATTRIBUTE}{name}" for name in headers}, key)

    @property
    def reads_baggage(self) -> bool:
        """Say whether any entry of baggage becomes an attribute."""
        return self._baggage is not None

    def takes(self, key: str) -> bool:
        """Say whether the entry of this key becomes an attribute."""
        return self._baggage is not None and self._baggage.fullmatch(key) is not None
