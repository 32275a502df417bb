"""What is true: firms and people. What a CRM wrote down about them stands in rows.py."""

from __future__ import annotations

from dataclasses import dataclass, field

from wb_pipeline.synthetic.cultures import Culture
from wb_pipeline.synthetic.places import Address, Country, Phone


@dataclass(slots=True)
class Company:
    """A firm. `record_ids` are the CRM's records of it, filled in when they are numbered."""

    entity_id: str
    country: Country
    address: Address
    stem: str
    descriptor: str
    legal: str
    legal_long: str
    industry: str
    domain: str
    phone: Phone
    email_pattern: str
    weight: float
    alias_domain: str = ""
    old_stem: str = ""
    employees: int = 1
    parent: str | None = None
    lookalikes: list[str] = field(default_factory=list)
    record_ids: list[str] = field(default_factory=list)

    @property
    def trade_name(self) -> str:
        """The name without its legal form."""
        return f"{self.stem} {self.descriptor}" if self.descriptor else self.stem

    @property
    def name(self) -> str:
        """The full name."""
        return f"{self.trade_name} {self.legal}" if self.legal else self.trade_name


@dataclass(slots=True)
class Job:
    """Where a person works: one of the jobs of a lifetime. `direct` is a line of one's own, if any."""

    company: Company
    email: str
    title: str
    direct: Phone | None


@dataclass(slots=True)
class Person:
    """A human being. `native_first` and `native_last` are the names in their own script, "" where that is Latin.

    `shared_email` and `home_phone` are what a look-alike has in common with somebody else; they win over the own ones.
    `earlier` and `married_last` are made when a variant first needs them, and then stay.
    """

    entity_id: str
    culture: Culture
    is_female: bool
    first: str
    middle: str
    last: str
    native_first: str
    native_last: str
    generation: str
    job: Job
    mobile: Phone | None
    free_email: str
    linkedin: str
    country: Country
    city: str
    earlier: Job | None = None
    married_last: str = ""
    shared_email: str = ""
    shared_phone: Phone | None = None
    lookalikes: list[str] = field(default_factory=list)
