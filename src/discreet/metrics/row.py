"""What a row of the table of metrics is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from discreet.metrics.readings import Reader

COUNTER, UP_DOWN, GAUGE = "counter", "up_down_counter", "gauge"


class Row(NamedTuple):
    """One metric.

    Attributes:
        name: Its name; where it begins with ``system``, it tells of the host.
        kind: counter, up_down_counter or gauge; the instrument is the observable one.
        unit: Its unit (UCUM).
        description: What it counts.
        attributes: Names of the attributes of its points.
        read: Gives the points.
    """

    name: str
    kind: str
    unit: str
    description: str
    attributes: tuple[str, ...]
    read: Reader

    @property
    def family(self) -> str:
        """``system`` for what tells of the host, else ``process``."""
        return "system" if self.name.startswith("system.") else "process"
