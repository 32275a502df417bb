"""How people decided on what an agent proposed so far: counts, in words. The record that gates use is another."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wb_pipeline.review.model import Item

_GOOD = frozenset({"approve", "accept"})


def actor_record(items: Iterable[Item]) -> str:
    """Return in one sentence what people decided on items of one agent; of each the latest decision counts."""
    counted: Counter[str] = Counter()
    for item in items:
        counted["waiting"] += item.is_open
        if item.decisions:
            made = item.decisions[-1]
            counted["yes" if made.decision in _GOOD else "no"] += 1
            counted["edited"] += made.edited_digest is not None
    if not counted["yes"] and not counted["no"]:
        return f"nobody decided on anything of it yet; {counted['waiting']:,} wait"
    edited = f" ({counted['edited']:,} with another value)" if counted["edited"] else ""
    return f"{counted['yes']:,} approved{edited}, {counted['no']:,} rejected, {counted['waiting']:,} wait"
