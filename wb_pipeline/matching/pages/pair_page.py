"""The page of one pair: sentence, probability, points and weights by field, Splink's waterfall."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wb_pipeline.matching.pages.document import chart_place, document, heading, paragraph, table

if TYPE_CHECKING:
    from wb_pipeline.matching.explain import PairExplained


def pair_page(pair: PairExplained, model_hash: str) -> str:
    """Return the page as one HTML file. Every value in it is from outside, and is shown as text."""
    return document(f"{pair.left_id} and {pair.right_id}", _parts(pair, model_hash), {"waterfall": pair.waterfall})


def _parts(pair: PairExplained, model_hash: str) -> Iterator[str]:
    yield paragraph(f"Two records of kind {pair.object}, by model {model_hash}", is_note=True)
    yield paragraph(f"The same with a probability of {pair.probability}: {pair.sentence}.")
    if pair.conflict:
        yield paragraph(f"They are kept apart: {pair.conflict}.")
    found = (
        f"Blocking rules that find the pair: {', '.join(pair.rules)}." if pair.rules else "No blocking rule finds it."
    )
    yield paragraph(found, is_note=True)
    yield heading("Points by field")
    yield paragraph(
        f"Natural log-odds, added to {pair.intercept:+.2f}. They decide; Splink's bits, beside them, only say which "
        "pairs are looked at.",
        is_note=True,
    )
    rows = [[each.field, each.left, each.right, each.found, each.bits, each.points] for each in pair.fields]
    yield table(["field", pair.left_id, pair.right_id, "found", "Splink, bits", "points"], rows, bar=5)
    yield heading("Splink's waterfall")
    yield paragraph("Bits of each comparison, then of how rare the value is in the whole CRM (tf_).", is_note=True)
    yield chart_place("waterfall")
