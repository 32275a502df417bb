"""The kill switch of an actor, as events (FLD-7). What a switched-off actor may not do is for the gates to say."""

from __future__ import annotations

from dataclasses import dataclass

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import ActorSwitched, payload_of
from wb_pipeline.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class ActorSwitch:
    """One switch event. The latest one of an actor holds; an actor without any is on. `switched_at` is UTC text."""

    sequence: int
    actor_id: str
    is_on: bool
    switched_by: str
    reason: str
    switched_at: str


def switch_actor(ledger: Ledger, actor_id: str, is_on: bool, by: str, reason: str) -> Event:  # noqa: FBT001  (a switch)
    """Switch an actor on or off. Raises InputError without an actor, a named person or a reason."""
    if not (actor_id.strip() and by.strip() and reason.strip()):
        raise InputError("a switch needs an actor, the name of who switches, and a reason")
    return ledger.append([ActorSwitched(is_on=is_on, reason=reason).about(actor_id)], recorded_by=by)[0]


def actor_switches(ledger: Ledger, up_to_sequence: int | None = None) -> list[ActorSwitch]:
    """Return the switch events in order; those known at `up_to_sequence`, where given."""
    return [
        _switch(event)
        for event in ledger.events(ActorSwitched.kind)
        if up_to_sequence is None or event.sequence <= up_to_sequence
    ]


def _switch(event: Event) -> ActorSwitch:
    payload = payload_of(event, ActorSwitched)
    return ActorSwitch(
        event.sequence, event.subject, payload.is_on, event.recorded_by, payload.reason, event.recorded_at
    )
