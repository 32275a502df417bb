"""Read, compare, decide: what a write would do to the record as it is now (SYN-3, OVW-1). Sends and records nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from wb_pipeline.apply.compare import PolicyRules, is_same, standing
from wb_pipeline.apply.marks import marks, verified
from wb_pipeline.apply.model import Part, Write
from wb_pipeline.apply.parents import ParentGoneError, gone_since, meant, parents_named, read_places
from wb_pipeline.apply.pointing import with_referrers
from wb_pipeline.apply.prepare_whole import archive, enrolment, gone, merge, pointed_to
from wb_pipeline.apply.prepared import Prepared, values
from wb_pipeline.apply.references import References
from wb_pipeline.apply.twins import Twin, find_twins, in_words, told
from wb_pipeline.connectors.writing import CrmRecord, WritableCrm
from wb_pipeline.normalize.fields import is_empty

_Records = Mapping[tuple[str, str], CrmRecord]


class Preparer:
    """Holds writes against one CRM. Raises CrmError where the CRM cannot be read."""

    def __init__(self, crm: WritableCrm, rules: PolicyRules, references: References) -> None:
        self._crm = crm
        self._rules = rules
        self._references = references

    def prepare(self, given: Sequence[Write]) -> list[Prepared]:
        """Return what each write comes to; one whose parts fare differently becomes two."""
        writes = with_referrers(self._crm, given)
        records = self._read(writes)
        found = self._found(writes)
        twins = self._twins([write for write in writes if write.key not in found])
        found |= {key: each.record_id for key, same in twins.items() for each in same if each.is_own}
        prepared: list[Prepared] = []
        for write in writes:
            if (key := write.key) in found:
                prepared.append(Prepared(write, "found", found[key], note="it was in the CRM already, under its key"))
            elif same := twins.get(key):
                prepared.append(Prepared(write, "conflict", None, before=told(same), note=in_words(same)))
            else:
                prepared += self._prepared(write, records)
        return prepared

    def torn(self, prepared: Sequence[Prepared]) -> dict[str, str]:
        """Return by key why a write no longer fits what was compared: asked before another try."""
        writes = [each.write for each in prepared]
        records = self._read(writes)
        changed = "somebody changed it before it could be sent again"
        torn = {each.key: changed for each in prepared if not _still_stands(each, records)}
        torn |= {each.key: words for each in prepared if (words := gone_since(each, records))}
        return torn | {key: in_words(same) for key, same in self._twins(writes).items() if same}

    def stands(self, prepared: Sequence[Prepared]) -> dict[str, dict[str, Any]]:
        """Return by key what stands in the fields that a write expected to be otherwise, or which record does."""
        writes = [each.write for each in prepared]
        records = self._read(writes)
        found = {each.key: records.get((each.write.object, each.record_id or "")) for each in prepared}
        standing = {each.key: values(record, each.expected) for each in prepared if (record := found[each.key])}
        return standing | {key: told(same) for key, same in self._twins(writes).items() if same}

    def _twins(self, writes: Sequence[Write]) -> dict[str, list[Twin]]:
        return find_twins(self._crm, writes, self._references.made)

    def _read(self, writes: Sequence[Write]) -> _Records:
        named = {place for write in writes for place in parents_named(write, self._references)}
        return read_places(self._crm, named.union(*(write.records for write in writes)))

    def _found(self, writes: Sequence[Write]) -> dict[str, str]:
        """Return what stands in the CRM already: a record is never made twice, whatever became of our books."""
        wanted: dict[str, list[str]] = defaultdict(list)
        for write in writes:
            if write.makes_record:
                wanted[write.made_object].append(write.key)
        found: dict[str, str] = {}
        for name, keys in sorted(wanted.items()):
            found |= self._crm.find_by_key(name, sorted(keys))
        return found

    def _prepared(self, write: Write, records: _Records) -> list[Prepared]:
        if write.action in ("create", "log"):
            return [self._new_record(write, records)]
        if write.record_id is None:
            return [Prepared(write, "waits", None, note="it names no record that is known")]
        if write.action == "merge":
            return [merge(write, records, self._rules.of(write.policy_hash))]
        record = records.get((write.object, write.record_id))
        problem = gone(record) if record else "the record is not there"
        if record is None or problem:
            return [Prepared(write, "conflict", write.record_id, note=problem)]
        return self._to_record(write, record, records)

    def _to_record(self, write: Write, record: CrmRecord, records: _Records) -> list[Prepared]:
        if write.is_archiving:
            if note := pointed_to(write, records):
                return [Prepared(write, "waits", write.record_id, note=note)]
            return [archive(write, record, self._rules.of(write.policy_hash))]
        if write.action == "trigger":
            return [enrolment(write, record)]
        return self._update(write, record, records)

    def _new_record(self, write: Write, records: _Records) -> Prepared:
        fields: dict[str, Any] = {}
        notes: list[str] = []
        for part in write.parts:
            try:
                value, note = meant(write, part, records, self._references)
            except KeyError:
                return _waits(write, part)
            except ParentGoneError as error:
                return Prepared(write, "conflict", None, note=str(error))
            notes += [note] if note else []
            if not is_empty(value):
                fields[part.field] = value
        if write.action == "log":
            fields["verified"] = verified(write)
        return Prepared(write, "send", None, fields, marks(write, write.key, fields, {}), note="; ".join(notes))

    def _update(self, write: Write, record: CrmRecord, records: _Records) -> list[Prepared]:
        rules = self._rules.of(write.policy_hash)
        torn: list[Part] = []
        wanted: dict[str, Any] = {}
        for part in write.parts:
            try:
                value, _ = meant(write, part, records, self._references)
            except KeyError:
                return [_waits(write, part)]
            except ParentGoneError as error:
                return [Prepared(write, "conflict", record.record_id, before=_standing(write, record), note=str(error))]
            found = standing(part, value, record.fields, rules.get((write.object, part.checked)))
            if found.state == "conflict":
                torn.append(part)
            elif found.state == "write":
                wanted[part.field] = found.wanted
        rest = [part for part in write.parts if part not in torn]
        prepared = [_conflict(write.with_parts(torn) if rest else write, torn, record)] if torn else []
        return prepared + ([_sendable(write.with_parts(rest) if torn else write, wanted, record)] if rest else [])


def _still_stands(prepared: Prepared, records: _Records) -> bool:
    if not prepared.expected:
        return True
    record = records.get((prepared.write.object, prepared.record_id or ""))
    if record is None or gone(record):
        return False
    return all(is_same(record.fields.get(name), value) for name, value in prepared.expected.items())


def _standing(write: Write, record: CrmRecord) -> dict[str, Any]:
    return values(record, [part.checked for part in write.parts])


def _waits(write: Write, part: Part) -> Prepared:
    return Prepared(write, "waits", write.record_id, note=f"{part.field} names a record that is not made yet")


def _conflict(write: Write, torn: Sequence[Part], record: CrmRecord) -> Prepared:
    names = [part.checked for part in torn]
    note = f"{', '.join(names)}: somebody changed it since it was judged"
    return Prepared(write, "conflict", record.record_id, before=values(record, names), note=note)


def _sendable(write: Write, wanted: Mapping[str, Any], record: CrmRecord) -> Prepared:
    """Return an update of what is not so yet; a suggestion that was accepted leaves its field, if it is still ours."""
    fields = dict(wanted)
    for part in write.parts:
        standing_suggestion = record.fields.get(part.clears[0]) if part.clears else None
        if part.clears and not is_empty(standing_suggestion) and is_same(standing_suggestion, part.clears[1]):
            fields[part.clears[0]] = None
    if not fields:
        names = [part.field for part in write.parts]
        return Prepared(write, "already_so", record.record_id, before=values(record, names))
    checked = [part.checked for part in write.parts if part.field in wanted]
    told = marks(write, write.key, fields, record.fields)
    expected = values(record, [*checked, *fields])
    return Prepared(write, "send", record.record_id, fields, told, values(record, fields), expected)
