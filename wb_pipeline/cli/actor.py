"""`wb actor`: the kill switch of an agent, in one command (FLD-7)."""

from __future__ import annotations

from pathlib import Path

import click

from wb_pipeline.cli.options import existing_home, home_option
from wb_pipeline.home import Home


@click.group()
def command() -> None:
    """Switch an agent off or on. It holds for every run that starts from then on, and is in the audit."""


def _switch(actor_id: str, *, is_on: bool, by: str, reason: str, folder: Path) -> None:
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.ledger.switches import switch_actor
    from wb_pipeline.review.persons import require_person

    home = existing_home(folder)
    require_person(home, by)
    event = switch_actor(Ledger.open(home), actor_id, is_on, by, reason)
    if actor_id not in _registered(home):
        click.echo(f"Note: no policy used so far registers an actor {actor_id!r}. Is it spelt right?", err=True)
    click.echo(f"{actor_id} is switched {'on' if is_on else 'off'} (ledger event {event.sequence}).")


def _registered(home: Home) -> set[str]:
    """Return the actors of every policy on the books."""
    from wb_pipeline.policy.store import read_policy

    hashes = [path.stem for path in home.policies.glob("*.yaml")]
    return {actor for policy_hash in hashes for actor in read_policy(home, policy_hash).document.actors}


_by = click.option("--by", required=True, help="Who switches: a person's name or id.")
_reason = click.option("--reason", required=True, help="Why, for the audit.")


@command.command("off")
@click.argument("actor_id")
@_by
@_reason
@home_option
def off(actor_id: str, by: str, reason: str, home: Path) -> None:
    """Deny everything ACTOR_ID proposes from the next run on."""
    _switch(actor_id, is_on=False, by=by, reason=reason, folder=home)


@command.command("on")
@click.argument("actor_id")
@_by
@_reason
@home_option
def on(actor_id: str, by: str, reason: str, home: Path) -> None:
    """Let the policy decide again about ACTOR_ID."""
    _switch(actor_id, is_on=True, by=by, reason=reason, folder=home)
