"""What a person typed into a field of the page, as a value. Whether the value may be written is for `review`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from wb_pipeline.review.model import read_json
from wb_pipeline.web.shown_text import value_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wb_pipeline.review.model import FieldChange, Item


class TypedWrongError(ValueError):
    """A field's text is no value of its kind. `field`: the change's id; `words` say it to the person."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field
        self.words = words


def typed_edits(item: Item, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the values that a person changed, by field. Raises TypedWrongError for the first that cannot be read."""
    edits = {}
    for change in item.fields:
        text = typed.get(change.change_id)
        if text is not None and text != _as_offered(change):
            edits[change.field] = _value(change, text.strip())
    return edits


def _as_offered(change: FieldChange) -> str:
    value = read_json(change.new_value)
    return "" if value in (None, "") else value_words(value)


def _value(change: FieldChange, text: str) -> Any:
    """Return a text as a value of the kind that the agent wanted."""
    wanted = read_json(change.new_value)
    if isinstance(wanted, bool):
        if text not in ("yes", "no"):
            raise TypedWrongError(change.change_id, "Choose yes or no.")
        return text == "yes"
    if isinstance(wanted, int | float):
        return _number(change, text)
    return text


def _number(change: FieldChange, text: str) -> int | float:
    plain = text.replace(",", "").replace(" ", "")
    for kind in (int, float):
        try:
            value = kind(plain)
        except ValueError:
            continue
        if math.isfinite(value):
            return value
    raise TypedWrongError(change.change_id, f"{text[:80]!r} is not a number. Write it plainly, such as 45000.")
