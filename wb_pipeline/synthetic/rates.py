"""How often what happens in a made-up CRM: the one place for its rates. How it happens stands beside each variant."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Self

_MOST = 0.6
_SPREAD = 0.7
_EMPHASIS_SPREAD = 0.9


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares between 0 and 1 unless a line says otherwise.

    The defaults describe a CRM that nobody has cleaned for years: they are choices, near what vendors of cleaning tools
    and RevOps teams tell of (10 to 30 % duplicates), and not taken from any one data set.
    """

    contacts_per_company: float = 6.5
    """Contacts for one company record, on average (a number, not a share)."""

    contact_duplicates: float = 0.17
    """Contact records that repeat a person who has a record already."""

    company_duplicates: float = 0.14
    """Company records that repeat a firm that has a record already."""

    larger_cluster: float = 0.28
    """Chance that a repeated entity is repeated once more, again and again, up to five records."""

    contact_lookalikes: float = 0.09
    """People who stand in a group of look-alikes."""

    company_lookalikes: float = 0.16
    """Firms that stand in a group of look-alikes."""

    first_record_damage: float = 0.22
    """Entities whose first record is damaged too, not only its repeats."""

    variants_more: float = 0.38
    """Chance of one more variant in a repeated record, again and again."""

    job_changes: float = 0.13
    """Repeated records of a person that show another job of theirs."""

    company_linked: float = 0.72
    """Contacts that point to a company record."""

    missing: float = 1.0
    """How much is left empty: 1 as usual, 2 twice as often (a factor, not a share)."""

    target_given: float = 0.2
    """Proposals in which the agent names a record."""

    target_wrong: float = 0.12
    """Named records that are the wrong one: a trap if there is one, else any."""

    company_proposals: float = 0.34
    """Proposals about firms; the others are about people."""

    emphasis: Mapping[str, float] = field(default_factory=dict)
    """Factors on the weight of single variants and look-alike types, by name; 1 where none is given."""

    def weighted(self, weights: Mapping[str, float]) -> dict[str, float]:
        """Return the weights with their emphasis."""
        return {name: weight * self.emphasis.get(name, 1.0) for name, weight in weights.items()}

    @classmethod
    def varied(cls, seed: int, names: Mapping[str, float]) -> Self:
        """Return rates drawn around the defaults, for CRMs that differ; `names` are the variants to put weight on."""
        chance = random.Random(f"rates {seed}")  # noqa: S311 - made-up data need not be unguessable
        numbers = [each.name for each in fields(cls) if each.name != "emphasis"]
        defaults = cls()
        drawn = {name: getattr(defaults, name) * math.exp(chance.gauss(0, _SPREAD)) for name in numbers}
        shares = {name: min(drawn[name], _MOST) for name in numbers if name not in _FACTORS}
        factors = {
            "contacts_per_company": min(max(drawn["contacts_per_company"], 1.5), 40.0),
            "missing": min(max(drawn["missing"], 0.3), 2.5),
        }
        emphasis = {name: math.exp(chance.gauss(0, _EMPHASIS_SPREAD)) for name in names}
        return cls(**shares, **factors, emphasis=emphasis)


_FACTORS = frozenset({"contacts_per_company", "missing"})
