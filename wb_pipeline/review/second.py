"""Which items two people have to approve: what the policy lists (RVW-5). Who may approve is in `people`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wb_pipeline.policy.models import PolicyDocument
    from wb_pipeline.review.model import Objection
    from wb_pipeline.review.units import Unit


def needs_second(unit: Unit, objections: Iterable[Objection], policy: PolicyDocument) -> bool:
    """Say whether a second person has to approve a unit: for its action, or for what a gate said of it."""
    asked = policy.second_approver
    return unit.action in asked.for_actions or any(each.gate in asked.for_gates for each in objections)
