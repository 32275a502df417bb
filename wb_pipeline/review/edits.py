"""Values that a person writes instead of the proposed ones: checked by the same rules for format and lock (RVW-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import canonical_json
from wb_pipeline.facts.opt_out_words import is_consent_field
from wb_pipeline.normalize.fields import FieldRule, Invalid, check_value, is_empty

if TYPE_CHECKING:
    from wb_pipeline.review.model import Item
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
        problem = _lock_problem(item, field, value, book)
        if problem:
            return Edited({}, f"{field}: {problem}")
        is_append = by_field[field].operation == "append"
        verdict = check_value(value, book.rules.get((item.object, field), FieldRule()), is_append=is_append)
        if isinstance(verdict, Invalid):
            return Edited({}, f"{field}: {verdict.words}")
        # The second of two approvers starts from what the first one wrote, anybody else from what was proposed.
        shown = by_field[field].new_value if item.state == "approved_once" else by_field[field].proposed_value
        if canonical_json(verdict.normalized) != (shown or "null"):
            taken[field] = verdict.normalized
    return Edited(taken)


def _lock_problem(item: Item, field: str, value: Any, book: RuleBook) -> str:
    key = (item.object, item.action, field)
    match book.classes.get(key):
        case None:
            return "the policy does not grant this field"
        case "locked":
            return "the field is locked; evidence opened it for the proposed value only"
    if is_consent_field(field):
        return "what a person wants of mail and calls is not edited: approve or reject it"
    if is_empty(value) and key in book.required:
        return "the record needs a value here"
    return ""
