"""One valid proposal to its rows: line, changes, citations. No checking: only what the model accepted comes here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import canonical_json
from wb_pipeline.contract.extra_keys import extra_json
from wb_pipeline.contract.times import read_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wb_pipeline.contract.models_proposal import Change, Proposal

_OPERATIONS = frozenset({"set", "append"})
_ACTIONS_WITHOUT_FIELDS = frozenset({"trigger", "merge"})


def line_columns(proposal: Proposal) -> tuple[Any, ...]:
    """Return the columns of PROPOSAL_LINES from `proposal_id` on."""
    actor, target, cause = proposal.actor, proposal.target, proposal.causation
    submitted, read = read_time(proposal.submitted_at), read_time(proposal.read_at)
    return (
        proposal.proposal_id,
        proposal.batch_id,
        proposal.idempotency_key,
        proposal.submitted_at,
        submitted.at,
        proposal.read_at,
        read.at,
        submitted.is_without_zone or read.is_without_zone,
        submitted.is_unreadable or read.is_unreadable,
        actor.type,
        actor.id,
        actor.model or actor.provider,
        proposal.workflow_id,
        folded(proposal.action),
        folded(proposal.object),
        target.id if target else None,
        canonical_json(target.match) if target and target.match else None,
        proposal.confidence,
        proposal.source,
        proposal.rationale,
        cause.root if cause else None,
        cause.parent if cause else None,
        cause.depth if cause else None,
        canonical_json(cause.path) if cause and cause.path is not None else None,
        canonical_json(proposal.payload) if proposal.payload else "{}",
        extra_json(proposal),
    )


def change_rows(proposal: Proposal, proposal_key: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of PROPOSAL_CHANGES but their batch key: the action as a whole, then one per field.

    An update lists its fields in `changes`, a create or log in `payload`; triggers and merges have none. A proposal
    with an action that nobody knows has a row for all it lists, so that each is denied by name.
    """
    yield (proposal_key, f"{proposal_key}:0", 0, True, None, "set", None, False, None)
    ordinal = 0
    for change in proposal.changes or ():
        ordinal += 1
        value, has_seen = canonical_json(change.value), "seen" in change.model_fields_set
        seen = canonical_json(change.seen) if has_seen else None
        change_id = f"{proposal_key}:{ordinal}"
        yield (proposal_key, change_id, ordinal, False, change.field, _operation(change), value, has_seen, seen)
    if proposal.payload and folded(proposal.action) not in _ACTIONS_WITHOUT_FIELDS:
        for field, value in proposal.payload.items():
            ordinal += 1
            change_id = f"{proposal_key}:{ordinal}"
            yield (proposal_key, change_id, ordinal, False, field, "set", canonical_json(value), False, None)


def citation_rows(proposal: Proposal, proposal_key: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of PROPOSAL_CITATIONS but their batch key, numbered from 1; an item cited twice has two rows."""
    for ordinal, citation in enumerate(proposal.evidence or (), start=1):
        yield (proposal_key, ordinal, citation.ref, citation.quote, citation.at)


def folded(text: str) -> str:
    """Return a word as gates compare it: without space around it, in small letters."""
    return text.strip().lower()


def _operation(change: Change) -> str:
    if change.op is None:
        return "set"
    operation = folded(change.op)
    return operation if operation in _OPERATIONS else change.op
