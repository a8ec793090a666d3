"""The command line: one module for each command, each calling the library."""

from discreet.cli.main import main

__all__ = ["main"]
