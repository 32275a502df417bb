"""The digest that a decision binds to: target, base values, new values, cited evidence (RVW-2). Compares nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    one that is not there. `edited_digest`: the kept values that an earlier approver wrote instead. `record_id`: the
    record picked earlier; `candidates`: those to pick from, with the value that stands on each.
    """

    bases: Mapping[str, str | None]
    contents: Mapping[str, str]
    edited_digest: str | None
    record_id: str | None = None
    candidates: Sequence[tuple[str, str | None]] = ()


def binding_of(unit: Unit, cited: Iterable[str], seen: Seen) -> str:
    """Return the digest over what a person sees of a unit."""
    row = unit.row
    fields = [
        [each.change_id, each.row["field"], each.row["operation"], seen.bases[each.change_id], each.row["new_value"]]
        for each in unit.written_rows
    ]
    target = [unit.item_id, unit.action, row["object"], row["record_id"] or seen.record_id, row["suggestion_field"]]
    # A trigger or a merge has no fields: its payload says what would happen.
    payload = None if unit.rows else row["new_value"]
    evidence = sorted((each, seen.contents.get(each, "")) for each in set(cited))
    parts = [_FORM, target, fields, payload, [list(each) for each in evidence], seen.edited_digest]
    return content_hash([*parts, *([[list(each) for each in seen.candidates]] if seen.candidates else [])])


def bound_to(binding: str, record_id: str | None) -> str:
    """Return what a decision binds to: what was seen, and the record that was picked, if one was."""
    return content_hash([_FORM, binding, record_id]) if record_id else binding
