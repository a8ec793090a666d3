"""`discreet.user`: whom records belong to, by pseudonyms."""

from __future__ import annotations

import contextlib
import logging
import secrets
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from opentelemetry.context import get_current

from discreet.context.belonging import SESSION, TENANT, USER
from discreet.context.bound import Binding
from discreet.context.request import request_of
from discreet.metrics.counts import COUNTS
from discreet.policy import current
from discreet.redaction import PseudonymKey, pseudonymize

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from discreet.context.request import Request

_logger = logging.getLogger("discreet")
_CALL: Final = "discreet.user"
_LONGEST: Final = 1024
_KINDS: Final[Mapping[str, str]] = {USER: "person_id", SESSION: "person_id", TENANT: "tenant"}
"""What the pseudonym of each attribute says it stands for; as the action makes it of an attribute of that name."""

_OWN_KEY: Final = PseudonymKey("process", secrets.token_bytes(32))
_said: set[str] = set()

Id = str | int | UUID


class UserBinding(Binding):
    """A user, bound to the current request, or to a ``with`` block instead."""

    def __init__(self, who: Mapping[str, Any]) -> None:
        super().__init__(who=who)
        self._request: Request | None = None
        self._used = True
        try:
            self._request = request_of(get_current())
            self._used = self._request is not None
            if self._request is not None:
                self._before, self._request.who = self._request.who, who
        except Exception:
            COUNTS.withheld("attributes", "guard_failed")

    def __enter__(self) -> Self:
        """Bind for this block alone."""
        request, self._request, self._used = self._request, None, True
        if request is not None and request.who is self._who:
            request.who = self._before
        return super().__enter__()

    def __del__(self) -> None:
        """Say, once, where a call bound nothing."""
        with contextlib.suppress(Exception):
            if not self._used:
                _say_once(
                    logging.WARNING,
                    f"{_CALL}() outside of a request binds nothing. Write `with {_CALL}(...):` there",
                )


def user(id: Id, *, tenant: Id | None = None, session: Id | None = None) -> UserBinding:  # noqa: A002 - what it is
    """Say whom spans and log records belong to: called plainly for the rest of a request, ``with`` it for a block.

    Called in a request, as in a dependency, a middleware or a handler, it holds for all that is recorded in that
    request from then on, and for its spans that are open, that of the server too; the last call counts. As a context
    manager, ``with`` or ``async with``, it holds for the block instead, and no user of the request shows through.
    The ids leave as pseudonyms, by the key of the policy: ``user.id``, ``session.id``, ``discreet.tenant``. A record
    with a ``user.id`` of its own gets none of them.

    Args:
        id: Of the person.
        tenant: Of the organisation that the person acts for.
        session: Of the session.

    Raises:
        TypeError: When an id is no text, number or UUID.
        ValueError: When an id is empty, or longer than 1,024 characters. The message does not quote it.
    """
    given = {USER: _text("id", id), SESSION: _text("session", session), TENANT: _text("tenant", tenant)}
    if given[USER] is None:
        raise TypeError(f"{_CALL}(id=...): must be a text, a number or a UUID")
    return UserBinding(_pseudonyms(given))


def _pseudonyms(given: Mapping[str, str | None]) -> Mapping[str, str]:
    """Give the attributes; none where that fails, which is counted."""
    try:
        key = _key()
        return {name: pseudonymize(_KINDS[name], text, key) for name, text in given.items() if text}
    except Exception:
        COUNTS.withheld("attributes", "guard_failed")
        return {}


def _text(name: str, given: object) -> str | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, (str, int, UUID)):
        raise TypeError(f"{_CALL}({name}=...): must be a text, a number or a UUID")
    text = str(given)
    if not 0 < len(text) <= _LONGEST:
        raise ValueError(f"{_CALL}({name}=...): must have 1 to {_LONGEST} characters. Leave it out if there is none")
    return text


def _key() -> PseudonymKey:
    """Give the key of the policy; one of this process alone where there is none."""
    key = current().pseudonym_key
    if key is not None:
        return key
    _say_once(logging.INFO, "no pseudonym_key is set, so the ids of users are the same within this process only")
    return _OWN_KEY


def _say_once(level: int, line: str) -> None:
    if line not in _said:
        _said.add(line)
        _logger.log(level, "discreet: %s", line)
