"""Looking for the record that a create would make a second time: in the CRM, and among what was made a moment ago.

A search that fails raises CrmError: what is unknown is not sent (IDN-3, SYN-2).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from wb_pipeline.apply.identity import Claim, claims, claims_of, searches
from wb_pipeline.apply.model import Write
from wb_pipeline.apply.outbox import Outbox, kept_write
from wb_pipeline.apply.prepared import Prepared
from wb_pipeline.connectors.writing import KEY_FIELD, WritableCrm
from wb_pipeline.ledger.store import Ledger

FOUND_RECORDS = "found_records"
"""Under this name the value of a write that was not sent keeps the ids of the records that were in its way."""

_MOST_NAMED = 10
_FRESH = timedelta(minutes=10)
"""What our books made so long ago may not show itself yet to a search."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A live record that has a value which a create would give to another one. `is_own`: the write made it itself."""

    record_id: str
    object: str
    fields: tuple[str, ...]
    is_own: bool = False

    @property
    def words(self) -> str:
        """Name it, without any value: events are for ever."""
        return f"{self.object} {self.record_id} has the same {' and '.join(self.fields)}"


def find_twins(crm: WritableCrm, writes: Sequence[Write], made: Mapping[Claim, str]) -> dict[str, list[Twin]]:
    """Return by key of the write the live records that hold a value which its record would claim. Raises CrmError.

    `made`: what was made a moment ago, which a search may not show yet. Records that the approver was told of count no
    more.
    """
    wanted = {write.key: found for write in writes if (found := claims_of(write))}
    everything: frozenset[Claim] = frozenset().union(*wanted.values())
    holders: _Holders = defaultdict(dict)
    for claim in _still_held(crm, everything & made.keys(), made):
        holders[claim][made[claim]] = None
    for name, fields in sorted(searches(everything).items()):
        for record in crm.find_by_fields(name, {field: sorted(keys) for field, keys in fields.items()}):
            for claim in claims(name, record.fields) & everything:
                holders[claim][record.record_id] = record.fields.get(KEY_FIELD)
    return {write.key: _twins(write, wanted[write.key], holders) for write in writes if write.key in wanted}


_Holders = dict[Claim, dict[str, Any]]
"""Who holds a claim: record id -> the key of the write that stands on it."""


def _still_held(crm: WritableCrm, wanted: Iterable[Claim], made: Mapping[Claim, str]) -> Iterator[Claim]:
    """Yield the claims of fresh records, unless these are archived or were changed since; unseen is still there."""
    by_object: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(wanted):
        by_object[claim.object].append(claim)
    for name, held in by_object.items():
        records = crm.read(name, sorted({made[claim] for claim in held}))
        for claim in held:
            record = records.get(made[claim])
            if record is None or (not record.is_archived and claim in claims(name, record.fields)):
                yield claim


def _twins(write: Write, wanted: Iterable[Claim], holders: _Holders) -> list[Twin]:
    fields: dict[str, list[str]] = defaultdict(list)
    own: set[str] = set()
    for claim in sorted(wanted):
        for record_id, key in holders.get(claim, {}).items():
            if claim.field not in fields[record_id]:
                fields[record_id].append(claim.field)
            own |= {record_id} if key == write.key else set()
    found = (Twin(each, write.made_object, tuple(names), each in own) for each, names in sorted(fields.items()))
    return [twin for twin in found if twin.is_own or twin.record_id not in write.seen]


def in_words(twins: Sequence[Twin]) -> str:
    """Return what is in the way of a create, for a person who decides anew."""
    return "; ".join(twin.words for twin in twins[:_MOST_NAMED])


def told(twins: Sequence[Twin]) -> dict[str, Any]:
    """Return what is kept of a create that was not sent: which records its next approver is told of."""
    return {FOUND_RECORDS: [twin.record_id for twin in twins[:_MOST_NAMED]]}


def with_told(writes: Sequence[Write], outbox: Outbox, ledger: Ledger) -> list[Write]:
    """Return the writes, the creates among them with the records that were found before they were approved anew."""
    before = {write.key: _told_before(write, outbox) for write in writes if claims_of(write)}
    kept = ledger.kept({digest for digests in before.values() for digest in digests})
    seen = {key: [each for digest in digests for each in _records(kept.get(digest))] for key, digests in before.items()}
    return [
        replace(write, seen={each: {} for each in found}) if (found := seen.get(write.key)) else write
        for write in writes
    ]


def _told_before(write: Write, outbox: Outbox) -> list[str]:
    entry = outbox.entries.get(write.key)
    if entry is None or not write.approvals:
        return []
    return [digest for sequence, digest in entry.found if sequence < min(write.approvals)]


def _records(kept: str | None) -> list[str]:
    return [str(each) for each in json.loads(kept or "{}").get(FOUND_RECORDS, [])]


def freshly_made(ledger: Ledger, outbox: Outbox) -> dict[Claim, str]:
    """Return what records claim that our books made a moment ago."""
    since = ledger.clock() - _FRESH
    fresh = [
        entry
        for entry in outbox.entries.values()
        if entry.planned.action in ("create", "log") and entry.settled and entry.settled.outcome == "written"
        if entry.settled.record_id and datetime.fromisoformat(entry.settled_at) >= since
    ]
    kept = kept_write(ledger, fresh)
    return {
        claim: entry.settled.record_id
        for entry in fresh
        if entry.settled and entry.settled.record_id
        for claim in claims(entry.planned.object, kept.get(entry.key, {}).get("fields", {}))
    }


def second_ones_wait(prepared: Iterable[Prepared]) -> list[Prepared]:
    """Return what a dry run shows: of several creates of one record only the first would be sent."""
    taken: set[Claim] = set()
    found: list[Prepared] = []
    for each in prepared:
        wanted = claims_of(each.write) if each.state == "send" else frozenset()
        if taken.isdisjoint(wanted):
            found.append(each)
        else:
            found.append(Prepared(each.write, "waits", None, note="another write of this run makes the same record"))
        taken |= wanted
    return found
