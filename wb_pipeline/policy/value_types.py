"""The forms of single values in a policy file: currencies, domains, reasons, counts. No section stands here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*\.[a-z0-9-]{2,}$", max_length=253)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s:/]+@[^@\s:/]+$", max_length=254)]
Alias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_ .-]*$", max_length=80)]
Because = Annotated[str, StringConstraints(pattern=r"^because \S+ \S+", max_length=500)]
# Never blank: an item of evidence without a state has the state "".
State = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)]
# A value of a picklist, or `none` where a record says nothing.
Word = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$", max_length=200)]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|none)$")]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]
Days = Annotated[int, Field(ge=1, le=3650)]
