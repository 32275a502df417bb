"""Under which names a record's fields are read. The caller knows a CRM's aliases; these are the contract's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

FieldNames: TypeAlias = Mapping[str, Sequence[str]]
"""What we call a value -> the names of the fields that may hold it, the best first. What is left out keeps its own."""

_CONTACT = ("first_name", "last_name", "full_name", "email", "phone", "mobile", "title", "linkedin_url", "company_id")
CONTACT_VALUES: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in (*_CONTACT, "company_name", "city", "country", "created_at", "updated_at")},
    "full_name": ("full_name", "name"),
    "employer_domain": ("domain", "company_domain", "website"),
}
_COMPANY = ("name", "phone", "street", "postal_code", "city", "region", "country", "industry", "parent_id")
COMPANY_VALUES: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in (*_COMPANY, "website", "additional_domains", "created_at", "updated_at")},
    "domain": ("domain",),
    "street": ("street", "address", "street_address"),
    "employees": ("employees", "employee_range", "number_of_employees"),
    "parent_id": ("parent_id", "parent_company_id"),
}


def names_of(kind: str, given: FieldNames | None) -> dict[str, tuple[str, ...]]:
    """Return our name -> field names for `contact` or `company`, the caller's own before the contract's."""
    known = CONTACT_VALUES if kind == "contact" else COMPANY_VALUES
    own = given or {}
    return {name: tuple(dict.fromkeys((*own.get(name, ()), *names))) for name, names in known.items()}
