"""Sends what is due, each message once; what a channel refuses stays due and is shown (EXC-2, EXC-3). No texts here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from filelock import FileLock

from wb_pipeline.canonical import content_hash
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_people import NotificationFailed, NotificationSent
from wb_pipeline.ledger.manifests import manifests_of_batches, sealed_batches
from wb_pipeline.notify.addresses import AddressBook
from wb_pipeline.notify.alarms import alarm_messages
from wb_pipeline.notify.channels import ChannelError
from wb_pipeline.notify.digests import messages_of
from wb_pipeline.policy.store import read_policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import NewEvent
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.notify.channels import Channel
    from wb_pipeline.notify.digests import Message


@dataclass(frozen=True)
class DueMessage:
    """A message that nobody got yet, how often it failed, and the last reason."""

    message: Message
    failures: int
    last_reason: str


@dataclass(frozen=True)
class SendReport:
    """What one round did."""

    sent: tuple[Message, ...]
    failed: tuple[DueMessage, ...]


def due_messages(home: Home, ledger: Ledger, now: datetime) -> list[DueMessage]:
    """Return the messages that are due: alarms first, then the oldest batch.

    A batch whose pending changes have expired by now is too old to be told of: a home that never sent starts quietly.
    """
    sent = {event.subject for event in ledger.events(NotificationSent.kind)}
    failed = ledger.events(NotificationFailed.kind)
    failures = Counter(event.subject for event in failed)
    reasons = {event.subject: payload_of(event, NotificationFailed).reason for event in failed}
    return [
        DueMessage(message, failures[message.key], reasons.get(message.key, ""))
        for message in (*alarm_messages(home, ledger, now), *_messages(home, ledger, now))
        if message.key not in sent
    ]


def send_due(home: Home, ledger: Ledger, channels: Mapping[str, Channel], now: datetime) -> SendReport:
    """Send what is due through every channel and note it; one round at a time.

    Killed between a channel and the note, a message goes out again, with the same reference in its subject.
    """
    sent, failed = [], []
    with FileLock(home.root / "notify.lock"):
        for due in due_messages(home, ledger, now):
            problem = _send(due.message, channels)
            if problem is None:
                ledger.append([_sent(due.message, channels)], recorded_by="pipeline")
                sent.append(due.message)
            else:
                ledger.append([problem.about(due.message.key)], recorded_by="pipeline")
                failed.append(DueMessage(due.message, due.failures + 1, problem.reason))
    return SendReport(tuple(sent), tuple(failed))


def _messages(home: Home, ledger: Ledger, now: datetime) -> Iterator[Message]:
    manifests = manifests_of_batches(ledger)
    for batch in sealed_batches(ledger):
        manifest = manifests[batch.seal.batch_key]
        days = read_policy(home, manifest.policy_hash).document.limits.pending_expires_days
        if manifest.clock_at + timedelta(days=days) > now:
            yield from messages_of(home, ledger, batch, AddressBook.of(home, manifest))


def _send(message: Message, channels: Mapping[str, Channel]) -> NotificationFailed | None:
    for name, channel in channels.items():
        try:
            channel(message)
        except ChannelError as error:
            return NotificationFailed(batch_key=message.batch_key, channel=name, reason=str(error)[:500])
        except Exception as error:  # noqa: BLE001 - a channel of somebody else's may raise anything; its text may hold a secret
            return NotificationFailed(batch_key=message.batch_key, channel=name, reason=type(error).__name__)
    return None


def _sent(message: Message, channels: Mapping[str, Channel]) -> NewEvent:
    return NotificationSent(
        batch_key=message.batch_key,
        channels=list(channels),
        changes=message.changes,
        text_digest=content_hash(message.text),
    ).about(message.key)
