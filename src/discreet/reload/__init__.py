"""A changed configuration comes into force while the process runs."""

from discreet.reload.configuration import Configuration
from discreet.reload.loop import Loop

__all__ = ["Configuration", "Loop"]
