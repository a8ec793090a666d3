"""Records of stdlib logging, clean: for handlers that send or write something else than a formatted line."""

from __future__ import annotations

import logging
import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from discreet.guard.containment import withhold
from discreet.guard.parts import shallow
from discreet.guard.writing import WITHHELD, clean_value
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Clean = Callable[..., Any]
    """`clean_value` by one policy, and of plain types if so asked."""

_FIGURES: Final = frozenset(
    {"created", "levelname", "levelno", "lineno", "msecs", "process", "relativeCreated", "thread"}
)
"""What stdlib logging itself sets, and no application's value can be in."""

OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"asctime", "message", "taskName"}
"""What stdlib logging itself sets on a record; all else is of the application."""

_TOLD_APART: Final = frozenset({"args", "exc_info", "exc_text", "msg"})


def clean_record(record: logging.LogRecord, *, plain: bool = False) -> logging.LogRecord:
    """Give the record if nothing private is in it, else a clean copy; of plain types throughout if so asked.

    Message, arguments, extra fields, stack and traceback are cleaned, nested ones too. An exception in whose traceback
    something is found stays as text only. Where redaction fails, level, logger and place are left.
    """
    try:
        changes = dict(_changes(record, partial(clean_value, plain=plain, policy=current()), plain=plain))
    except Exception:
        withhold("log", "redaction_failed")
        return _skeleton(record)
    if not changes:
        return record
    twin = shallow(record)
    twin.__dict__.update(changes)
    return twin


def _changes(record: logging.LogRecord, clean_one: Clean, *, plain: bool) -> Iterator[tuple[str, Any]]:
    for name, value in vars(record).copy().items():
        if name in _FIGURES or name in _TOLD_APART:
            continue
        clean = clean_one(value, None if name in OWN else name)
        if clean is not value:
            yield name, clean
    yield from _message(record, clean_one)
    yield from _exception(record, clean_one, plain=plain)


def _message(record: logging.LogRecord, clean_one: Clean) -> Iterator[tuple[str, Any]]:
    """Clean template and arguments; where only both together tell, the message takes the place of the template.

    Arguments keep their places, as handlers and formatters read them too.
    """
    msg = clean_one(record.msg)
    args = _arguments(record.args, clean_one)
    try:
        said = record.getMessage()
    except Exception:  # it fails for the handler too, which complains as it does without us
        said = ""
    clean = clean_one(said, plain=False)
    if clean is not said and _rendered(msg, args) != clean:
        msg, args = clean, ()
    if msg is not record.msg:
        yield "msg", msg
    if args is not record.args:
        yield "args", args


def _arguments(args: Any, clean_one: Clean) -> Any:
    if not isinstance(args, tuple):
        return clean_one(args)
    clean = tuple(clean_one(arg) for arg in args)
    return args if all(new is old for new, old in zip(clean, args, strict=True)) else clean


def _rendered(msg: Any, args: Any) -> str | None:
    try:
        return str(msg) % args if args else str(msg)
    except Exception:
        return None


def _exception(record: logging.LogRecord, clean_one: Clean, *, plain: bool) -> Iterator[tuple[str, Any]]:
    text = record.exc_text
    if record.exc_info and record.exc_info[0] is not None:
        told = traceback_of(record.exc_info)
        clean = clean_one(told, plain=False)
        if plain or clean is not told:
            yield "exc_info", None
            yield "exc_text", clean
            return
    if (clean_text := clean_one(text, plain=False)) is not text:
        yield "exc_text", clean_text


def traceback_of(exc_info: Any) -> str:
    """Give the traceback of a triple of type, exception and trace as `logging.Formatter` writes it."""
    return "".join(traceback.format_exception(*exc_info)).removesuffix("\n")


def triple_of(exc_info: Any) -> Any:
    """Give type, exception and trace of whatever stands for one: an exception, a triple, or true for the current one.

    None where there is none.
    """
    if isinstance(exc_info, BaseException):
        return type(exc_info), exc_info, exc_info.__traceback__
    if exc_info and not isinstance(exc_info, tuple):
        exc_info = sys.exc_info()
    return exc_info if exc_info and exc_info[0] is not None else None


def _skeleton(record: logging.LogRecord) -> logging.LogRecord:
    held = vars(record)
    kept = {name: held[name] for name in (*_FIGURES, "name") if name in held}
    extra = {name: WITHHELD for name in held if name not in OWN and name.isidentifier()}  # formatters ask for them
    return logging.makeLogRecord({**kept, **extra, "msg": WITHHELD})
