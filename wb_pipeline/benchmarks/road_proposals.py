"""The good lines of the load test: which kinds come, and how often. Unreadable lines are in `road_bad_rows`."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks import road_others, road_trouble, road_updates
from wb_pipeline.benchmarks.road_parts import Draft, Maker

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from wb_pipeline.benchmarks.road_crm import Shape

_SHARES: tuple[tuple[float, Callable[[Maker], Draft]], ...] = (
    (34, road_updates.contact_title),
    (11, road_updates.company_size),
    (8, road_updates.deal_next_step),
    (3, road_updates.deal_stage),
    (3, road_updates.lead_title),
    (10, road_others.contact_create),
    (2, road_others.company_create),
    (1, road_others.deal_create),
    (14, road_others.meeting_log),
    (4, road_others.trigger),
    (2, road_others.merge),
    (2, road_trouble.disagreement),
    (1, road_trouble.twin),
    (1, road_trouble.replay),
    (4, road_trouble.stopped),
)


def drafts(shape: Shape, chance: random.Random, transcript_turns: int = 0) -> Iterator[Draft]:
    """Yield drafts without end, in the shares of `_SHARES`; with turns, next steps quote calls of that many."""
    maker = Maker(shape, chance, transcript_turns)
    makers = [make for _, make in _SHARES]
    cumulated = list(accumulate(share for share, _ in _SHARES))
    while True:
        yield chance.choices(makers, cum_weights=cumulated)[0](maker)
