"""Whether a person may pick a record for a change that nobody knows the record of (IDN-1). Pure; decides nothing else.

The gates judged the change without a record. What they would say of the picked one is judged here where the snapshot
tells it, and refused where it does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wb_pipeline.facts.opt_out_words import is_consent_field, stance
from wb_pipeline.normalize.fields import is_empty
from wb_pipeline.review.model import Candidate, Item, read_json

if TYPE_CHECKING:
    from wb_pipeline.review.model import Decision
    from wb_pipeline.review.rule_book import RuleBook

_STANDING = frozenset({"approved", "approved_once", "writing", "written"})
_CONTENDING = frozenset({"waiting", "returned", "approved", "approved_once", "writing"})


def why_no_pick(item: Item, decision: Decision, others: Iterable[Item], book: RuleBook) -> tuple[str, str] | None:
    """Return code and sentence of why a decision cannot name its record, None if it may or names none.

    `others`: all items of the queue. A pick that stands is not changed over: what was approved is rejected first.
    """
    if decision.record_id is None:
        return None
    if decision.decision != "approve":
        return "picks_nothing", "only an approval picks a record"
    if item.record_id is not None:
        return _already(item, decision.record_id)
    if item.action != "update":
        return "no_pick", f"for a {item.action} no record can be picked: reject it, or let it be proposed with one"
    found = next((each for each in item.candidates if each.record_id == decision.record_id), None)
    if found is None:
        return "no_candidate", "it is none of the records that the matching found, or it is not there any more"
    words = _why_not_there(item, found, decision, book) or _why_not_beside(item, found, others)
    return ("no_pick", words) if words else None


def _already(item: Item, record_id: str) -> tuple[str, str] | None:
    if item.record_id == record_id:
        return None
    return "record_known", f"its record is {item.record_id}: to pick another one, reject it first"


def _why_not_there(item: Item, found: Candidate, decision: Decision, book: RuleBook) -> str:
    """Return what a gate that denies would say of the picked record, "" for nothing."""
    (change,) = item.fields
    key = (item.object, "update", change.field)
    value = decision.edits.get(change.field, read_json(change.proposed_value))
    if book.classes.get(key) not in ("safe", "sensitive"):
        return "the field is locked: what opens it was not held against this record"
    if is_consent_field(change.field) and stance(change.field, change.proposed_value) != "out":
        return "whether this person opted out was not asked: only an opt-out can be written so"
    if is_empty(value) and key in book.required:
        return "the record needs a value here"
    stands = read_json(found.value)
    if key in book.append_only and change.operation != "append" and not is_empty(stands) and stands != value:
        return "what stands in this field is never replaced"
    return ""


def _why_not_beside(item: Item, found: Candidate, others: Iterable[Item]) -> str:
    """Return which other item the pick would contradict, "" for none."""
    for other in others:
        if other.item_id == item.item_id:
            continue
        is_same_proposal = other.proposal_key == item.proposal_key
        if is_same_proposal and other.state in _STANDING and other.record_id not in (None, found.record_id):
            return f"another field of the same proposal was approved for {other.record_id}"
        is_same_field = any(each.field == item.fields[0].field for each in other.fields)
        is_there = (other.object, other.record_id) == (item.object, found.record_id)
        if not is_same_proposal and is_there and is_same_field and other.state in _CONTENDING:
            return f"another change of the same field waits there: decide {other.item_id} first"
    return ""
