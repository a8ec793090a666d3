"""The side-by-side table: for every kind of record and place, what the application said and what left the process."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from demo.excerpts import BOLD, CYAN, marked, paint, paint_markers, paint_private, windows
from demo.experiment import CHANNELS, Outcome
from demo.records import Record

_PLACE = 34
_ABSENT = "(only Discreet instruments this)"


@dataclass
class Row:
    """One place of one kind of record, as in the first record of that kind, and how many there are."""

    record: Record
    place: str
    said: str
    left: str
    times: int


def print_comparison(stock: Outcome, discreet: Outcome) -> None:
    """Print a table a channel: the places where the stock run shows, or the other one hides, something private."""
    columns = min(max(shutil.get_terminal_size((160, 24)).columns, 110), 200)
    width = (columns - _PLACE - 8) // 2
    spellings = [spelling for value in stock.private for spelling in value.spellings]
    rows = _rows(stock, discreet, spellings)
    for channel in CHANNELS:
        here = [row for row in rows if row.record.channel == channel]
        if here:
            heading = (
                f"{channel.upper():<{_PLACE + 4}}{'the application said':<{width + 2}}left the process with Discreet"
            )
            print("\n" + paint(heading, BOLD))
            _print_rows(here, width, spellings)


def _rows(stock: Outcome, discreet: Outcome, spellings: list[str]) -> list[Row]:
    """Give a row for each kind of record and place; further ones of a kind are counted, not shown."""
    titles = {step.trace_id: step.title for step in discreet.steps}
    twins = {record.key: record for record in stock.records}
    rows: dict[tuple[str, str, str, str], Row] = {}
    for record in discreet.records:
        for place, said, left in _places(record, twins.get(record.key), spellings):
            kind = _kind(record, place, titles)
            row = rows.setdefault(kind, Row(record, place, said, left, 0))
            row.times += 1
            if row.said == _ABSENT:
                row.said, row.left = said, left
    return list(rows.values())


def _kind(record: Record, place: str, titles: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Give what makes two rows alike: for a log record, which says what it likes, also the request it belongs to."""
    if _is_common(record, place):
        return record.channel, "", "", place
    return record.channel, record.title, titles.get(record.trace_id, "") if record.channel == "logs" else "", place


def _is_common(record: Record, place: str) -> bool:
    """Tell whether the place holds the same in every record of a signal or trace."""
    return place.startswith("resource.") or (place == "tracestate" and record.channel == "traces")


def _places(record: Record, twin: Record | None, spellings: list[str]) -> Iterator[tuple[str, str, str]]:
    said_at = twin.places if twin else {}
    for place in dict.fromkeys([*said_at, *record.places]):
        said, left = said_at.get(place, "" if twin else _ABSENT), record.places.get(place) or "(removed)"
        if any(spelling in said for spelling in spellings) or marked(left):
            yield place, said, left


def _print_rows(rows: Iterable[Row], width: int, spellings: list[str]) -> None:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[_heading(row)].append(row)
    for heading, members in groups.items():
        print(f"  {heading}")
        for row in members:
            label = _label(row)
            for said, left in windows(row.said, row.left, spellings, width):
                padding = " " * (width - len(said))
                print(f"    {label:<{_PLACE}}{paint_private(said, spellings)}{padding}  {paint_markers(left)}")
                label = ""


def _label(row: Row) -> str:
    """Give the place, shortened in the middle if need be, and how often the like of it was seen."""
    place, times = row.place.removeprefix("attributes."), f" ({row.times})" if row.times > 1 else ""
    room = _PLACE - len(times) - 1
    return (place if len(place) <= room else f"{place[: room // 3]}…{place[room // 3 + 1 - room :]}") + times


def _heading(row: Row) -> str:
    if _is_common(row.record, row.place):
        return "in every record"
    stamp = f"  {row.record.category} · {row.record.level}" if row.record.category else ""
    return row.record.title + paint(stamp, CYAN)
