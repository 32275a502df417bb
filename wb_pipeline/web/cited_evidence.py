"""The evidence of an item as it was kept for it: who said what, the quoted passage marked. Judges nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.evidence.passages import passages
from wb_pipeline.web.highlights import Stretch, places, stretches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from wb_pipeline.evidence.passage import Passage
    from wb_pipeline.review.citations import Citation, Quote
    from wb_pipeline.review.kept_files import EvidenceItem

_MOST_ITEMS = 20
_MOST_QUOTES = 10
_MOST_TALKING = 60
"""Passages of one item that are shown; those around what is marked come first."""
_AROUND = 2
_MOST_FACTS = 40
_MOST_FACT_CHARACTERS = 2_000
_DEEPEST = 6
_SHORTEST_VALUE = 3
"""A shorter value, such as 5, stands everywhere."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A passage: who spoke, on whose side, in which part of the item, and the text in stretches."""

    speaker: str
    side: str
    part: str
    said_at: datetime | None
    stretches: list[Stretch]
    is_near: bool

    @property
    def is_marked(self) -> bool:
        """Whether something in it is marked."""
        return any(stretch.mark for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote as the proposal has it, and whether its words stand in the item."""

    text: str
    at: str
    is_found: bool


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """One cited item. `is_kept` is False where the store never had it; then all but the id is empty."""

    evidence_id: str
    kind: str
    state: str
    happened_at: str | None
    quotes: list[ShownQuote]
    voices: list[Voice]
    facts: list[tuple[str, str]]
    left_out: int
    is_kept: bool = True


def cited_evidence(citations: Sequence[Citation], values: Sequence[str]) -> list[ShownEvidence]:
    """Return cited items in the order of their citation; what of `values` stands in them is marked too."""
    long_enough = [value for value in values if len(value) >= _SHORTEST_VALUE]
    shown = []
    for cited in citations[:_MOST_ITEMS]:
        found = [_shown(item, cited.quotes, long_enough) for item in cited.items]
        shown += found or [_unknown(cited)]
    return shown


def _unknown(cited: Citation) -> ShownEvidence:
    quotes = [ShownQuote(each.text, each.at or "", is_found=False) for each in cited.quotes]
    return ShownEvidence(cited.evidence_id, "", "", None, quotes, [], [], 0, is_kept=False)


def _shown(item: EvidenceItem, quoted: Sequence[Quote], values: Sequence[str]) -> ShownEvidence:
    payload = item.payload if isinstance(item.payload, dict) else {}
    said = passages(item.evidence_type or "", payload)
    quotes = [
        ShownQuote(each.text, each.at or "", any(places(part.text, each.text) for part in said))
        for each in quoted[:_MOST_QUOTES]
    ]
    every = _voices(said, [each.text for each in quotes], values)
    kept = [voice for voice in every if voice.is_near][:_MOST_TALKING]
    return ShownEvidence(
        item.evidence_id,
        item.evidence_type or "",
        item.evidence_state or "",
        item.happened_at,
        quotes,
        kept,
        [] if said else _facts(payload)[:_MOST_FACTS],
        len(every) - len(kept),
    )


def _voices(said: Sequence[Passage], quotes: list[str], values: Sequence[str]) -> list[Voice]:
    parts = [stretches(passage.text, quotes, list(values)) for passage in said]
    marked = {at for at, found in enumerate(parts) if any(stretch.mark for stretch in found)}
    near = {at + step for at in marked for step in range(-_AROUND, _AROUND + 1)}
    shows_all = len(said) <= _MOST_TALKING or not marked
    return [
        Voice(passage.speaker or "", passage.side, passage.kind, passage.said_at, parts[at], shows_all or at in near)
        for at, passage in enumerate(said)
    ]


def _facts(value: Any, name: str = "", depth: int = 0) -> list[tuple[str, str]]:
    """Return what an item without words states: name and value of each leaf."""
    if isinstance(value, dict) and depth < _DEEPEST:
        return [fact for key, inside in value.items() for fact in _facts(inside, f"{name} {key}".strip(), depth + 1)]
    if isinstance(value, list) and depth < _DEEPEST:
        return [fact for inside in value[:_MOST_FACTS] for fact in _facts(inside, name, depth + 1)]
    return [] if value is None else [(name.replace("_", " "), str(value)[:_MOST_FACT_CHARACTERS])]
