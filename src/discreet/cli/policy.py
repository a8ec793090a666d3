"""The policy of a command: that of files and environment; what is wrong there ends the command."""

from __future__ import annotations

import os

import click

from discreet.policy import Policy, gather_again


def policy_of_environment() -> Policy:
    """Give the policy, or end the command with every problem named."""
    found = gather_again(environ=os.environ, declarative=os.environ.get("OTEL_CONFIG_FILE"))
    if found.problems:
        raise click.ClickException("\n".join(map(str, found.problems)))
    return Policy.compiled(found.settings)
