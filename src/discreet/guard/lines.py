"""A record as the one line that the policy asks for: a JSON object, or a compact line for a terminal."""

from __future__ import annotations

import base64
import json
import logging
import math
from typing import TYPE_CHECKING, Any, Final

from discreet.guard.containment import withhold
from discreet.guard.entries import EXCEPTION, fields_of, skeleton
from discreet.guard.terminal import has_colours, told
from discreet.policy import StrictError, current

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# ASCII, so that every stream can write it, and nothing in it ends a line for whoever reads lines.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def written(handler: logging.Handler, record: logging.LogRecord) -> str | None:
    """Give the line that a handler writes; None where its own formatter is to make it.

    That is so where the policy says so, and for handlers that are no stream and no file.

    Raises:
        StrictError: Where the policy is strict and the record cannot be redacted.
    """
    return line_of(record, handler.stream) if isinstance(handler, logging.StreamHandler) else None


def line_of(record: logging.LogRecord, stream: object) -> str | None:
    """Give the line of a record, clean, in the form that the policy asks for; None for the form of the app.

    Raises:
        StrictError: Where the policy is strict and the record cannot be redacted.
    """
    policy = current()
    render = FORMS.get(policy.log_format) if policy.output else None
    if render is None:
        return None
    try:
        return render(fields_of(record), stream)
    except StrictError:
        raise
    except Exception:
        withhold("log", "redaction_failed")
        return render(skeleton(record), None)


def withheld_line(record: logging.LogRecord, error: str = "") -> str | None:
    """Give a line that says time, severity and logger, in the policy's form; None for the form of the app.

    Args:
        record: What could not be written.
        error: The name of the class of what was raised meanwhile.
    """
    render = FORMS.get(current().log_format)
    if render is None:
        return None
    return render({**skeleton(record), **({EXCEPTION[0]: error} if error else {})}, None)


def json_line(fields: Mapping[str, Any], _stream: object = None) -> str:
    """Give fields of plain types as one line that is a JSON object (RFC 8259)."""
    try:
        return _ENCODER.encode(fields)
    except (TypeError, ValueError):
        return _ENCODER.encode(_encodable(fields))


def _encodable(value: Any) -> Any:
    """Give what JSON knows for a value of plain types: numbers that are none as words, bytes as text or in base64."""
    if isinstance(value, dict):
        return {str(key): _encodable(held) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return [_encodable(held) for held in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return value


def console_line(fields: Mapping[str, Any], stream: object) -> str:
    """Give fields as a compact line, coloured where the stream is a terminal."""
    return told(fields, coloured=has_colours(stream))


FORMS: Final[Mapping[str, Callable[[Mapping[str, Any], Any], str]]] = {"json": json_line, "console": console_line}
"""What `log_format` may say beside `app`, and what writes it: from fields and the stream."""
