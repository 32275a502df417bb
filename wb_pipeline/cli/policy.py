"""`wb policy`: check a policy file before anybody runs with it."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def command() -> None:
    """Check a policy file."""


@command.command("check")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say whether FILE is a policy, or every mistake in it with line and key. Exit code 3 if it is refused."""
    from wb_pipeline.policy.load import load_policy

    policy = load_policy(file)
    click.echo(f"{file.name} is a policy. Its version is {policy.policy_hash[:16]}.")
