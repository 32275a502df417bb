"""The kinds of ledger events about people's decisions on queue items (RVW). The list of kinds is in `kinds`.

The subject of each is the item's id: the change id of an update's field, or of the action row of anything else. The
person is the event's `recorded_by`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wb_pipeline.ledger.payload import Count, Payload, Sha256

Words = Annotated[str, Field(max_length=2_000)]
ShortCode = Annotated[str, Field(max_length=80)]
Verb = Literal["approve", "reject", "accept", "dismiss"]


class ItemDecided(Payload):
    """A person decided on an item.

    `binding` covers what the person saw: target, base value, new value and evidence; the decision holds for nothing
    else (RVW-2). `edited_digest` cites a kept value: a JSON object {field: value} of what the person wrote instead.
    `group_id`: the same for all that were decided at once. Not `is_final`: somebody else has to approve it too.
    `record_id`: the record that a person picked, where nobody knew which one was meant; `binding` covers it.
    """

    kind = "item_decided"
    decision: Verb
    reason_code: ShortCode
    words: Words
    edited_digest: Sha256 | None
    binding: Sha256
    policy_hash: Sha256
    batch_key: Sha256
    group_id: ShortCode
    is_final: bool
    record_id: Annotated[str, Field(max_length=500)] | None = None


class DecisionRefused(Payload):
    """A person's decision came too late, or was about something that had changed: on record, without effect.

    `standing_sequence`: the event that stands instead; 0 where there is none.
    """

    kind = "decision_refused"
    decision: Verb
    reason: Literal["decided_already", "changed", "written", "expired"]
    standing_sequence: Count


class ItemReturned(Payload):
    """An approval, or an automatic write, is void, and the item waits for a person again.

    `approval_sequence`: the decision that is void; 0 for an automatic write.
    """

    kind = "item_returned"
    reason: Literal["value_changed", "evidence_changed", "policy_changed", "expired", "conflict", "refused", "gave_up"]
    approval_sequence: Count
    note: Annotated[str, Field(max_length=500)]


class ItemRejudged(Payload):
    """An item was judged again under another policy. An approval stands only if lane and objections are the same."""

    kind = "item_rejudged"
    policy_hash: Sha256
    lane: ShortCode
    objections_digest: Sha256
    stands: bool
