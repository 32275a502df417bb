"""How the CRM's own database names the contract's objects and fields. Nothing is judged by it; no row is made of it.

The one section that a policy may leave out: without it everything has the contract's names.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from wb_pipeline.policy.section import FieldName, Section
from wb_pipeline.policy.vocabulary import CrmObjectName

# As the database writes it, capitals and spaces included; a dot parts a table from its schema.
DatabaseName = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=127)]


class Crm(Section):
    """Tables by object, columns by object and field; what is not named here has the contract's name."""

    tables: dict[CrmObjectName, DatabaseName]
    columns: dict[CrmObjectName, Annotated[dict[FieldName, DatabaseName], Field(min_length=1)]]


CONTRACT_NAMES = Crm(tables={}, columns={})
