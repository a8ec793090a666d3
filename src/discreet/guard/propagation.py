"""What rides in the headers of outgoing calls: baggage and trace state leave clean, whoever writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry.context import get_current
from opentelemetry.propagators.textmap import TextMapPropagator, default_setter

from discreet.guard.baggage import clean_context
from discreet.guard.containment import withhold
from discreet.guard.otherwise import bare
from discreet.policy import StrictError

if TYPE_CHECKING:
    from collections.abc import Callable


class GuardedPropagator(TextMapPropagator):
    """Hands a clean context to the propagator in force."""

    def __init__(self, inner: TextMapPropagator) -> None:
        self._inner = inner

    def extract(self, *args: Any, **kwargs: Any) -> Any:
        """Take what comes in as it is: it is cleaned on the way out."""
        return self._inner.extract(*args, **kwargs)

    def inject(self, carrier: Any, context: Any = None, setter: Any = default_setter) -> None:
        """Write the headers of the clean context."""
        given = get_current() if context is None else context
        try:
            clean = clean_context(given)
        except StrictError:
            raise
        except Exception:
            clean = bare(given)
            withhold("headers", "guard_failed")
        self._inner.inject(carrier, context=clean, setter=setter)

    @property
    def fields(self) -> set[str]:
        """Give the fields of the propagator in force."""
        return self._inner.fields

    def __getattr__(self, name: str) -> Any:
        """Pass for the propagator in force otherwise."""
        return getattr(self._inner, name)


def get_global_textmap(original: Callable[[], TextMapPropagator]) -> Callable[[], TextMapPropagator]:
    """Wrap ``opentelemetry.propagate.get_global_textmap``, which ``inject`` looks up at every call."""

    def guarded() -> TextMapPropagator:
        inner = original()
        return inner if isinstance(inner, GuardedPropagator) else GuardedPropagator(inner)

    return guarded


def inject(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap a propagator's ``inject`` itself: for code that calls it without the global one."""

    def guarded(self: Any, carrier: Any, context: Any = None, setter: Any = default_setter) -> None:
        original(self, carrier, context=clean_context(get_current() if context is None else context), setter=setter)

    return guarded
