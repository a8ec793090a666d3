"""How the rows of the table read a snapshot: few shapes, filled with the names of sources and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from discreet.metrics.snapshot import Snapshot

    Point = tuple[float, dict[str, str | int]]
    Reader = Callable[[Snapshot], Iterator[Point]]
    Parts = Mapping[str, tuple[str, ...]]


class NotGivenError(LookupError):
    """This platform gives the source, but none of the fields."""


def value(source: str, field: str = "value", *, scale: float | None = None) -> Reader:
    """Read one field of each thing the source knows."""
    return split(source, None, {"": (field,)}, scale=scale)


def split(
    source: str, key: str | None, parts: Parts, *, scale: float | None = None, also: Mapping[str, str] | None = None
) -> Reader:
    """Read one point for each part that the platform gives.

    Args:
        source: Name in `discreet.metrics.sources.SOURCES`.
        key: The attribute that tells the parts from each other.
        parts: The fields that make up each part, by the value of that attribute.
        scale: What a figure is multiplied by; None leaves it, and whole numbers whole.
        also: Attributes that all points have.
    """

    def read(snapshot: Snapshot) -> Iterator[Point]:
        for where, figures in snapshot.reading(source).figures:
            for part, amount in _amounts(figures, parts).items():
                attributes = {**where, **(also or {}), **({key: part} if key else {})}
                yield (amount if scale is None else amount * scale), attributes

    return read


def share(source: str, key: str, parts: Parts, *, of: str) -> Reader:
    """Read each part as a fraction of another field; nothing where that is 0, such as swap where there is none."""

    def read(snapshot: Snapshot) -> Iterator[Point]:
        for where, figures in snapshot.reading(source).figures:
            if figures[of]:
                for part, amount in _amounts(figures, parts).items():
                    yield amount / figures[of], {**where, **({key: part} if key else {})}

    return read


def busy(source: str, key: str, parts: Parts, *, cpus: str, since: str | None = None) -> Reader:
    """Read CPU time as a fraction of what the processors could have given since the last collection of this process.

    Args:
        source: The CPU seconds.
        key: As in `split`.
        parts: As in `split`.
        cpus: Source for the number of processors.
        since: Source for the seconds since all counts were 0, taken where there is no earlier collection; without it
            the first collection has no point.
    """

    def read(snapshot: Snapshot) -> Iterator[Point]:
        now, before = snapshot.reading(source), snapshot.before(source)
        if before is not None:
            elapsed, earlier = now.at - before.at, _amounts(before.figures[0][1], parts)
        elif since is not None:
            elapsed, earlier = _sole(snapshot, since), {}
        else:
            return
        capacity = max(elapsed, 1e-3) * _sole(snapshot, cpus)
        for part, amount in _amounts(now.figures[0][1], parts).items():
            yield max(amount - earlier.get(part, 0.0), 0.0) / capacity, {key: part}

    return read


def _sole(snapshot: Snapshot, source: str) -> float:
    return snapshot.reading(source).figures[0][1]["value"]


def _amounts(figures: Mapping[str, float], parts: Parts) -> dict[str, float]:
    """Give the sum of the fields of each part.

    Raises:
        NotGivenError: When the platform gives no field of any part.
    """
    given = {part: [figures[field] for field in fields if field in figures] for part, fields in parts.items()}
    amounts = {part: sum(numbers) for part, numbers in given.items() if numbers}
    if not amounts:
        raise NotGivenError
    return amounts
