"""What a person sent about items, and what was wrong with it: so that it stands in the form again. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wb_pipeline.review.model import REJECT_REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

DID = {"approve": "approved", "reject": "rejected", "accept": "accepted", "dismiss": "dismissed"}
"""Each decision, as it is told when it is made."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for a rejection: its code in the books, and its words."""

    code: str
    words: str


REASONS = [Reason(code, words[:1].upper() + words[1:]) for code, words in REJECT_REASONS.items()]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a person sent. `values`: what was typed into the fields, by change id; `record_id`: the record chosen."""

    decision: str = ""
    reason_code: str = ""
    words: str = ""
    is_edit: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with what was sent.

    `field`: a change's id, `reason_code`, or "" for the whole. `hint`: what it means, where somebody was faster or the
    item changed.
    """

    words: str
    field: str = ""
    hint: str = ""


def sentence(words: str) -> str:
    """Return words as a sentence."""
    return f"{words[:1].upper()}{words[1:]}."
