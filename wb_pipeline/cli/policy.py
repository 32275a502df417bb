"""`wb policy`: check a policy file, and try it on what was decided, before anybody runs with it."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.policy_backtest import backtest_policy


@click.group()
def command() -> None:
    """Check a policy file, and try it on decided batches."""


@command.command("check")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say whether FILE is a policy, or every mistake in it with line and key. Exit code 3 if it is refused."""
    from wb_pipeline.policy.load import load_policy

    policy = load_policy(file)
    click.echo(f"{file.name} is a policy. Its version is {policy.policy_hash[:16]}.")


command.add_command(backtest_policy)
