"""What is checked in the collector's files: that nothing private is there, and that every record is classified."""

import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from clinic.synthetic import Private

if TYPE_CHECKING:
    from collector.local.collector import Collector
    from collector.local.exported import Item

BRANCHES = ("general", "restricted", "audit")
CATEGORIES = {"application", "security", "audit", "performance", "business", "system", "api", "database"}
LEVELS = {"public", "internal", "confidential", "restricted"}


def wait_until(holds: Callable[[], object], seconds: float) -> bool:
    """Wait until something holds; tell whether it did in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def records(collector: "Collector") -> "list[Item]":
    """Give all spans and log records that the collector wrote."""
    return [item for branch in BRANCHES for item in collector.items(branch)]


def lost_requests(collector: "Collector", trace_ids: Sequence[str]) -> list[str]:
    """Give the requests of which no span has arrived."""
    arrived = {item.record.get("traceId") for item in records(collector) if item.signal == "span"}
    return [trace_id for trace_id in trace_ids if trace_id not in arrived]


def print_summary(collector: "Collector") -> None:
    """Print how many spans and log records each branch holds, by category and level."""
    counts = Counter(
        (item.branch, item.attributes.get("discreet.category"), item.attributes.get("discreet.security_level"))
        for item in records(collector)
    )
    print(f"    {'branch':<12}{'category':<14}{'level':<14}{'records':>8}")
    for (branch, category, level), count in sorted(counts.items(), key=str):
        print(f"    {branch:<12}{category or '-':<14}{level or '-':<14}{count:>8}", flush=True)


def complaints(collector: "Collector", private: Sequence[Private], service: str) -> Iterator[str]:
    """Say what is wrong with what the collector wrote and shows, one sentence each.

    Args:
        collector: The running collector.
        private: What must not be found.
        service: The service that runs under the library: the second gate must have found nothing in its records.
    """
    yield from _leaks(collector, private)
    items = records(collector)
    for signal in ("span", "log"):
        of_signal = [item for item in items if item.signal == signal]
        if not of_signal:
            yield f"no {signal} arrived"
        bare = [item for item in of_signal if not _classified(item)]
        if bare:
            yield f"{len(bare)} of {len(of_signal)} {signal}s are without category and level"
    own = [item for item in items if _service(item) == service]
    # The gate gives what is not classified a category and a level: these ones can only come from the library.
    if not {"api", "database"} <= {item.attributes.get("discreet.category") for item in own}:
        yield f"nothing of {service} is classified as api and database"
    found = [item for item in own if "discreet.gate.found" in item.attributes]
    if found:
        yield f"the second gate found private data in {len(found)} records of {service}: the library let it pass"
    if not collector.written("metrics"):
        yield "no metrics arrived"


def _leaks(collector: "Collector", private: Sequence[Private]) -> Iterator[str]:
    places = {branch: collector.written(branch) for branch in (*BRANCHES, "metrics")}
    with urllib.request.urlopen(f"http://127.0.0.1:{collector.derived_port}/metrics", timeout=5) as page:
        places["Prometheus"] = page.read()
    places["the collector's own log"] = collector.log.read_bytes()
    for place, held in places.items():
        kinds = [value.kind for value in private if any(form.encode() in held for form in value.spellings)]
        if kinds:
            yield f"{len(kinds)} private values in {place} ({', '.join(sorted(set(kinds)))})"


def _classified(item: "Item") -> bool:
    attributes = item.attributes
    return attributes.get("discreet.category") in CATEGORIES and attributes.get("discreet.security_level") in LEVELS


def _service(item: "Item") -> str:
    pairs = item.resource.get("attributes", [])
    return str(next((pair["value"].get("stringValue") for pair in pairs if pair["key"] == "service.name"), ""))
