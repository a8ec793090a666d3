"""The command `discreet` and its subcommands."""

from __future__ import annotations

import click

import discreet
from discreet.cli.config import config
from discreet.cli.detectors import detectors
from discreet.cli.doctor import doctor
from discreet.cli.explain import explain
from discreet.cli.health import health
from discreet.cli.redact import redact
from discreet.cli.rules import rules


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(discreet.__version__, prog_name="discreet")
def main() -> None:
    """Take personal data and secrets out of text and telemetry.

    The policy is that of DISCREET_CONFIG and the environment (DISCREET_DETECTORS, DISCREET_ACTIONS, ...).
    """


for command in (redact, explain, detectors, doctor, health, config, rules):
    main.add_command(command)
