"""The kinds of ledger events about pending changes and messages (EXC-1, EXC-2). The list of kinds is in `kinds`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wb_pipeline.ledger.payload import Count, Payload, Sha256

ShortText = Annotated[str, Field(min_length=1, max_length=500)]


class EvidenceAttached(Payload):
    """A person named evidence for a pending change. Subject: change id. The person is the event's `recorded_by`."""

    kind = "evidence_attached"
    evidence_id: ShortText
    reason: str


class ChangeProposedAgain(Payload):
    """A pending change was proposed once more, with evidence that it lacked. Subject: change id.

    `evidence_digest` covers all evidence that the new proposal cites; with the same, nothing is proposed a third time.
    """

    kind = "change_proposed_again"
    proposal_id: ShortText
    evidence_digest: Sha256
    evidence_hash: str


class NotificationSent(Payload):
    """A message left. Subject: its key, which says batch and address without naming the address.

    `channels`: the kinds of channels that took it; `changes`: how many changes, lines and breakers it tells of.
    """

    kind = "notification_sent"
    batch_key: Sha256
    channels: list[ShortText]
    changes: Count
    text_digest: Sha256


class NotificationFailed(Payload):
    """A channel did not take a message; the next `wb notify` tries again. Subject: the message's key."""

    kind = "notification_failed"
    batch_key: Sha256
    channel: ShortText
    reason: ShortText
