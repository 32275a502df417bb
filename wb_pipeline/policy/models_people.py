"""The policy's sections about who writes, who reviews and who is told. What each may do then: `rights`, `review`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wb_pipeline.policy.section import FieldName, Identifier, Section
from wb_pipeline.policy.value_types import Email
from wb_pipeline.policy.vocabulary import (
    ActionName,
    ActorType,
    ObjectName,
    Status,
)


class Actor(Section):
    """Who may write what (FLD-7)."""

    type: ActorType
    status: Status
    rights: list[str]


class Source(Section):
    """What a source may feed (FLD-7)."""

    status: Status
    rights: list[str]


class Precedence(Section):
    """Sources from the strongest to the weakest for some fields; sources on one step do not beat each other."""

    fields: Annotated[dict[ObjectName, Annotated[list[FieldName], Field(min_length=1)]], Field(min_length=1)]
    strongest_first: list[Identifier | Annotated[list[Identifier], Field(min_length=1)]]


class Reviewer(Section):
    """What a person may approve, and who steps in when the item is overdue (RVW-5)."""

    rights: list[str]
    deal_amount_up_to: Annotated[int, Field(ge=0)] | Literal["any"]
    deputy: Identifier


class SecondApprover(Section):
    """What two people have to approve (RVW-5): these actions, and whatever these gates object to."""

    for_actions: list[ActionName]
    for_gates: list[str]


class Routes(Section):
    """Who is told of what: the record's owner, the fallback address or another address."""

    change_denied: Literal["owner", "fallback"] | Email
    review_waiting: Literal["owner", "fallback"] | Email
    batch_quarantined: Literal["fallback"] | Email
    breaker_opened: Literal["fallback"] | Email


class Notifications(Section):
    """Routes, and the address for records without an owner (EXC-2)."""

    fallback: Email
    routes: Routes
