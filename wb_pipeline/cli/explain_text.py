"""A pair explained, in words for a terminal. Everything from outside is made plain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from wb_pipeline.audit.terminal_text import plain

if TYPE_CHECKING:
    from wb_pipeline.matching.explain import PairExplained

_VALUE = 28


def pair_text(pair: PairExplained) -> str:
    """Return sentence, probability, and each field with its points, strongest first."""
    return "\n".join(_lines(pair))


def _lines(pair: PairExplained) -> Iterator[str]:
    ids = f"{plain(pair.left_id)} and {plain(pair.right_id)}"
    yield f"{ids}: the same with a probability of {pair.probability}"
    yield f"  {plain(pair.sentence)}"
    if pair.conflict:
        yield f"  kept apart: {plain(pair.conflict)}"
    yield ""
    yield f"  {'points':>7} {'Splink':>8}  {'field':<12} found"
    yield f"  {pair.intercept:>+7.2f} {'':>8}  {'(start)':<12} every pair begins with this"
    for each in sorted(pair.fields, key=lambda field: -abs(field.points)):
        yield f"  {each.points:>+7.2f} {each.bits:>+8.2f}  {each.field:<12} {each.found}"
        if each.left or each.right:
            yield f"  {'':>7} {'':>8}  {'':<12} {plain(each.left, _VALUE)} | {plain(each.right, _VALUE)}"
    yield ""
    yield f"  points (natural log-odds) decide; Splink's bits, {pair.match_weight:+.1f} in all, say what is looked at"
    yield f"  blocking rules that find the pair: {', '.join(pair.rules) or 'none'}"
