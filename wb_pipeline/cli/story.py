"""What was stopped and why, in words for a sales manager, told from the published decisions of a batch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.audit.terminal_text import plain

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.steps.gate_catalog import GateWords

_VALUE_CHARACTERS = 40
# The change of each proposal that decided its lane; of several the action row speaks for all.
_DECIDING_CHANGES = """
select
    d.lane, d.actor_id, d.action, d.object, d.record_id, d.field, d.is_action_row,
    d.old_value, d.new_value, d.objections, d.line_number
from rows as d
where d.lane = d.proposal_lane and d.lane in ('deny', 'review', 'quarantine')
qualify row_number() over (partition by d.proposal_key order by d.is_action_row desc, d.ordinal) = 1
order by d.line_number
"""
_NAMES = """
select
    object || ' ' || record_id as key,
    coalesce(
        nullif(trim(concat_ws(
            ' ', json_extract_string(fields, '$.first_name'), json_extract_string(fields, '$.last_name')
        )), ''),
        json_extract_string(fields, '$.name')
    ) as name
from read_parquet(?)
"""
HEADINGS = {
    "deny": "Stopped",
    "review": "Waiting for a person",
    "quarantine": "Could not be taken as a proposal",
}


@dataclass(frozen=True)
class Cause:
    """One reason for stopping, how many proposals it stopped, and one of them as an example."""

    lane: str
    says: str
    proposals: int
    example: str


def causes(home: Home, batch_keys: Sequence[str], gates: Sequence[GateWords]) -> list[Cause]:
    """Return why proposals of the batches did not go straight through: most frequent first, per lane."""
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.steps.intake import received_batches
    from wb_pipeline.steps.published import read_published

    says = {gate.gate: gate.says for gate in gates}
    received = received_batches(home, Ledger.open(home))
    found: dict[tuple[str, str], list[str]] = {}
    for batch_key in batch_keys:
        names = _record_names(home, batch_key)
        file_name = received[batch_key].file_name
        for row in read_published(home, batch_key, "decisions", _DECIDING_CHANGES):
            wish = _wish(row | {"file_name": file_name}, names)
            found.setdefault((row["lane"], _cause(row, says)), []).append(wish)
    counted = [Cause(lane, why, len(wishes), wishes[0]) for (lane, why), wishes in found.items()]
    return sorted(counted, key=lambda cause: (list(HEADINGS).index(cause.lane), -cause.proposals, cause.says))


def story_lines(found: Sequence[Cause]) -> Iterator[str]:
    """Yield the causes under their headings."""
    for lane, heading in HEADINGS.items():
        of_lane = [cause for cause in found if cause.lane == lane]
        if of_lane:
            yield f"\n{heading} ({sum(cause.proposals for cause in of_lane)})"
        for cause in of_lane:
            yield f"  {cause.proposals} x  {cause.says}"
            yield f"       {cause.example}"


def _cause(row: Mapping[str, Any], says: Mapping[str, str]) -> str:
    objections = json.loads(row["objections"]) if row["objections"] else []
    first = objections[0] if objections else {}
    details = first.get("details") or {}
    return says.get(first.get("gate", "")) or plain(
        details.get("message") or first.get("reason") or "It was not granted."
    )


def _wish(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    who = plain(row["actor_id"] or "somebody unnamed")
    name = names.get(f"{row['object']} {row['record_id']}") or row["record_id"] or _name_given(row)
    kind = row["object"] or "record"
    what = plain(f"{kind} {name}" if name else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}")
    if row["lane"] == "quarantine":
        return f"line {row['line_number']} of {plain(row['file_name'] or 'the batch')}"
    if row["is_action_row"]:
        return f"{who} wanted to {_action(row)} {what}"
    return f"{who} wanted {plain(row['field'])} of {what} to be {_value(row['new_value'])} ({_was(row['old_value'])})"


def _name_given(row: Mapping[str, Any]) -> str:
    """Return what a create calls its record: nothing in the CRM has that name yet."""
    if row["action"] != "create" or not row["is_action_row"]:
        return ""
    payload = json.loads(row["new_value"] or "{}")
    person = " ".join(str(payload[key]) for key in ("first_name", "last_name") if payload.get(key))
    return str(payload.get("name") or person or payload.get("email") or "")


def _action(row: Mapping[str, Any]) -> str:
    verbs = {"log": "log", "trigger": "start a workflow on"}
    return verbs.get(row["action"], plain(row["action"] or "change"))


def _was(value: str | None) -> str:
    return f"is {_value(value)}" if value and value != "null" else "is empty"


def _value(value: str | None) -> str:
    try:
        given = json.loads(value) if value else None
    except ValueError:
        given = value
    shown = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return f"“{plain(shown, _VALUE_CHARACTERS)}”"


def _record_names(home: Home, batch_key: str) -> dict[str, str]:
    """Return {"object id": name} from the snapshot that the batch was judged against."""
    import duckdb

    from wb_pipeline.connectors.snapshots import snapshot_path
    from wb_pipeline.steps.published import read_published

    hashes = read_published(
        home, batch_key, "decisions", "select distinct snapshot_hash from rows where snapshot_hash <> ''"
    )
    with duckdb.connect() as con:
        found: dict[str, str] = {}
        for row in hashes:
            found |= dict(con.execute(_NAMES, [str(snapshot_path(home, "crm", row["snapshot_hash"]))]).fetchall())
    return found
