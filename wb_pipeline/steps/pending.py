"""Pending changes as people see them: what waits, what expired, what was proposed again (EXC-1). Proposes nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_people import ChangeProposedAgain, EvidenceAttached
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.steps.published import read_published_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger

State = Literal["waiting", "expired", "proposed_again"]

_PENDING = """
select
    change_id, batch_key, line_number, proposal_key, proposal_id, actor_id, action, object, record_id, field, why,
    to_pass, evidence, expires_at
from rows order by line_number, change_id
"""
_KEPT = ("batch_key", "line_number", "proposal_key", "proposal_id", "actor_id", "object", "record_id", "expires_at")
_DENYING = "select change_id, gate from rows where verdict = 'deny'"
_ABOUT_EVIDENCE = "gate_evidence__"


@dataclass(frozen=True)
class Pending:
    """One denied change. `again` is the id under which it was proposed again last; `attached` what people named."""

    change_id: str
    batch_key: str
    line_number: int
    proposal_key: str
    proposal_id: str
    actor_id: str
    wanted: str
    object: str
    record_id: str | None
    why: str
    to_pass: str
    denied_by: frozenset[str]
    evidence: tuple[str, ...]
    expires_at: datetime
    state: State
    again: str = ""
    again_digest: str = ""
    attached: tuple[str, ...] = ()

    @property
    def is_action(self) -> bool:
        """Whether the whole action was denied."""
        return self.change_id.endswith(":0")

    @property
    def is_for_evidence(self) -> bool:
        """Whether evidence is all that it lacks: nothing else mends itself by waiting."""
        return bool(self.denied_by) and all(gate.startswith(_ABOUT_EVIDENCE) for gate in self.denied_by)


def pending_changes(home: Home, ledger: Ledger, now: datetime) -> list[Pending]:
    """Return every denied change on the books, oldest batch first, with its state at `now` (UTC)."""
    again = {event.subject: payload_of(event, ChangeProposedAgain) for event in ledger.events(ChangeProposedAgain.kind)}
    attached: dict[str, list[str]] = {}
    for event in ledger.events(EvidenceAttached.kind):
        attached.setdefault(event.subject, []).append(payload_of(event, EvidenceAttached).evidence_id)
    return list(_all_pending(home, ledger, now, again, attached))


def attach_evidence(  # noqa: PLR0913, PLR0917 - what is attached to what, by whom, why, when
    home: Home, ledger: Ledger, change_id: str, evidence_id: str, by: str, reason: str, now: datetime
) -> Event:
    """Note that a person names evidence for a pending change; `wb pending rejudge` proposes it again.

    Raises InputError without a name or an id, or for a change that is not pending any more.
    """
    if not (evidence_id.strip() and by.strip()):
        raise InputError("to attach needs the id of the evidence and the name of who attaches it")
    found = {each.change_id: each for each in pending_changes(home, ledger, now)}.get(change_id)
    if found is None:
        raise InputError(f"there is no pending change {change_id!r}", hint="`wb pending list` shows their ids")
    if found.expires_at <= now.replace(tzinfo=None):
        raise InputError(f"{change_id} expired at {found.expires_at}", hint="the actor has to propose it anew")
    event = EvidenceAttached(evidence_id=evidence_id, reason=reason).about(change_id)
    return ledger.append([event], recorded_by=by)[0]


def _all_pending(
    home: Home,
    ledger: Ledger,
    now: datetime,
    again: dict[str, ChangeProposedAgain],
    attached: dict[str, list[str]],
) -> Iterator[Pending]:
    moment = now.replace(tzinfo=None)
    for batch in sealed_batches(ledger):
        rows = read_published_once(home, batch.seal.batch_key, "pending_changes", _PENDING)
        denied_by = _denying_gates(home, batch.seal.batch_key, rows)
        for row in rows:
            change_id, proposed = row["change_id"], again.get(row["change_id"])
            kept: dict[str, Any] = {name: row[name] for name in _KEPT}
            wanted = [row["action"], row["object"], row["record_id"] or "(new)", row["field"]]
            yield Pending(
                change_id=change_id,
                wanted=" ".join(filter(None, wanted)),
                denied_by=denied_by[change_id],
                evidence=tuple(filter(None, json.loads(row["evidence"] or "[]"))),
                state="proposed_again" if proposed else "expired" if row["expires_at"] <= moment else "waiting",
                again=proposed.proposal_id if proposed else "",
                again_digest=proposed.evidence_digest if proposed else "",
                attached=tuple(attached.get(change_id, ())),
                why=row["why"] or "",
                to_pass=row["to_pass"] or "",
                **kept,
            )


def _denying_gates(home: Home, batch_key: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    """Return the gates that deny each change: its own and its action's; a create or log is denied as a whole."""
    own: dict[str, set[str]] = defaultdict(set)
    for found in read_published_once(home, batch_key, "objections", _DENYING) if rows else ():
        own[found["change_id"]].add(found["gate"])
    whole: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["action"] != "update" or row["change_id"].endswith(":0"):
            whole[row["proposal_key"]] |= own[row["change_id"]]
    return {row["change_id"]: frozenset(own[row["change_id"]] | whole[row["proposal_key"]]) for row in rows}
