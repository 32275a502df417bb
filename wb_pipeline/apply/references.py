"""Values that point to a record which the same batch creates: by the proposal's id, until the record has its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wb_pipeline.apply.identity import Claim, claims_of
from wb_pipeline.apply.model import Part, Write

# Fields that hold the id of a record which a proposal may create.
CREATABLE = {"company_id": "company", "contact_id": "contact", "primary_contact_id": "contact", "deal_id": "deal"}


@dataclass(slots=True)
class References:
    """Which proposal creates which record. `ids` grows as records are made, and `made`: what they claim for them."""

    proposals: dict[tuple[str, str, str], str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    made: dict[Claim, str] = field(default_factory=dict)

    def note(self, write: Write, record_id: str) -> None:
        """Take in that a write was carried out on a record: if it made it, others may mean it."""
        if write.action == "create":
            self.ids[write.proposal_key] = record_id
        self.made |= dict.fromkeys(claims_of(write), record_id)

    def proposal_meant(self, write: Write, part: Part) -> str | None:
        """Return the key of the proposal whose record a value stands for, None if it stands for itself."""
        made = CREATABLE.get(part.field)
        if made is None or not isinstance(part.value, str):
            return None
        return self.proposals.get((write.batch_key, part.value, made))

    def value_of(self, write: Write, part: Part) -> Any:
        """Return what is written: the new record's id where the value stands for it. KeyError: there is none yet."""
        meant = self.proposal_meant(write, part)
        return part.value if meant is None else self.ids[meant]


def creating_proposals(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str, str], str]:
    """Return {(batch key, proposal id, object): proposal key} of sealed creates.

    A proposal id that two lines of a batch carry stands for neither.
    """
    found: dict[tuple[str, str, str], str] = {}
    twice: set[tuple[str, str, str]] = set()
    for row in rows:
        if row["is_action_row"] and row["effective_action"] == "create" and row["proposal_id"]:
            key = (row["batch_key"], row["proposal_id"], row["object"])
            if found.setdefault(key, row["proposal_key"]) != row["proposal_key"]:
                twice.add(key)
    return {key: proposal for key, proposal in found.items() if key not in twice}
