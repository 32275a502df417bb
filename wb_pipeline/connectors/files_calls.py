"""What a call does to the records of a folder: values, last writer, history, references. Nothing is stored here."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import canonical_json, text_hash
from wb_pipeline.connectors.files_row_text import Record, row_record, row_text
from wb_pipeline.connectors.writing import KEY_FIELD, Conflict, CrmAnswer, CrmCall, CrmError, Refused
from wb_pipeline.contract.times import read_time
from wb_pipeline.ledger.times import utc_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wb_pipeline.connectors.files_folder import CrmFolder
    from wb_pipeline.connectors.files_rowfile import RecordKey

REFERENCES: dict[str, tuple[str, ...]] = {
    "company": ("company_id",),
    "contact": ("contact_id", "primary_contact_id"),
    "deal": ("deal_id",),
}
"""The fields that point to a record of an object."""

_ID_CHARACTERS = 20
_TICK = timedelta(microseconds=1)


class Draft:
    """The records of a folder as they will be once the calls so far are written."""

    def __init__(self, folder: CrmFolder) -> None:
        self._folder = folder
        self.texts: dict[RecordKey, bytes] = {}
        self._written: dict[tuple[str, str], str] = {}

    def carry_out(self, call: CrmCall) -> CrmAnswer | CrmError:
        """Do what one call asks for, wholly or not at all."""
        try:
            return _DEEDS[call.action](self, call)
        except CrmError as error:
            return error
        except ValueError as error:
            return Refused(f"A value cannot be kept as JSON: {error}."[:300])

    def record(self, key: RecordKey) -> Record | None:
        """Return a record with what was drafted so far."""
        drafted = self.texts.get(key)
        return self._folder.record(key) if drafted is None else row_record(drafted)

    def live(self, object_name: str, record_id: str | None) -> Record:
        """Return a record that is there and not archived. Raises Refused or Conflict with what is the matter."""
        record = self.record((object_name, record_id or ""))
        if record is None:
            raise Refused(f"There is no {object_name} {record_id}.")
        if record.get("archived"):
            merged = record.get("merged_into")
            became = f"was merged into {merged}" if merged else "was archived"
            raise Conflict(f"The {object_name} {record_id} {became}.")
        return record

    def written_under(self, call: CrmCall) -> str | None:
        """Return the id of the record that carries the key of a call already."""
        place = (call.object, call.key)
        return self._written.get(place) or self._folder.written_under(*place)

    def put(self, call: CrmCall, records: Mapping[RecordKey, Record]) -> None:
        """Draft records of one call. Raises Refused, with nothing drafted, where one of them cannot be written."""
        texts = {}
        for key, record in records.items():
            self._folder.file_of(key)
            texts[key] = row_text(record, like=self.texts.get(key) or self._folder.text(key) or b"")
        self.texts |= texts
        for (object_name, record_id), record in records.items():
            if record["fields"].get(KEY_FIELD) == call.key:
                self._written[object_name, call.key] = record_id

    def pointing_to(self, object_name: str, record_id: str) -> Iterable[tuple[RecordKey, Record, list[str]]]:
        """Yield the live records with a reference to a record, and the fields that hold it."""
        names, needle = REFERENCES.get(object_name, ()), json.dumps(record_id)[1:-1].encode()
        for key in {**dict.fromkeys(self._folder.keys()), **dict.fromkeys(self.texts)} if names else ():
            text = self.texts.get(key) or self._folder.text(key) or b""
            # Most rows do not even hold the id's letters; escaped ones may hide them.
            if needle not in text and b"\\" not in text and record_id.isascii():
                continue
            record = self.record(key) or {}
            held = [name for name in names if _as_id(record["fields"].get(name)) == record_id]
            if held and not record.get("archived"):
                yield key, record, held


def _update(draft: Draft, call: CrmCall) -> CrmAnswer:
    record = draft.live(call.object, call.record_id)
    if _is_done(record, call):
        return CrmAnswer(call.record_id or "", "was written before")
    _expect(record, call)
    draft.put(call, {(call.object, call.record_id or ""): _stamped(record, call.fields, call)})
    return CrmAnswer(call.record_id or "", "written")


def _create(draft: Draft, call: CrmCall) -> CrmAnswer:
    earlier = draft.written_under(call)
    record_id = earlier or f"{call.object}-{text_hash(call.key)[:_ID_CHARACTERS]}"
    key = (call.object, record_id)
    # The id is made from the key: a record that has it is this one, whatever was written into it since.
    if earlier or draft.record(key):
        return CrmAnswer(record_id, "was created before")
    at = utc_text(call.sent_at)
    fields = {name: value for name, value in call.fields.items() if value is not None} | {KEY_FIELD: call.key}
    meta = {name: {"by": call.by, "at": at} for name in fields if name != KEY_FIELD}
    record = {"object": call.object, "id": record_id, "fields": fields, "meta": meta, "created_at": at}
    draft.put(call, {key: record | {"updated_at": at, "archived": False, "merged_into": None, "history": []}})
    return CrmAnswer(record_id, "created")


def _archive(draft: Draft, call: CrmCall) -> CrmAnswer:
    key = (call.object, call.record_id or "")
    standing = draft.record(key)
    if standing and _is_done(standing, call):
        return CrmAnswer(key[1], "was archived before")
    record = draft.live(*key)
    _expect(record, call)
    draft.put(call, {key: _stamped(record, call.fields, call) | {"archived": True}})
    return CrmAnswer(key[1], "archived")


def _merge(draft: Draft, call: CrmCall) -> CrmAnswer:
    survivor_id, loser_id = call.record_id or "", call.loser_id or ""
    survivor = draft.live(call.object, survivor_id)
    if _is_done(survivor, call):
        return CrmAnswer(survivor_id, "was merged before")
    if loser_id == survivor_id:
        raise Refused("A record cannot be merged into itself.")
    loser = draft.live(call.object, loser_id)
    _expect(survivor, call)
    changed = {
        (call.object, loser_id): _stamped(loser, {}, call, keyed=False)
        | {"archived": True, "merged_into": survivor_id},
        (call.object, survivor_id): _stamped(survivor, call.fields, call),
    }
    moved = 0
    for key, record, names in draft.pointing_to(call.object, loser_id):
        if key not in changed:
            changed[key] = _stamped(record, dict.fromkeys(names, survivor_id), call, keyed=False)
            moved += 1
    draft.put(call, changed)
    return CrmAnswer(survivor_id, f"merged; {moved} references moved")


_DEEDS = {"update": _update, "create": _create, "enroll": _create, "archive": _archive, "merge": _merge}


def _is_done(record: Record, call: CrmCall) -> bool:
    return bool(record["fields"].get(KEY_FIELD) == call.key)


def _expect(record: Record, call: CrmCall) -> None:
    for name, value in call.expected.items():
        if canonical_json(record["fields"].get(name)) != canonical_json(value):
            raise Conflict(f"{name} does not hold any more what it held when the change was decided.")


def _stamped(record: Record, fields: Mapping[str, Any], call: CrmCall, *, keyed: bool = True) -> Record:
    """Return the record with new values, their last writer, the history of what changed, and the call's key."""
    at = utc_text(call.sent_at)
    values, meta = dict(record["fields"]), dict(record.get("meta") or {})
    history = list(record.get("history") or [])
    for name, value in fields.items():
        old = values.get(name)
        if name != KEY_FIELD and canonical_json(old) != canonical_json(value):
            history.append({"field": name, "old": old, "new": value, "by": call.by, "at": at})
            meta[name] = {"by": call.by, "at": at}
            values[name] = value
    if keyed:
        values[KEY_FIELD] = call.key
    stamped = record | {"fields": values, "updated_at": _later(record.get("updated_at"), call)}
    return stamped | ({"meta": meta} if meta else {}) | ({"history": history} if history else {})


def _later(updated_at: str | None, call: CrmCall) -> str:
    """Return the time of the call, or just behind the row's own: the row written last has to be the one that counts."""
    earlier, sent = read_time(updated_at).at, read_time(utc_text(call.sent_at)).at
    if earlier is None or sent is None or earlier < sent:
        return utc_text(call.sent_at)
    return f"{(earlier + _TICK).isoformat(timespec='microseconds')}Z"


def _as_id(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
