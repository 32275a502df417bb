"""What is told of writes around us: one message per comparison that raised an alarm (AUD-5). Without values."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wb_pipeline.canonical import content_hash
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_writes import ChangeSeenAround, SnapshotCompared
from wb_pipeline.ledger.manifests import manifests_of_batches, sealed_batches
from wb_pipeline.notify.addresses import AddressBook
from wb_pipeline.notify.digests import MOST_LINES, Message, word
from wb_pipeline.policy.store import read_policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger


def alarm_messages(home: Home, ledger: Ledger, now: datetime) -> Iterator[Message]:
    """Yield a message per comparison with alarms, to where an opened breaker is told of.

    An alarm as old as an expired pending change is not told of any more: a home that never sent starts quietly.
    """
    compared = [event for event in ledger.events(SnapshotCompared.kind) if event.payload["alarms"]]
    batches = sealed_batches(ledger)
    if not compared or not batches:
        return
    manifest = manifests_of_batches(ledger)[batches[-1].seal.batch_key]
    life = timedelta(days=read_policy(home, manifest.policy_hash).document.limits.pending_expires_days)
    address = AddressBook.of(home, manifest).address("breaker_opened")
    for event in compared:
        if datetime.fromisoformat(event.recorded_at) + life > now:
            yield _message(event, _alarms(ledger, event), address)


def _alarms(ledger: Ledger, compared: Event) -> list[Event]:
    """Return the alarms that came to the books with a comparison: they stand right before it."""
    first = compared.sequence - payload_of(compared, SnapshotCompared).changes
    seen = ledger.events(ChangeSeenAround.kind, after=first - 1)
    return [event for event in seen if event.sequence < compared.sequence and event.payload["is_alarm"]]


def _message(compared: Event, alarms: list[Event], address: str) -> Message:
    key = content_hash(["around", compared.sequence, address])
    lines = [f"- {_line(event)}" for event in alarms[:MOST_LINES]]
    lines += [f"- and {len(alarms) - MOST_LINES} more"] if len(alarms) > MOST_LINES else []
    subject = f"ALARM: {len(alarms)} writes to the CRM around us [{key[:10]}]"
    text = "\n".join([f"Written by an agent around us (`wb audit around`): {len(alarms)}", *lines]) + "\n"
    return Message(key, compared.subject, address, subject, text, len(alarms))


def _line(event: Event) -> str:
    object_name, record_id, field = json.loads(event.subject)
    return f"{word(object_name)} {word(record_id)} {word(field)}, by {word(event.payload['by'] or 'somebody')}"
