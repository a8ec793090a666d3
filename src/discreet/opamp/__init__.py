"""OpAMP: what this process reports to a server, and what it takes from it."""

from discreet.opamp.link import Link
from discreet.opamp.reports import Process

__all__ = ["Link", "Process"]
