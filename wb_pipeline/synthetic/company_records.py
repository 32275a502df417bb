"""Makes the CRM's records of firms: the first one, and its damaged repeats. Which damage: company_variants."""

from __future__ import annotations

from wb_pipeline.synthetic.company_variants import COMPANY_VARIANT_WEIGHTS, apply_company_variant
from wb_pipeline.synthetic.dice import Wheel
from wb_pipeline.synthetic.entities import Company
from wb_pipeline.synthetic.phones import phone_text
from wb_pipeline.synthetic.rows import CompanyRow
from wb_pipeline.synthetic.times import draw_times
from wb_pipeline.synthetic.world import World


class CompanyRecorder:
    """Writes records of firms as careless people would."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._wheel = Wheel(world.rates.weighted(COMPANY_VARIANT_WEIGHTS))

    def records(self, company: Company) -> list[CompanyRow]:
        """Return all records of a firm: the first one and its repeats."""
        repeats = self._world.repeats(self._world.rates.company_duplicates)
        return [self.first(company), *(self.repeat(company) for _ in range(repeats))]

    def first(self, company: Company) -> CompanyRow:
        """Return the record that somebody made first; it may be damaged as well."""
        row = self.observed(company)
        if self._world.dice.chance(self._world.rates.first_record_damage):
            apply_company_variant(self._world, row, self._wheel.spin(self._world.dice))
        return row

    def repeat(self, company: Company) -> CompanyRow:
        """Return one more record of a firm, with at least one variant that changed something."""
        row = self.observed(company)
        row.is_primary = False
        self.damage(row)
        return row

    def damage(self, row: CompanyRow) -> None:
        """Do one or more variants to a record; at least one changes something."""
        while not row.variants or self._world.dice.chance(self._world.rates.variants_more):
            apply_company_variant(self._world, row, self._wheel.spin(self._world.dice))

    def observed(self, company: Company) -> CompanyRow:
        """Return a record as a careful person would have filled it, with gaps."""
        dice, gap = self._world.dice, self._world.rates.missing
        has_address = dice.random() > 0.16 * gap
        address, city = company.address, company.address.city
        created_at, updated_at = draw_times(dice)
        return CompanyRow(
            entity=company,
            name=company.name,
            domain=company.domain if dice.random() > 0.07 * gap else None,
            phone=phone_text(dice, company.phone) if dice.random() > 0.24 * gap else None,
            street=address.street if has_address else None,
            city=city.name if has_address or dice.random() > 0.3 * gap else None,
            region=city.region if has_address and city.region and dice.random() > 0.2 * gap else None,
            postal_code=address.postal_code if has_address and dice.random() > 0.06 * gap else None,
            country=dice.ranked(company.country.names, 3) if dice.random() > 0.1 * gap else None,
            industry=company.industry if dice.random() > 0.3 * gap else None,
            employees=_about(company.employees, dice.random()) if dice.random() > 0.45 * gap else None,
            created_at=created_at,
            updated_at=updated_at,
        )


def _about(employees: int, drawn: float) -> int:
    """Return a head count as sources state it: exact, or off by some."""
    return employees if drawn < 0.6 else max(1, int(employees * (0.7 + drawn / 2)))  # noqa: PLR2004 - six of ten are exact
