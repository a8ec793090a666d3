"""The nets: which of them guards a part, and the state of each in this process, as far as it can be seen."""

from __future__ import annotations

from collections import Counter
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

from opentelemetry.sdk._shared_internal import BatchProcessor

from discreet.guard import arming, closing, fronts, hooks, propagation, redirects
from discreet.guard.dispatch import is_adopted
from discreet.guard.fronts import Front

if TYPE_CHECKING:
    from collections.abc import Iterator

SHUT = "shut: nothing of it leaves"
REDACTING = "redacting processor"


class Net(NamedTuple):
    """One net of the process.

    Attributes:
        net: Its name.
        signals: What it guards.
        state: In words, in what state it is.
        whole: Whether everything that it is to hold passes it.
    """

    net: str
    signals: str
    state: str
    whole: bool


def nets() -> list[Net]:
    """Give the nets of this process, the points of each signal first."""
    return [*_points(), *(row() for row in (_propagators, _redirects, _hooks))]


def _points() -> Iterator[Net]:
    there = Counter(point.signal for point, _ in arming.in_place())
    lost, shut = Counter(point.signal for point in arming.unguarded()), closing.closed()
    for signal, number in (there + lost).items():
        state = SHUT if signal in shut else f"{there[signal]} of {number} in place"
        yield Net("points", signal, state, not lost[signal])


def _propagators() -> Net:
    raw = propagation.unguarded()
    state = f"without the guard: {', '.join(raw)}" if raw else "every class, those to come too"
    return Net("propagators", "headers", state, not raw)


def _redirects() -> Net:
    followed = redirects.clients()
    return Net("redirects", "headers", ", ".join(followed) or "waits for the first baggage that goes out", True)


def _hooks() -> Net:
    """Give the hooks of exceptions; an app that sets one of its own later may, so nothing is lacking then."""
    taken = hooks.taken()
    state = f"the app's own since: {', '.join(taken)}" if taken else "in place" if hooks.installed() else "not there"
    return Net("exception hooks", "output", state, hooks.installed())


def dispatch_net(signal: str, dispatcher: Any, methods: tuple[str, ...], maker: str) -> str:
    """Give the net that guards whatever passes a provider's dispatcher; empty if none does.

    The dispatcher's class must have the guard's own methods, and the object none of its own in their place; any other
    has a front before it, where the class ``maker`` hands it to tracers or loggers.
    """
    if signal in closing.closed():
        return SHUT
    armed = arming.in_place()
    if maker and is_adopted(dispatcher):
        return worker_net(dispatcher, methods)
    if maker and fronts.stands_before(signal, dispatcher):
        return "front" if any((point.owner, point.name) == (maker, "__init__") for point, _ in armed) else ""
    functions, own = [function for _, function in armed], getattr(dispatcher, "__dict__", {})
    mine = all(name not in own and getattr(type(dispatcher), name, None) in functions for name in methods)
    return "dispatch" if mine else ""


def worker_net(processor: Any, methods: tuple[str, ...] = ()) -> str:
    """Give the net of a batch processor, which holds raw records until its worker cleans them; empty if it has none.

    Nothing but the SDK's own code may be on the way there: what somebody put in its place reads raw records.
    """
    batch = getattr(processor, "_batch_processor", processor)
    ours = [function for point, function in arming.in_place() if point.owner == "BatchProcessor"]
    whole = (
        isinstance(batch, BatchProcessor)
        and type(batch)._export in ours
        and "_export" not in vars(batch)
        and _is_the_sdks(batch, ("emit",))
        and (batch is processor or _is_the_sdks(processor, methods))
    )
    return "batch worker" if whole else ""


def _is_the_sdks(thing: Any, methods: tuple[str, ...]) -> bool:
    """Say whether methods of an object are functions that the SDK defines. A wrapper may pass for what it wraps."""
    functions = [getattr(type(thing), name, None) for name in methods]
    return not any(name in vars(thing) for name in methods) and all(_is_of_the_sdk(one) for one in functions)


def _is_of_the_sdk(function: object) -> bool:
    return type(function) is FunctionType and str(function.__globals__.get("__name__")).startswith("opentelemetry.sdk.")


def is_redacting(processor: Any) -> bool:
    """Say whether a processor is one of the public redacting ones, whose next processor is handed clean records."""
    return isinstance(getattr(processor, "__dict__", {}).get("_front"), Front)
