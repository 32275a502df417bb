"""Values that a person writes instead of the proposed ones: checked by the same rules for format and lock (RVW-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import canonical_json
from wb_pipeline.facts.opt_out_words import is_consent_field
from wb_pipeline.normalize.fields import FieldRule, Invalid, check_value, is_empty
from wb_pipeline.review.units import WRITTEN_LANES

if TYPE_CHECKING:
    from wb_pipeline.review.model import FieldChange, Item
    from wb_pipeline.review.rule_book import RuleBook


@dataclass(frozen=True, slots=True)
class Edited:
    """Edits in normal form, without those that change nothing; or why they cannot be taken."""

    values: Mapping[str, Any]
    problem: str = ""


def checked_edits(item: Item, edits: Mapping[str, Any], book: RuleBook) -> Edited:
    """Return edits as they are written (FLD-8). The first that does not fit is the problem, with the field's name."""
    by_field = {each.field: each for each in item.fields}
    taken: dict[str, Any] = {}
    for field, value in edits.items():
        if field not in by_field:
            return Edited({}, f"{field}: it is no field of this item")
        change = by_field[field]
        if problem := _lock_problem(item, change, value, book):
            return Edited({}, f"{field}: {problem}")
        rule = book.rules.get((item.object, field), FieldRule())
        verdict = check_value(value, rule, is_append=change.operation == "append")
        if isinstance(verdict, Invalid):
            return Edited({}, f"{field}: {verdict.words}")
        # The second of two approvers starts from what the first one wrote, anybody else from what was proposed.
        shown = change.new_value if item.state == "approved_once" else change.proposed_value
        if canonical_json(verdict.normalized) != (shown or "null"):
            taken[field] = verdict.normalized
    return Edited(taken)


def _lock_problem(item: Item, change: FieldChange, value: Any, book: RuleBook) -> str:
    """Return why nobody may write a value of their own here, "" if somebody may."""
    if change.lane not in WRITTEN_LANES:
        return "it is not written with this item"
    key = (item.object, item.action, change.field)
    match book.classes.get(key):
        case None:
            return "the policy does not grant this field"
        case "locked":
            return "the field is locked; evidence opened it for the proposed value only"
    if is_consent_field(change.field):
        return "what a person wants of mail and calls is not edited: approve or reject it"
    if is_empty(value) and key in book.required:
        return "the record needs a value here"
    return ""
