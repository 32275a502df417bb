"""Proposes pending changes again once the evidence that they lacked is there (EXC-1). Gates judge them as ever.

A proposal made here is its actor's, with more evidence and an id that says whose it is; it comes in as a batch file.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import canonical_json, content_hash
from wb_pipeline.contract.parse import NESTED_KEYS
from wb_pipeline.contract.read import open_rows
from wb_pipeline.ledger.durable import replace_text
from wb_pipeline.ledger.kinds import SnapshotTaken, payload_of
from wb_pipeline.ledger.kinds_people import ChangeProposedAgain
from wb_pipeline.ledger.manifests import manifests_of_batches
from wb_pipeline.steps.evidence_store import EvidenceStore
from wb_pipeline.steps.intake import received_batches
from wb_pipeline.steps.pending import Pending, pending_changes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import NewEvent
    from wb_pipeline.ledger.store import Ledger

_MARK = "~again-"
_LONGEST_ID = 150


@dataclass(frozen=True)
class ProposedAgain:
    """A batch file in the inbox, and the changes that it proposes again. No file where nothing was due."""

    path: Path | None
    change_ids: tuple[str, ...]


def propose_again(home: Home, ledger: Ledger, now: datetime) -> ProposedAgain:
    """Put what is due into the inbox and note it. Killed in between, the next call writes the same lines again.

    Due is a change that waits for evidence alone, where an item is now in the latest snapshot of the evidence that it
    cited in vain, that a person attached, or that came since and names its person's address.
    """
    groups: dict[str, list[Pending]] = defaultdict(list)
    for pending in pending_changes(home, ledger, now):
        if pending.expires_at > now.replace(tzinfo=None) and pending.is_for_evidence:
            groups[pending.proposal_key].append(pending)
    lines: list[str] = []
    events: list[NewEvent] = []
    if groups:
        desk = _Desk(home, ledger)
        for group in groups.values():
            if made := desk.proposal(group):
                lines.append(canonical_json(made) + "\n")
                events += desk.events(group, made)
    if not lines:
        return ProposedAgain(None, ())
    text = "".join(lines)
    path = home.inbox / f"again-{content_hash(text)[:16]}.jsonl"
    replace_text(path, text)
    ledger.append(events, recorded_by="pipeline")
    return ProposedAgain(path, tuple(event.subject for event in events))


class _Desk:
    """What all proposals of one call share: the evidence as it stands now and then, and the lines as they came in."""

    def __init__(self, home: Home, ledger: Ledger) -> None:
        taken = {payload_of(event, SnapshotTaken).source: event for event in ledger.events(SnapshotTaken.kind)}
        self._evidence_hash, self._crm_hash = taken["evidence"].subject, taken["crm"].subject
        # Not the time of the call: the same evidence makes the same lines.
        self._taken_at = payload_of(taken["evidence"], SnapshotTaken).taken_at
        self._store = EvidenceStore(home)
        self._manifests = manifests_of_batches(ledger)
        self._received = received_batches(home, ledger)
        self._lines: dict[str, dict[int, dict[str, Any]]] = {}

    def proposal(self, group: Sequence[Pending]) -> dict[str, Any] | None:
        """Return what the pending changes of one line make now; None where nothing new is there."""
        first, line = group[0], self._line(group[0])
        evidence = self._new_evidence(group, line) if line else []
        digest = content_hash(sorted({*first.evidence, *evidence}))
        if not line or not evidence or all(pending.again_digest == digest for pending in group):
            return None
        made = {name: value for name, value in line.items() if name != "idempotency_key"}
        made |= {
            "proposal_id": f"{first.proposal_id[:_LONGEST_ID]}{_MARK}{content_hash([first.proposal_key, digest])[:12]}",
            "batch_id": "again",
            "submitted_at": self._taken_at,
            "evidence": [*(line.get("evidence") or []), *({"ref": evidence_id} for evidence_id in evidence)],
            "again": {"changes": [pending.change_id for pending in group], "evidence": evidence},
        }
        if line.get("changes") and not any(pending.is_action for pending in group):
            # What was written meanwhile is not wanted a second time.
            made["changes"] = [line["changes"][int(pending.change_id.rsplit(":", 1)[1]) - 1] for pending in group]
        return made

    def events(self, group: Sequence[Pending], made: Mapping[str, Any]) -> Iterator[NewEvent]:
        """Yield what is noted of each change of a group."""
        digest = content_hash(sorted({*group[0].evidence, *made["again"]["evidence"]}))
        noted = ChangeProposedAgain(
            proposal_id=made["proposal_id"], evidence_digest=digest, evidence_hash=self._evidence_hash
        )
        for pending in group:
            yield noted.about(pending.change_id)

    def _new_evidence(self, group: Sequence[Pending], line: Mapping[str, Any]) -> list[str]:
        """Return the ids of what is new for a group; none while anything that it cites is still missing (EVD-2)."""
        cited = set(group[0].evidence)
        now = self._store.ids(self._evidence_hash)
        then = self._store.ids(self._manifests[group[0].batch_key].evidence_hash)
        if cited - now:
            return []
        attached = {each for pending in group for each in pending.attached} & now
        arrived = self._store.naming(self._evidence_hash, now - then, self._addresses(group[0], line))
        # What it cites already is repeated only as the reason for asking again.
        return sorted(({*attached, *arrived} - cited) or (cited - then))

    def _addresses(self, pending: Pending, line: Mapping[str, Any]) -> set[str]:
        """Return the addresses of the person that a proposal is about."""
        match = (line.get("target") or {}).get("match") or {}
        found = [(line.get("payload") or {}).get("email"), match.get("email")]
        if pending.record_id and pending.object in ("contact", "lead"):
            found.append(self._store.address_on_record(self._crm_hash, pending.object, pending.record_id))
        return {each for each in found if isinstance(each, str) and "@" in each}

    def _line(self, pending: Pending) -> dict[str, Any] | None:
        """Return the proposal as its actor sent it."""
        if pending.batch_key not in self._lines:
            rows = open_rows(self._received[pending.batch_key].path, nested=NESTED_KEYS).rows
            self._lines[pending.batch_key] = {
                row.number: row.mapping for row in rows if row.mapping and not row.problem
            }
        return self._lines[pending.batch_key].get(pending.line_number)
