"""Groups of different firms that look alike: draws the type. Types: company_namesakes and company_sharers."""

from __future__ import annotations

from wb_pipeline.synthetic.company_namesakes import NAMESAKES
from wb_pipeline.synthetic.company_sharers import SHARERS
from wb_pipeline.synthetic.entities import Company
from wb_pipeline.synthetic.world import World

_TYPES = {**NAMESAKES, **SHARERS}
COMPANY_LOOKALIKE_WEIGHTS = {kind: float(weight) for kind, (weight, _) in _TYPES.items()}
"""How often each type is drawn, relative to the others."""


def company_group(world: World, base: Company, kind: str | None = None) -> list[Company]:
    """Return the firm and its look-alikes, and note the group. The kind is drawn unless it is given."""
    chosen = kind or world.draw_kind(COMPANY_LOOKALIKE_WEIGHTS)
    members = [base, *_TYPES[chosen][1](world, base)]
    world.note_group(chosen, members)
    return members
