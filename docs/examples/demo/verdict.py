"""The verdict: how many private values left through each channel, and whether everything that should arrive did."""

from collections.abc import Iterator

from demo.excerpts import BOLD, GREEN, RED, paint
from demo.experiment import CHANNELS, Outcome

SIGNALS = ("traces", "logs", "metrics")
CATEGORIES = {"application", "security", "audit", "performance", "business", "system", "api", "database"}
LEVELS = {"public", "internal", "confidential", "restricted"}


def print_verdict(stock: Outcome, discreet: Outcome) -> list[str]:
    """Print the figures and the verdict, and give what is wrong, one sentence each; empty when all is well."""
    print("\n" + paint(f"{'PRIVATE VALUES THAT LEFT':<28}{'stock':>16}{'Discreet':>16}{'records arrived':>24}", BOLD))
    for channel in CHANNELS:
        counts = f"{_count(stock, channel):>16}{_count(discreet, channel):>16}"
        print(f"  {channel:<26}{counts}{_arrived(stock, discreet, channel):>24}")
    complaints = [*_leaks(discreet), *_missing(discreet), *_unproven(stock, discreet)]
    for complaint in complaints:
        print(paint(f"FAILED: {complaint}", RED))
    if not complaints:
        print(paint("\nNothing private left the process; every request is there, classified.", GREEN))
    return complaints


def _count(outcome: Outcome, channel: str) -> str:
    return f"{len(outcome.left[channel])} of {len(outcome.private)}"


def _arrived(stock: Outcome, discreet: Outcome, channel: str) -> str:
    both = [sum(record.channel == channel for record in outcome.records) for outcome in (stock, discreet)]
    return "" if channel == "console" else f"{both[0]} and {both[1]}"


def _leaks(discreet: Outcome) -> Iterator[str]:
    """Say what left, by kind; the values are made up, and still not printed."""
    for channel, values in discreet.left.items():
        if values:
            kinds = ", ".join(sorted({value.kind for value in values}))
            yield f"{len(values)} private values left through {channel} ({kinds})"


def _missing(discreet: Outcome) -> Iterator[str]:
    """Say what did not arrive, or without category and level: silence would leak nothing, too."""
    for signal in SIGNALS:
        if not any(record.channel == signal for record in discreet.records):
            yield f"no {signal} arrived"
    for signal in ("traces", "logs"):
        records = [record for record in discreet.records if record.channel == signal]
        bare = [record for record in records if record.category not in CATEGORIES or record.level not in LEVELS]
        if bare:
            yield f"{len(bare)} of {len(records)} {signal} without category and level, such as {bare[0].title!r}"
    traced = {record.trace_id for record in discreet.records if record.channel == "traces"}
    lost = [step.title for step in discreet.steps if step.trace_id not in traced]
    if lost:
        yield f"no span of these requests arrived: {', '.join(lost)}"


def _unproven(stock: Outcome, discreet: Outcome) -> Iterator[str]:
    """Say why the comparison proves nothing, if so."""
    for signal in ("traces", "logs"):
        if not stock.left[signal]:
            yield f"the stock run let nothing private out in {signal}: this demonstration proves nothing"
    answers = [[(step.title, step.status) for step in outcome.steps] for outcome in (stock, discreet)]
    if answers[0] != answers[1]:
        yield "the clinic answered differently under Discreet"
