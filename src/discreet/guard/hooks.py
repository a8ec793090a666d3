"""What the interpreter prints of exceptions that nobody caught: redacted, with its type in any case.

The interpreter's own three hooks are guarded where an application finds them to call, ``sys.__excepthook__`` and its
kin, too. A hook of the application's own that was there before is called as ever, and one that is set later takes the
guard's place: what either writes by itself passes nothing of ours.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from discreet.guard import lines
from discreet.guard.writing import WITHHELD, clean
from discreet.policy import current

if TYPE_CHECKING:
    from collections.abc import Callable


def _uncaught(kind: Any, error: Any, trace: Any) -> str:
    return "".join(traceback.format_exception(kind, error, trace))


def _thread(args: Any) -> str:
    return f"Exception in thread {args.thread.name if args.thread is not None else threading.get_ident()}"


def _in_thread(args: Any) -> str:
    if args.exc_type is SystemExit:  # threads end so, and nothing is printed
        return ""
    return f"{_thread(args)}:\n{_uncaught(args.exc_type, args.exc_value, args.exc_traceback)}"


def _ignored(args: Any) -> str:
    return f"{args.err_msg or 'Exception ignored in'}: {_repr(args.object)}"


def _unraisable(args: Any) -> str:
    return f"{_ignored(args)}\n{_uncaught(args.exc_type, args.exc_value, args.exc_traceback)}"


def _repr(thing: Any) -> str:
    try:
        return "" if thing is None else repr(thing)
    except Exception:
        return "<object repr() failed>"


class Hook(NamedTuple):
    """One hook of the interpreter.

    Attributes:
        module: Where it is.
        name: The one in force.
        original: The interpreter's own, as applications find it.
        told: Gives from the hook's arguments what is printed.
        summed: Gives from them the message of the record that stands for it where lines are records.
    """

    module: Any
    name: str
    original: str
    told: Callable[..., str]
    summed: Callable[..., str]


HOOKS: tuple[Hook, ...] = (
    Hook(sys, "excepthook", "__excepthook__", _uncaught, lambda *_: "Uncaught exception"),
    Hook(threading, "excepthook", "__excepthook__", _in_thread, _thread),
    Hook(sys, "unraisablehook", "__unraisablehook__", _unraisable, _ignored),
)

_PRINTERS: Final = ("exceptiongroup._formatting",)
"""Modules whose hook only prints: the backport of exception groups sets one on Python 3.10."""

_replaced: list[tuple[Any, str, Any, Any]] = []
"""Module, name, what was there, and what the guard put there."""


def install() -> None:
    """Guard the three hooks, and those of the interpreter behind them; once only."""
    if _replaced:
        return
    for hook in HOOKS:
        before, own = getattr(hook.module, hook.name), getattr(hook.module, hook.original)
        guarded = _guarded(hook, own)
        _put(hook, hook.original, guarded)
        # Never the same function under both names: a library that finds them equal takes the hook for nobody's.
        prints = before is own or getattr(before, "__module__", None) in _PRINTERS
        _put(hook, hook.name, _guarded(hook, before) if prints else _contained(hook, before, guarded))


def _put(hook: Hook, name: str, function: Any) -> None:
    _replaced.append((hook.module, name, getattr(hook.module, name), function))
    setattr(hook.module, name, function)


def uninstall() -> None:
    """Put back what was there, save where somebody else has put a hook since."""
    while _replaced:
        module, name, before, ours = _replaced.pop()
        if getattr(module, name) is ours:
            setattr(module, name, before)


def installed() -> bool:
    """Say whether the hooks were guarded here."""
    return bool(_replaced)


def taken() -> list[str]:
    """Name the hooks that are somebody else's since."""
    return [f"{module.__name__}.{name}" for module, name, _, ours in _replaced if getattr(module, name) is not ours]


def _guarded(hook: Hook, original: Callable[..., Any]) -> Callable[..., None]:
    """Give the interpreter's hook, which does what it always did where nothing private is in what it prints."""

    def guarded(*args: Any) -> None:
        try:
            printed = _printed(hook, args)
        except Exception:
            printed = f"{WITHHELD}\n"
        if printed is None:
            original(*args)
        else:
            _write(printed)

    guarded.__wrapped__ = original  # type: ignore[attr-defined]
    return guarded


def _printed(hook: Hook, args: tuple[Any, ...]) -> str | None:
    """Give what is to be printed instead, with the exception's type if nothing else; None to print all as it is."""
    kind = args[0].exc_type if len(args) == 1 else args[0]
    name = getattr(kind, "__name__", "Exception")
    instead = f"{name}: {WITHHELD}\n"
    try:
        if not current().output:
            return None
        text = hook.told(*args)
        line = lines.line_of(_record(hook, args), sys.stderr) if text else None
        if line is not None:
            return f"{line}\n"
        printed = clean(text, instead)
    except Exception:
        return instead
    if printed == text:
        return None
    return printed if name in printed else f"{printed}\n{instead}"


def _record(hook: Hook, args: tuple[Any, ...]) -> logging.LogRecord:
    """Give the record that stands for what a hook prints, where the policy wants records for lines."""
    about = args[0]
    triple = (about.exc_type, about.exc_value, about.exc_traceback) if len(args) == 1 else args
    fatal = hook.module is sys and len(args) != 1
    level = logging.CRITICAL if fatal else logging.ERROR
    name, message = f"{hook.module.__name__}.{hook.name}", hook.summed(*args)
    return logging.LogRecord(name, level, "", 0, message, (), triple)


def _contained(hook: Hook, before: Callable[..., Any], guarded: Callable[..., None]) -> Callable[..., Any]:
    """Give a hook of the application's that, when it fails, is told of as the interpreter tells of it, but clean."""

    def contained(*args: Any) -> Any:
        try:
            return before(*args)
        except Exception as error:
            try:
                is_on = current().output
            except Exception:
                is_on = True
            if not is_on:
                raise
            _write(f"Error in {hook.module.__name__}.{hook.name}:\n")
            sys.__excepthook__(type(error), error, error.__traceback__)
            _write("\nOriginal exception was:\n")
            return guarded(*args)

    contained.__wrapped__ = before  # type: ignore[attr-defined]
    return contained


def _write(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except Exception:
        return  # no stderr, or a closed one: there is nothing left to write to
