"""What items are made from beside their sealed rows: policy, snapshots, kept values, standings. Makes no items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from wb_pipeline.ledger.kinds import ManifestCommitted, PolicyRegistered, SnapshotTaken, payload_of
from wb_pipeline.ledger.kinds_review import ItemReturned
from wb_pipeline.ledger.kinds_writes import KeptValuesErased
from wb_pipeline.review.automatic_deals import AutomaticDeals
from wb_pipeline.review.binding import Seen
from wb_pipeline.review.candidates import as_text, candidates_of, found_for
from wb_pipeline.review.kept_files import KeptFiles, KeptRecord, RecordKey
from wb_pipeline.review.model import Candidate, read_json
from wb_pipeline.review.policies import Policies
from wb_pipeline.review.standing import STANDING_KINDS, Standing, Standings
from wb_pipeline.review.units import Unit

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger

FOLDED = STANDING_KINDS | {SnapshotTaken.kind, PolicyRegistered.kind, ManifestCommitted.kind}
"""The kinds of events that a context takes anything from."""
_UNKNOWN: Mapping[str, Any] = {"amount": "unknown"}


class Context:
    """Everything of a home that review knows; fed with all events in the order of the ledger."""

    def __init__(self, home: Home, ledger: Ledger) -> None:
        self._ledger = ledger
        self.files = KeptFiles(home)
        self.policies = Policies(home)
        self.standings = Standings()
        self.automatic_deals = AutomaticDeals(home, ledger)
        self._evidence_of_manifest: dict[str, str] = {}
        self._moments: dict[int, datetime] = {}
        self._contents: dict[str, dict[str, str]] = defaultdict(dict)
        self._records: dict[str, dict[RecordKey, dict[str, Any]]] = defaultdict(dict)
        self._candidates: dict[str, dict[RecordKey, KeptRecord]] = defaultdict(dict)
        self._kept: dict[str, Any] = {}

    def fold(self, events: Sequence[Event]) -> set[str]:
        """Take events in; return the ids of the changes that they concern."""
        for event in events:
            if event.kind == SnapshotTaken.kind:
                self.files.note(event)
            elif event.kind in (PolicyRegistered.kind, ManifestCommitted.kind):
                self.policies.note(event)
                if event.kind == ManifestCommitted.kind:
                    manifest = payload_of(event, ManifestCommitted)
                    self._evidence_of_manifest[event.subject] = manifest.evidence_hash
            elif event.kind == ItemReturned.kind:
                self._moments[event.sequence] = datetime.fromisoformat(event.recorded_at)
            elif event.kind == KeptValuesErased.kind:
                for digest in payload_of(event, KeptValuesErased).digests:
                    self._kept.pop(digest, None)
        return self.standings.fold(events)

    def prepare(self, units: Sequence[Unit]) -> None:
        """Read at once what these units need from files and kept values, as far as it is not known yet."""
        cited: dict[str, set[str]] = defaultdict(set)
        records: dict[str, set[RecordKey]] = defaultdict(set)
        digests: set[str] = set()
        for unit in units:
            standing = self.standing_of(unit)
            cited[self.evidence_hash(unit, standing)] |= {str(each) for each in read_json(unit.row["evidence"]) or ()}
            for snapshot, key in self._records_of(unit, standing):
                records[snapshot].add(key)
            digests |= {each for each in _cited_by(standing) if each}
        for evidence, ids in cited.items():
            known = self._contents[evidence]
            if missing := ids - known.keys():
                known |= dict.fromkeys(missing, "") | self.files.evidence_contents(evidence, missing)
        for snapshot, keys in records.items():
            known_records = self._records[snapshot]
            if wanted := keys - known_records.keys():
                known_records |= self.files.records(snapshot, wanted)
        self._prepare_candidates(units)
        if unread := digests - self._kept.keys():
            self._kept |= {digest: read_json(text) for digest, text in self._ledger.kept(unread).items()}

    def _prepare_candidates(self, units: Sequence[Unit]) -> None:
        wanted: dict[str, set[RecordKey]] = defaultdict(set)
        for unit in units:
            if found := found_for(unit):
                shown = self._shown_crm(unit, self.standing_of(unit))
                wanted[shown] |= {(str(unit.row["object"]), each) for each in found}
        for snapshot, keys in wanted.items():
            known = self._candidates[snapshot]
            if missing := keys - known.keys():
                known |= self.files.kept_records(snapshot, missing)

    def standing_of(self, unit: Unit) -> Standing:
        """Return where a unit stands."""
        return self.standings.of(unit.item_id)

    def moment_of(self, sequence: int) -> datetime | None:
        """Return when an item was returned, by the event's sequence."""
        return self._moments.get(sequence)

    def evidence_hash(self, unit: Unit, standing: Standing) -> str:
        """Return the snapshot whose evidence is shown: the run's; once it was sent back, the latest one then."""
        if standing.returned_at:
            return self.files.latest("evidence", before=standing.returned_at)
        return self._evidence_of_manifest.get(unit.row["manifest_id"], "")

    def contents(self, evidence_hash: str) -> Mapping[str, str]:
        """Return {evidence id: hash of its content} of what was prepared."""
        return self._contents[evidence_hash]

    def contents_now(self, ids: Iterable[str]) -> dict[str, str]:
        """Return {evidence id: hash of its content} in the latest snapshot, "" for what is not there."""
        return dict.fromkeys(ids, "") | self.files.evidence_contents(self.files.latest("evidence"), ids)

    def edited(self, standing: Standing) -> Mapping[str, Any]:
        """Return {field: value} that a person wrote instead; empty where nobody did, or where it was erased."""
        found = self._kept.get(standing.edited_digest or "")
        return found if isinstance(found, dict) else {}

    def is_edit_erased(self, standing: Standing) -> bool:
        """Say whether a person's value was erased: nothing can be written then."""
        return standing.edited_digest is not None and standing.edited_digest not in self._kept

    def answer(self, standing: Standing) -> str:
        """Return what the CRM said to the last write that was not carried out, "" where it was erased."""
        return str(self._kept.get(standing.answer_digest or "", ""))

    def bases(self, unit: Unit, standing: Standing) -> dict[str, str | None]:
        """Return {change id: value that stands there as JSON text}: as sealed, or as it was found when it came back."""
        sealed = {row.change_id: row.row["old_value"] for row in unit.rows}
        if standing.picked and not standing.returned_at:
            return self._bases_of(unit, self._picked_fields(unit, standing))
        if not standing.returned_at:
            return sealed
        found = self._kept.get(standing.before_digest or "")
        if not isinstance(found, dict):
            found = self._record(self.files.latest("crm", before=standing.returned_at), _key(unit, standing))
        return sealed if found is None else self._bases_of(unit, found)

    def candidates(self, unit: Unit, standing: Standing) -> tuple[Candidate, ...]:
        """Return the records that a unit could mean, where nobody knows which, as they are shown."""
        known, name = self._candidates[self._shown_crm(unit, standing)], str(unit.row["object"])
        return candidates_of(unit, {key[1]: record for key, record in known.items() if key[0] == name})

    def seen(self, unit: Unit, standing: Standing, contents: Mapping[str, str], edited_digest: str | None) -> Seen:
        """Return what a person sees of a unit beyond its sealed rows, as it stood before what they decided last."""
        before = replace(standing, picked=standing.picked_before) if standing.approvals else standing
        offered = [(each.record_id, each.value) for each in self.candidates(unit, before)]
        return Seen(self.bases(unit, before), contents, edited_digest, before.picked, offered)

    def _shown_crm(self, unit: Unit, standing: Standing) -> str:
        """Return the snapshot whose records are shown: the run's; once it was sent back, the latest one then."""
        if standing.returned_at:
            return self.files.latest("crm", before=standing.returned_at)
        return str(unit.row["snapshot_hash"] or "")

    def _picked_fields(self, unit: Unit, standing: Standing) -> Mapping[str, Any]:
        record = self._candidates[self._shown_crm(unit, standing)].get(_key(unit, standing))
        return record.fields if record else {}

    def _bases_of(self, unit: Unit, found: Mapping[str, Any]) -> dict[str, str | None]:
        return {row.change_id: as_text(found.get(row.row["field"])) for row in unit.rows}

    def deals_of(self, name: str, record_id: str | None, payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Return the deals that are touched, as the latest snapshot has them; one that it lacks is worth who knows."""
        snapshot = self.files.latest("crm")
        return [self._record(snapshot, ("deal", each)) or _UNKNOWN for each in deal_ids(name, record_id, payload)]

    def merged(self, unit: Unit, standing: Standing) -> dict[str, dict[str, Any]]:
        """Return {record id: fields} of the records of an approved merge, as the books showed them to the approver."""
        found = {key[1]: self._record(snapshot, key) for snapshot, key in _merged_of(unit, standing, self.files)}
        return {record_id: fields for record_id, fields in found.items() if fields is not None}

    def _record(self, snapshot: str, key: RecordKey) -> dict[str, Any] | None:
        return self._records[snapshot].get(key)

    def _records_of(self, unit: Unit, standing: Standing) -> Iterable[tuple[str, RecordKey]]:
        latest = self.files.latest("crm")
        row = unit.row
        meant = [target_of(unit, standing), *found_for(unit)]
        yield from (
            (latest, ("deal", each))
            for record_id in meant
            for each in deal_ids(row["object"], record_id, payload_of_unit(unit))
        )
        yield from _merged_of(unit, standing, self.files)
        if standing.returned_at and not standing.before_digest:
            yield self.files.latest("crm", before=standing.returned_at), _key(unit, standing)


def _cited_by(standing: Standing) -> tuple[str | None, ...]:
    return standing.edited_digest, standing.before_digest, standing.answer_digest


def target_of(unit: Unit, standing: Standing) -> str | None:
    """Return the record that a unit is about: the one that was found, or that a person picked."""
    record_id = unit.row["record_id"]
    return standing.picked if record_id is None else str(record_id)


def _key(unit: Unit, standing: Standing) -> RecordKey:
    return str(unit.row["object"]), str(target_of(unit, standing))


def payload_of_unit(unit: Unit) -> Mapping[str, Any]:
    """Return what a trigger or a merge names; nothing for what has fields."""
    payload = None if unit.rows else read_json(unit.row["new_value"])
    return payload if isinstance(payload, dict) else {}


def _merged_of(unit: Unit, standing: Standing, files: KeptFiles) -> Iterable[tuple[str, RecordKey]]:
    """Return the snapshot and the keys of the records of an approved merge; nothing for anything else."""
    if unit.action != "merge" or not standing.approvals:
        return []
    shown = files.latest("crm", before=standing.approvals[-1].sequence)
    payload = payload_of_unit(unit)
    return [(shown, (str(unit.row["object"]), str(payload[name]))) for name in ("survivor", "loser") if name in payload]


def deal_ids(name: str | None, record_id: str | None, payload: Mapping[str, Any]) -> list[str]:
    """Return the ids of the deals that are touched: the record, and both of a merge."""
    if name != "deal":
        return []
    return sorted({str(each) for each in (record_id, payload.get("survivor"), payload.get("loser")) if each})
