"""What writes may do now: running, review everything, read only, stopped; for all or one actor. Enforces nothing.

Modes hold for writing to the CRM, at once. The kill switch (`switches`) holds for judging; an actor that is switched
off writes nothing either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds import ActorSwitched, payload_of
from wb_pipeline.ledger.kinds_writes import ModeSwitched
from wb_pipeline.ledger.store import Book, Ledger

Mode = Literal["running", "review_everything", "read_only", "stopped"]
ALL = "*"
# From the mildest to the strictest.
MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True, slots=True)
class Modes:
    """The modes in force at one moment: by actor id, `*` for all; and which actors are switched off."""

    by_subject: Mapping[str, Mode]
    switched_off: frozenset[str]

    def of(self, actor_id: str) -> Mode:
        """Return what holds for an actor's writes: the strictest of all's, its own and its switch."""
        if actor_id in self.switched_off:
            return "stopped"
        chosen = (self.by_subject.get(subject, "running") for subject in (ALL, actor_id))
        return max(chosen, key=MODES.index)


def modes(ledger: Ledger | Book) -> Modes:
    """Return the modes in force now."""
    by_subject = {event.subject: payload_of(event, ModeSwitched).mode for event in ledger.events(ModeSwitched.kind)}
    is_on = {event.subject: payload_of(event, ActorSwitched).is_on for event in ledger.events(ActorSwitched.kind)}
    return Modes(by_subject, frozenset(actor for actor, on in is_on.items() if not on))


def switch_mode(ledger: Ledger, subject: str, mode: Mode, by: str, reason: str) -> Event:
    """Switch the mode of an actor, or of all (`*`). Raises InputError without a subject, a named person or a reason."""
    if not (subject.strip() and by.strip() and reason.strip()):
        raise InputError("a mode needs an actor or * for all, the name of who switches, and a reason")
    return ledger.append([ModeSwitched(mode=mode, reason=reason).about(subject)], recorded_by=by)[0]
