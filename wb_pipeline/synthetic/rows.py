"""What a CRM wrote down: one object per record, with the truth beside it. How it got damaged is told elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from wb_pipeline.synthetic.entities import Company, Job, Person


@dataclass(slots=True)
class CompanyRow:
    """One company record. Times are seconds since 1970 in UTC. `variants` names what was done to it."""

    entity: Company
    name: str
    domain: str | None
    phone: str | None
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    industry: str | None
    employees: int | None
    created_at: int
    updated_at: int
    is_primary: bool = True
    variants: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ContactRow:
    """One contact record. Times are seconds since 1970 in UTC. `variants` names what was done to it."""

    entity: Person
    job: Job
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    mobile: str | None
    job_title: str | None
    city: str | None
    country: str | None
    linkedin_url: str | None
    company_name: str | None
    company_id: str | None
    created_at: int
    updated_at: int
    is_primary: bool = True
    variants: list[str] = field(default_factory=list)
