"""First half of a generation: all firms, their records in an order without meaning, and who is left out of the CRM."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from wb_pipeline.synthetic.companies import make_companies
from wb_pipeline.synthetic.company_records import CompanyRecorder
from wb_pipeline.synthetic.entities import Company
from wb_pipeline.synthetic.rows import CompanyRow
from wb_pipeline.synthetic.tables import CRM_COMPANIES, TRUTH_COMPANIES, table_of
from wb_pipeline.synthetic.world import World


@dataclass(frozen=True, slots=True)
class CompanyStage:
    """The records of firms as tables, and as rows for those who propose. `rows[n]` has the id `company_id(n)`."""

    rows: list[CompanyRow]
    records: pa.Table
    truth: pa.Table
    recorder: CompanyRecorder


def company_id(number: int) -> str:
    """Return the id of company record `number`."""
    return f"co_{number:07d}"


def make_company_stage(world: World, records: int, *, left_out: float) -> CompanyStage:
    """Make about `records` records of firms. `left_out` is the share of look-alikes that the CRM does not know."""
    make_companies(world, max(2, round(records * (1 - world.rates.company_duplicates))))
    unknown = _left_out(world, left_out)
    recorder = CompanyRecorder(world)
    rows = [row for company in world.companies if company.entity_id not in unknown for row in recorder.records(company)]
    world.dice.shuffle(rows)
    for number, row in enumerate(rows):
        row.entity.record_ids.append(company_id(number))
    return CompanyStage(rows, _records(rows), _truth(rows), recorder)


def _left_out(world: World, share: float) -> set[str]:
    """Return the entity ids of firms to leave out: one or more of a group, never all of it."""
    unknown: set[str] = set()
    first_of_group: set[int] = set()
    for group, entity, _ in world.groups:
        if group in first_of_group and world.dice.chance(share):
            unknown.add(entity)
        first_of_group.add(group)
    return unknown


def _records(rows: list[CompanyRow]) -> pa.Table:
    return table_of(CRM_COMPANIES, ((company_id(number), *company_values(row)) for number, row in enumerate(rows)))


def company_values(row: CompanyRow) -> tuple[str | int | None, ...]:
    """Return what the CRM says, in the order of the columns after the id."""
    return (
        row.name, row.domain, row.phone, row.street, row.city, row.region, row.postal_code, row.country, row.industry,
        row.employees, row.created_at, row.updated_at,
    )  # fmt: skip


def _truth(rows: list[CompanyRow]) -> pa.Table:
    return table_of(TRUTH_COMPANIES, (_true_values(company_id(number), row) for number, row in enumerate(rows)))


def _true_values(record_id: str, row: CompanyRow) -> tuple[object, ...]:
    firm: Company = row.entity
    return record_id, firm.entity_id, row.is_primary, row.variants, firm.domain, firm.lookalikes, firm.parent
