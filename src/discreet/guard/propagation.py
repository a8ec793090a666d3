"""What rides in the headers of outgoing calls: baggage and trace state leave clean, whoever writes them."""

from __future__ import annotations

import functools
from types import FunctionType
from typing import TYPE_CHECKING, Any

from opentelemetry import baggage
from opentelemetry.context import get_current
from opentelemetry.propagators.textmap import TextMapPropagator, default_getter, default_setter

from discreet.context.incoming import with_request_ids
from discreet.context.request import with_waiting
from discreet.guard import redirects
from discreet.guard.baggage import OutgoingContext, outgoing_context
from discreet.guard.containment import contained, count, withhold
from discreet.guard.otherwise import bare, bare_headers
from discreet.policy import StrictError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CONTEXT_PLACE = 1  # of the arguments of `inject`: carrier, context, setter
_MOST_WRAPPERS = 32
_HOOK = "__init_subclass__"
_MARK = "_discreet"  # holds the wrapper itself, so that a copy of its attributes on another function is no mark


class GuardedPropagator(TextMapPropagator):
    """Hands a context of which everything may go out to the propagator in force."""

    def __init__(self, inner: TextMapPropagator) -> None:
        self._inner = inner

    def extract(self, *args: Any, **kwargs: Any) -> Any:
        """Take what comes in as it is, and the ids that others gave the request: all is cleaned on the way out."""
        extracted = self._inner.extract(*args, **kwargs)
        try:
            extracted = with_waiting(extracted)
            return _with_request_ids(extracted, *args, **kwargs)
        except Exception:  # it may be a getter of another shape: there are no ids then
            count("headers", "guard_failed")
            return extracted

    def inject(self, carrier: Any, context: Any = None, setter: Any = default_setter) -> None:
        """Write the headers of the clean context."""
        try:
            outgoing = _outgoing(context)
        except StrictError:
            raise
        except Exception:
            outgoing = OutgoingContext(bare(get_current() if context is None else context))
            withhold("headers", "guard_failed")
        self._inner.inject(carrier, context=outgoing, setter=setter)

    @property
    def fields(self) -> set[str]:
        """Give the fields of the propagator in force."""
        return self._inner.fields

    def __getattr__(self, name: str) -> Any:
        """Pass for the propagator in force otherwise."""
        return getattr(self._inner, name)


def _with_request_ids(extracted: Any, carrier: Any, _context: Any = None, getter: Any = default_getter) -> Any:
    return with_request_ids(extracted, carrier, getter)


def _outgoing(context: Any) -> Any:
    if type(context) is OutgoingContext:  # a propagator within a propagator
        return context
    outgoing = outgoing_context(get_current() if context is None else context)
    return outgoing if not baggage.get_all(outgoing) or redirects.followed() else baggage.clear(outgoing)


def get_global_textmap(original: Callable[[], TextMapPropagator]) -> Callable[[], TextMapPropagator]:
    """Wrap ``opentelemetry.propagate.get_global_textmap``, which ``inject`` looks up at every call."""
    last: GuardedPropagator | None = None

    def guarded() -> TextMapPropagator:
        nonlocal last
        inner, known = original(), last
        if isinstance(inner, GuardedPropagator):
            return inner
        if known is None or known._inner is not inner:
            known = last = GuardedPropagator(inner)
        return known

    return guarded


def inject(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap a propagator's ``inject`` itself: for code that calls it without the global one."""

    def outgoing(self: Any, *args: Any, **kwargs: Any) -> None:
        if len(args) > _CONTEXT_PLACE:
            args = (*args[:_CONTEXT_PLACE], _outgoing(args[_CONTEXT_PLACE]), *args[_CONTEXT_PLACE + 1 :])
        else:
            kwargs["context"] = _outgoing(kwargs.get("context"))
        original(self, *args, **kwargs)

    guarded = functools.update_wrapper(contained(outgoing, original, bare_headers), original)
    setattr(guarded, _MARK, guarded)
    return guarded


def install() -> None:
    """Wrap ``inject`` of every class of propagators, those that exist and those that will be: b3, Jaeger, the app's."""
    if _HOOK in vars(TextMapPropagator):
        return

    def hook(cls: Any, /, **kwargs: Any) -> None:
        super(TextMapPropagator, cls).__init_subclass__(**kwargs)
        _cover(cls)

    setattr(TextMapPropagator, _HOOK, classmethod(hook))
    for cls in _subclasses(TextMapPropagator):
        _cover(cls)


def _cover(cls: Any) -> None:
    """Wrap ``inject`` of one class; one that cannot be changed is counted, and works as it is."""
    try:
        _wrap(cls)
    except Exception:
        count("headers", "guard_failed")


def uninstall() -> None:
    """Put the originals back. For tests."""
    if _HOOK in vars(TextMapPropagator):
        delattr(TextMapPropagator, _HOOK)
    for cls in _subclasses(TextMapPropagator):
        method = vars(cls).get("inject")
        if _is_ours(method):
            cls.inject = method.__wrapped__
    redirects.uninstall()


def unguarded() -> list[str]:
    """Name the classes of propagators whose ``inject`` is not the guard's, as where somebody replaced it since."""
    raw = [cls for cls in dict.fromkeys(_subclasses(TextMapPropagator)) if _is_raw(cls)]
    return [f"{cls.__module__}.{cls.__qualname__}" for cls in raw]


def _is_raw(cls: Any) -> bool:
    method = vars(cls).get("inject")
    if method is None or cls is GuardedPropagator or getattr(method, "__isabstractmethod__", False):
        return False
    for _ in range(_MOST_WRAPPERS):
        if method is None or _is_ours(method):
            break
        method = getattr(method, "__wrapped__", None)
    return method is None


def _wrap(cls: Any) -> None:
    method = vars(cls).get("inject")
    if cls is GuardedPropagator or not isinstance(method, FunctionType) or _is_ours(method):
        return
    if not getattr(method, "__isabstractmethod__", False):
        cls.inject = inject(method)


def _is_ours(method: Any) -> bool:
    return method is not None and getattr(method, _MARK, None) is method


def _subclasses(cls: type[Any]) -> Iterator[type[Any]]:
    for child in cls.__subclasses__():
        yield child
        yield from _subclasses(child)
