"""The digest that a decision binds to: target, base values, new values, cited evidence (RVW-2). Compares nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.canonical import content_hash

if TYPE_CHECKING:
    from wb_pipeline.review.units import Unit

_FORM = "wb item 1"


@dataclass(frozen=True, slots=True)
class Seen:
    """What an item shows beyond its sealed rows.

    `bases`: change id -> value that stands there, as JSON text. `contents`: evidence id -> hash of its content, "" for
    one that is not there. `edited_digest`: the kept values that an earlier approver wrote instead.
    """

    bases: Mapping[str, str | None]
    contents: Mapping[str, str]
    edited_digest: str | None


def binding_of(unit: Unit, cited: Iterable[str], seen: Seen) -> str:
    """Return the digest over what a person sees of a unit."""
    row = unit.row
    fields = [
        [each.change_id, each.row["field"], each.row["operation"], seen.bases[each.change_id], each.row["new_value"]]
        for each in unit.written_rows
    ]
    target = [unit.item_id, unit.action, row["object"], row["record_id"], row["suggestion_field"]]
    # A trigger or a merge has no fields: its payload says what would happen.
    payload = None if unit.rows else row["new_value"]
    evidence = sorted((each, seen.contents.get(each, "")) for each in set(cited))
    return content_hash([_FORM, target, fields, payload, [list(each) for each in evidence], seen.edited_digest])
