"""The records that an item could mean, as its page shows them to choose from. Which may be picked is for `review`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.review.model import read_json
from wb_pipeline.web.match_words import found_words
from wb_pipeline.web.shown_text import value_words

if TYPE_CHECKING:
    from wb_pipeline.review.model import Candidate, Item


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One record to choose: how it was found, what stands in the field, what tells it from the others."""

    record_id: str
    address_part: str
    found: str
    stands: str
    telling: list[tuple[str, str]]


def candidate_views(item: Item) -> list[CandidateView]:
    """Return the records to choose from; none where the record is known, or was picked."""
    return [] if item.record_id is not None else [_view(item, each) for each in item.candidates]


def _view(item: Item, each: Candidate) -> CandidateView:
    stands = f"{item.fields[0].field} is {value_words(read_json(each.value))}"
    return CandidateView(
        record_id=each.record_id,
        address_part=item.object,
        found=_found(each),
        stands=f"{stands}, written by {each.writer}" if each.writer else stands,
        telling=[(name, value_words(read_json(text))) for name, text in each.telling.items()],
    )


def _found(each: Candidate) -> str:
    words = [found_words(each.match_method)]
    if each.match_probability is not None:
        words.append(f"{each.match_probability:.0%} likely")
    if each.is_key_shared:
        words.append("by a key that several share")
    return ", ".join(words)
