"""Category and level of a record, stamped on the copy that is exported: final there, whatever was said at its start."""

from __future__ import annotations

import contextlib
import logging
import time
from typing import TYPE_CHECKING, Any

from discreet.classification import Level, Subject, classify, level_of
from discreet.detectors.planted import KIND as HONEYTOKEN
from discreet.guard.containment import report
from discreet.guard.parts import CATEGORY, RETENTION, SECURITY_LEVEL, WITHHELD
from discreet.metrics.counts import COUNTS
from discreet.policy import period_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from discreet.policy import Policy

_logger = logging.getLogger("discreet")
REPEAT_AFTER = 60.0
"""Seconds after which the line about a honeytoken may be written again."""

_said = -REPEAT_AFTER


def subject(  # noqa: PLR0913, PLR0917 - the parts of a record
    signal: str, scope: Any, name: str, kind: str | None, attributes: dict[str, Any], severity: int = 0
) -> Subject:
    """Give what the classification goes by."""
    return Subject(signal, getattr(scope, "name", "") or "", name, kind, attributes, "", severity)


def stamp(about: Subject, held: dict[str, Any], found: set[str], policy: Policy, *, again: bool) -> None:
    """Stamp the attributes of a copy, the level raised by what was found; count the record unless it passes again."""
    category, level = classify(about, policy.classify)[:2]
    if found:
        level = max(level, level_of(found, policy.levels))
    held[CATEGORY] = category
    held[SECURITY_LEVEL] = level.label
    if policy.retention:
        _keep_for(held, policy.retention)
    if not again:
        COUNTS.processed(about.signal, category, level.label)
    if found:
        report(found, about.signal)
        COUNTS.redacted(found)
        if HONEYTOKEN in found and not again:
            _alarm(about, policy)


def _keep_for(held: dict[str, Any], periods: Mapping[str, str]) -> None:
    """Say how long the record is to be kept; what the record itself says counts where the policy says nothing."""
    period = period_of(periods, held[CATEGORY], held[SECURITY_LEVEL])
    if period is not None:
        held[RETENTION] = period


def _alarm(about: Subject, policy: Policy) -> None:
    """Write a line at ERROR; `discreet.redactions` with kind honeytoken counts on, for alert rules."""
    global _said  # noqa: PLW0603 - when it was last written
    now = time.monotonic()
    if now - _said >= REPEAT_AFTER:
        _said = now
        _logger.error(
            "discreet: a honeytoken appeared in a %s of scope %s: somebody used a value that was planted.",
            about.signal, policy.redactor.text(about.scope, set()),
        )  # fmt: skip


def skeleton(about: Subject, policy: Policy) -> dict[str, Any]:
    """Give the attributes of a record whose redaction failed: nobody knows what it held, so it is restricted."""
    category, level = "application", Level.RESTRICTED.label
    with contextlib.suppress(Exception):  # neither the category nor the count may cost the skeleton
        category = classify(about, policy.classify).category
        COUNTS.processed(about.signal, category, level)
    held = {CATEGORY: category, SECURITY_LEVEL: level, WITHHELD: True}
    with contextlib.suppress(Exception):
        _keep_for(held, policy.retention)
    return held
