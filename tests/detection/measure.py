"""Prints recall by kind and what is lost beside it: ``python tests/detection/measure.py [--show misses|damage]``."""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parents[2])

from discreet.redaction import Redactor
from tests.detection.corpus import clean, positives
from tests.detection.scoring import as_text, leak, lost

if TYPE_CHECKING:
    from tests.detection.records import Record

SHOWN = 50
# Where it is open whether anybody asks for it: ids that a policy may keep, tokens cut short, values apart from names.
STRETCH = {"semconv_id", "cut_token", "sql_values"}


def redact(redactor: Redactor, body: str | dict[str, Any]) -> str:
    """The body after redaction, its values as one text."""
    if isinstance(body, str):
        return str(redactor.text(body, set()))
    return as_text(dict(redactor.attributes(body, set())))


def measure_positives(redactor: Redactor, options: argparse.Namespace) -> list[str]:
    """Prints the table of the kinds; gives the misses."""
    records: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    part: Counter[str] = Counter()
    over = characters = withheld = 0
    misses: list[str] = []
    for record in positives(options.seed, options.per_kind):
        if options.kind and record.kind not in options.kind:
            continue
        before = as_text(record.body)
        after = redact(redactor, record.body)
        left = leak(before, after, record.secrets)
        withheld += "[WITHHELD" in after
        records[record.kind] += 1
        whole[record.kind] += left == "whole"
        part[record.kind] += left == "part"
        characters += len(before)
        loss = lost(before, after, record.secrets, record.also)
        over += loss
        if left:
            misses.append(_shown(record, left, before, after))
        elif loss and options.show == "over":
            misses.append(_shown(record, f"{loss} characters too many", before, after))
    _table(records, whole, part)
    print(f"withheld as a whole, which counts as found: {withheld} of {records.total()}")
    print(f"over-redacted in positives: {over} of {characters} characters ({_percent(over, characters)})")
    return misses


def _table(records: Counter[str], whole: Counter[str], part: Counter[str]) -> None:
    print(f"{'kind':20} {'records':>8} {'found %':>8} {'partial %':>10} {'whole %':>8}")
    found = {kind: 100 * (count - whole[kind] - part[kind]) / count for kind, count in records.items()}
    for kind, share in sorted(found.items(), key=lambda item: item[1]):
        count = records[kind]
        print(f"{kind:20} {count:8} {share:8.2f} {100 * part[kind] / count:10.2f} {100 * whole[kind] / count:8.2f}")
    for name, kinds in (("all", found.keys()), ("without " + ", ".join(sorted(STRETCH)), found.keys() - STRETCH)):
        if not kinds:
            continue
        shares = [found[kind] for kind in kinds]
        print(f"{name}: mean {sum(shares) / len(shares):.2f} %, minimum {min(shares):.2f} %, {len(shares)} kinds")


def measure_clean(redactor: Redactor, options: argparse.Namespace) -> list[str]:
    """Prints what happens to the clean records; gives the damaged ones."""
    records: Counter[str] = Counter()
    damaged: Counter[str] = Counter()
    over = characters = 0
    shown: dict[str, str] = {}  # one of each sort: damage of the same template differs in its numbers only
    for record in clean(options.seed):
        before, after = as_text(record.body), redact(redactor, record.body)
        records[record.source] += 1
        characters += len(before)
        if before != after:
            damaged[record.source] += 1
            over += lost(before, after, (), ())
            shown.setdefault(
                re.sub(r"[0-9a-f]*\d[0-9a-f]*", "0", before)[-60:], _shown(record, "damaged", before, after)
            )
    for source, bad in sorted(damaged.items()):
        print(f"clean {source:24} {records[source]:7} records, {bad:5} damaged")
    for name, chosen in _groups(records).items():
        total, bad = sum(records[source] for source in chosen), sum(damaged[source] for source in chosen)
        print(f"clean, {name:24} {total:6} records, {bad:5} damaged ({_percent(bad, total)})")
    print(f"clean, characters over-redacted: {over} of {characters} ({_percent(over, characters)})")
    return list(shown.values())


def _groups(records: Counter[str]) -> dict[str, list[str]]:
    """The sources of clean records in groups: traps are far denser here than in anybody's logs."""
    groups: dict[str, list[str]] = {"real lines": [], "formats of systems": [], "attributes, mixed": [], "traps": []}
    for source in records:
        first = source.split(" ")[0]
        name = {"like": "formats of systems", "trap": "traps", "look-alike": "traps"}.get(first, "real lines")
        groups["attributes, mixed" if first in ("semconv", "mixed") else name].append(source)
    return {**groups, "all": list(records)}


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.3f} %"


def _shown(record: Record, what: str, before: str, after: str) -> str:
    shown = f"  before {before!r}\n  after  {after!r}\n  secret {record.secrets!r}"
    return f"--- {record.kind} ({record.source}): {what}\n{shown}"


def main() -> None:
    """Measures, and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-kind", type=int, default=300)
    parser.add_argument("--show", choices=["misses", "damage", "over"])
    parser.add_argument("--kind", action="append", help="only this kind; may be given more than once")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=int, default=SHOWN, help="how many to show")
    options = parser.parse_args()
    started, redactor = time.perf_counter(), Redactor()
    misses = measure_positives(redactor, options)
    damage = [] if options.kind else measure_clean(redactor, options)
    print(f"{time.perf_counter() - started:.1f} s")
    # Spread over the kinds, so that the first kind does not fill the list.
    chosen = damage if options.show == "damage" else misses if options.show else []
    for text in chosen[:: max(1, len(chosen) // options.limit)][: options.limit]:
        print(text)


if __name__ == "__main__":
    main()
