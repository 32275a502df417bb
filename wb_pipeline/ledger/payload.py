"""What every ledger event's payload has in common. The kinds themselves are in `kinds`."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from wb_pipeline.ledger.chain import NewEvent

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# A file of the books, relative to the home, with forward slashes.
RelativePath = Annotated[str, Field(min_length=1, max_length=300)]
Count = Annotated[int, Field(ge=0)]


class Payload(BaseModel):
    """What an event says beyond its subject. Unknown keys are refused, times are UTC text."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    kind: ClassVar[str]

    def about(self, subject: str) -> NewEvent:
        """Return the event that says this about `subject`."""
        return NewEvent(self.kind, subject, self.model_dump(mode="json"))
