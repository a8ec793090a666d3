"""The policy of a command: that of the environment; what is wrong there ends the command."""

from __future__ import annotations

import os

import click

from discreet.policy import Policy, resolve


def policy_of_environment() -> Policy:
    """Give the policy, or end the command with every problem named."""
    settings, problems = resolve(environ=os.environ)
    if problems:
        raise click.ClickException("\n".join(map(str, problems)))
    return Policy.compiled(settings)
