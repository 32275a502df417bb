"""One proposal before it is numbered. How its content is made up stands in proposed_contacts and proposed_companies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Draft:
    """What an agent proposes (`values` by column) and the truth: whose records it is about, and which only look so.

    `name_key` is (first name, last name, firm's entity) of a person: it tells whether a name alone is ambiguous.
    """

    kind: str
    case: str
    entity_id: str
    values: dict[str, Any]
    record_ids: list[str] = field(default_factory=list)
    trap_ids: list[str] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)
    lookalikes: list[str] = field(default_factory=list)
    name_key: tuple[str, ...] = ()
    is_ambiguous: bool = False
