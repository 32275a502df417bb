"""Who took part in a message, meeting or call of the evidence store, and did it take place? Pure; judges nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from wb_pipeline.normalize.emails import email_domain, mailbox_key
from wb_pipeline.normalize.person_names import parse_person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_PARTICIPANTS = 2_000
"""More people than that are in no meeting; a longer list is read so far."""
HELD = {
    "calendar_event": ("held", "confirmed", "completed"),
    "call_recording": ("held", "completed", "connected", "answered"),
}
"""States in which an event or call took place, by type of evidence; `confirmed` once its time has come. No other is."""
_PLACES = {
    "email": ("from", "to", "cc"),
    "calendar_event": ("organizer", "attendees"),
    "call_recording": ("participants",),
}
NOT_REACHED = frozenset(
    """
    busy call_failed canceled cancelled declined failed left_voicemail missed no_answer no_show noshow not_reached
    postponed rescheduled unanswered voicemail wrong_number
    """.split()  # noqa: SIM905 - fifteen words read better than fifteen quoted lines
)
"""Outcomes that say of a call or meeting that nobody was spoken to."""


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in an item of evidence: the mailbox and domain of the address, or the name where there is none."""

    mailbox: str | None
    domain: str | None
    name: str | None


def participants(evidence_type: str, parts: Mapping[str, Any]) -> list[Participant]:
    """Return who took part. Of a meeting: those who were there, or did not say no where nobody noted it."""
    given = list(islice(_entries(evidence_type, parts), MOST_PARTICIPANTS))
    read = [(_participant(entry), _was_there(entry)) for entry in given]
    # Who called the meeting and then stayed away is listed twice.
    absent = {participant for participant, was_there in read if not was_there}
    return [participant for participant, _ in read if participant and participant not in absent]


def _entries(evidence_type: str, parts: Mapping[str, Any]) -> Iterator[Any]:
    for name in _PLACES.get(evidence_type, ()):
        value = parts.get(name)
        yield from value if isinstance(value, list) else () if value is None else (value,)


def _was_there(entry: Any) -> bool:
    if not isinstance(entry, dict):
        return True
    if isinstance(entry.get("attended"), bool):
        return bool(entry["attended"])
    return str(entry.get("response")).strip().lower() not in ("declined", "no")


def _participant(entry: Any) -> Participant | None:
    given = entry if isinstance(entry, dict) else {"email": entry}
    address, name = given.get("email"), given.get("name")
    mailbox = mailbox_key(_bare(address)) if isinstance(address, str) else None
    if mailbox:
        return Participant(mailbox, email_domain(mailbox), None)
    return Participant(None, None, person_key(name, None)) if isinstance(name, str) and name.strip() else None


def _bare(address: str) -> str:
    """Return the address of `Ana Ruiz <ana@northwind.example>`."""
    return address[:1_000].rpartition("<")[2].partition(">")[0]


def person_key(first: str | None, last: str | None) -> str | None:
    """Return a person's name in comparison form; None where it has no two parts: `Ana` alone is anybody."""
    person = parse_person((first or "")[:200], (last or "")[:200])
    return " ".join(sorted({person.given, *person.core})) if person.given and person.core else None


def is_not_reached(outcome: str | None) -> bool:
    """Say whether an outcome, as an agent or a dialler writes it, says that nobody was spoken to."""
    return "_".join((outcome or "").lower().replace("-", " ").replace("_", " ").split()) in NOT_REACHED


def parts_of(text: str | None) -> Mapping[str, Any]:
    """Return the parts of an item that was cut down to what stands here; nothing where it cannot be read."""
    try:
        parts = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return parts if isinstance(parts, dict) else {}
