"""What a write of a whole comes to: a sequence that is started, a merge, a record that is taken back. Reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wb_pipeline.apply.compare import Rules, is_same
from wb_pipeline.apply.marks import PREFIX, marks, ours
from wb_pipeline.apply.model import Write
from wb_pipeline.apply.pointing import points_to
from wb_pipeline.apply.prepared import Prepared, values
from wb_pipeline.apply.references import CREATABLE
from wb_pipeline.connectors.writing import KEY_FIELD, CrmRecord
from wb_pipeline.normalize.fields import is_empty

OPT_OUTS = ("email_opt_out", "do_not_contact")
"""Fields in which somebody said that they do not want to be contacted (HIA-2)."""

_OURS = ("ai_writeback_", "ai_suggested_")


def gone(record: CrmRecord) -> str:
    """Return why a record cannot be written to any more; nothing if it can."""
    if record.merged_into:
        return "the record was merged into another one"
    return "the record is archived" if record.is_archived else ""


def is_opted_out(record: CrmRecord) -> bool:
    """Say whether the person asked not to be contacted."""
    return any(says_yes(record.fields.get(name)) for name in OPT_OUTS)


def enrolment(write: Write, record: CrmRecord) -> Prepared:
    """Start a sequence, unless the person opted out since it was approved (TRG-1)."""
    if is_opted_out(record):
        note = "the person asked not to be contacted since it was approved"
        return Prepared(write, "conflict", None, before=values(record, OPT_OUTS), note=note)
    named = {name: value for name, value in write.payload.items() if not is_empty(value)}
    fields = {**named, f"{write.object}_id": write.record_id, "status": "active"}
    return Prepared(write, "send", None, fields, marks(write, write.key, fields, {}))


def merge(write: Write, records: Mapping[tuple[str, str], CrmRecord], rules: Rules) -> Prepared:
    """Merge two records that are both still there, and what they were when it was approved (RVW-2).

    What the survivor lacks it takes from the other one.
    """
    survivor_id, loser_id = str(write.payload["survivor"]), str(write.payload["loser"])
    survivor, loser = records.get((write.object, survivor_id)), records.get((write.object, loser_id))
    if survivor is None or loser is None:
        return Prepared(write, "conflict", survivor_id, note="one of the two records is not there")
    if loser.merged_into == survivor_id:
        return Prepared(write, "already_so", survivor_id, note="they are merged already")
    problem = gone(survivor) or gone(loser)
    if problem or survivor_id == loser_id:
        return Prepared(write, "conflict", survivor_id, note=problem or "both names are one record")
    if changed := [*_changed_since_seen(write, survivor, rules), *_changed_since_seen(write, loser, rules)]:
        note = f"{', '.join(changed)}: somebody changed it since the merge was approved; pull the CRM, look again"
        return Prepared(write, "conflict", survivor_id, before=values(survivor, survivor.fields), note=note)
    fields = {**_filled(survivor, loser), **dict(write.payload.get("fields") or {}), **_opted_out(survivor, loser)}
    told = marks(write, write.key, fields, survivor.fields)
    return Prepared(write, "send", survivor_id, fields, told, values(survivor, fields), values(survivor, fields))


def _changed_since_seen(write: Write, record: CrmRecord, rules: Rules) -> list[str]:
    """Return the fields that somebody else changed: two people may no longer be one, and no merge can be undone.

    References do not count: an earlier merge moves them.
    """
    if record.record_id not in write.seen:
        return []
    seen, not_theirs = write.seen[record.record_id], ours(record.fields) | CREATABLE.keys()
    return [
        f"{record.record_id} {name}"
        for name in sorted({*seen, *record.fields} - not_theirs)
        if not name.startswith(_OURS)
        if not is_same(record.fields.get(name), seen.get(name), _rule(rules, write, name))
    ]


def pointed_to(write: Write, records: Mapping[tuple[str, str], CrmRecord]) -> str:
    """Return which records still point to the one that is put away; nothing if none does (AUD-4)."""
    found = [record for place in sorted(write.referrers) if (record := records.get(place)) and not gone(record)]
    names = [each.record_id for each in found if points_to(each, write.object, write.record_id)]
    return f"{', '.join(names[:10])} points to it: take that back, or let it point elsewhere, first" if names else ""


def archive(write: Write, record: CrmRecord, rules: Rules) -> Prepared:
    """Take back a record that we made, if nobody touched it since (AUD-4)."""
    made = {part.field: part for part in write.parts}
    changed = sorted(
        name
        for name in {*record.fields, *made}
        if not name.startswith(_OURS)
        if not is_same(record.fields.get(name), made[name].base if name in made else None, _rule(rules, write, name))
    )
    before = values(record, made)
    if changed:
        note = f"{', '.join(changed)}: somebody changed the record since it was made"
        return Prepared(write, "conflict", record.record_id, before=before, note=note)
    return Prepared(write, "send", record.record_id, {}, {KEY_FIELD: write.key}, before, before)


def _rule(rules: Rules, write: Write, name: str) -> Any:
    return rules.get((write.object, name))


def _filled(survivor: CrmRecord, loser: CrmRecord) -> dict[str, Any]:
    return {
        name: value
        for name, value in values(loser, loser.fields).items()
        if is_empty(survivor.fields.get(name)) and not is_empty(value) and not name.startswith(PREFIX)
    }


def _opted_out(survivor: CrmRecord, loser: CrmRecord) -> dict[str, Any]:
    """Return the opt-outs that the survivor takes over: one of either holds for both."""
    return {
        name: True for name in OPT_OUTS if says_yes(loser.fields.get(name)) and not says_yes(survivor.fields.get(name))
    }


def says_yes(value: Any) -> bool:
    """Say whether a value is a yes, however the CRM writes it."""
    return str(value).strip().lower() in ("true", "yes", "1")
