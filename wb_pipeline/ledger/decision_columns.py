"""The columns of a sealed decision, their types, and which of them hold personal values. One list for all readers.

Grain: change. Times are UTC without zone, JSON travels as text.
"""

from __future__ import annotations

DECISION_COLUMNS: dict[str, str] = {
    "manifest_id": "VARCHAR",
    "batch_key": "VARCHAR",
    "line_number": "BIGINT",
    "proposal_key": "VARCHAR",
    "proposal_id": "VARCHAR",
    "change_id": "VARCHAR",
    "ordinal": "BIGINT",
    "is_action_row": "BOOLEAN",
    "batch_label": "VARCHAR",
    "content_hash": "VARCHAR",
    "idempotency_key": "VARCHAR",
    "actor_type": "VARCHAR",
    "actor_id": "VARCHAR",
    "actor_model": "VARCHAR",
    "workflow_id": "VARCHAR",
    "source": "VARCHAR",
    "action": "VARCHAR",
    "effective_action": "VARCHAR",
    "object": "VARCHAR",
    "record_id": "VARCHAR",
    "field": "VARCHAR",
    "operation": "VARCHAR",
    "lane": "VARCHAR",
    "proposal_lane": "VARCHAR",
    "repeats_change_id": "VARCHAR",
    "case_id": "VARCHAR",
    "reason_codes": "VARCHAR",
    "objections": "VARCHAR",
    "labels": "VARCHAR",
    "suggestion_field": "VARCHAR",
    "match_method": "VARCHAR",
    "match_probability": "DOUBLE",
    "match_weight": "DOUBLE",
    "match_reason": "VARCHAR",
    "confidence": "DOUBLE",
    "effective_confidence": "DOUBLE",
    "policy_hash": "VARCHAR",
    "snapshot_hash": "VARCHAR",
    "evidence": "VARCHAR",
    "submitted_at": "TIMESTAMP",
    "decided_at": "TIMESTAMP",
    "old_value": "VARCHAR",
    "new_value": "VARCHAR",
    "seen_value": "VARCHAR",
    "rationale": "VARCHAR",
    "causation": "VARCHAR",
    "expires_at": "TIMESTAMP",
    "owner_id": "VARCHAR",
    "deed_key": "VARCHAR",
}

# NULL where a decisions table does not have it. `causation`: JSON {root, parent, depth, path}. `deed_key`: what the
# change would do, as a key by which a later one like it is known; it holds values, so it is erasable.
OPTIONAL_COLUMNS = frozenset({"causation"})

# Erasable (AUD-6): in the segment stands a salted digest of each, the value lies beside it.
PERSONAL_COLUMNS = ("old_value", "new_value", "seen_value", "rationale", "objections", "match_reason", "deed_key")

# The order of rows in a sealed file; change ids are unique, so there is only one.
ROW_ORDER = "batch_key, line_number, ordinal, change_id"

LANES = ("auto", "suggest", "review", "deny", "quarantine", "noop")


def digest_column(column: str) -> str:
    """Return the name of the column that stands in the segment for a personal one."""
    return f"{column}_digest"


# Columns of a segment file, in order.
SEGMENT_COLUMNS = tuple(digest_column(column) if column in PERSONAL_COLUMNS else column for column in DECISION_COLUMNS)

# Columns of a values file, in order; `erased_sequence` marks a tombstone by the ledger event that allowed it.
VALUES_COLUMNS = ("change_id", "salt", *PERSONAL_COLUMNS, "erased_sequence")
