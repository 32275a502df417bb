"""What is asked of the books: which decisions, by record, field, actor, batch, proposal, time. No reading here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wb_pipeline.ledger.times import naive_utc, utc_text


@dataclass(frozen=True, slots=True)
class Question:
    """All that is given has to hold at once.

    `actor_id`: who proposed, or the person who decided on it. `batch`: the first digits of its key. `proposal`: its id
    or key. `since` (included) and `until` (not): when it was decided, or when anything happened to it since.
    """

    record_id: str | None = None
    object: str | None = None
    field: str | None = None
    actor_id: str | None = None
    batch: str | None = None
    proposal: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_about_time(self) -> bool:
        """Whether a window of time is asked for."""
        return self.since is not None or self.until is not None

    @property
    def window(self) -> tuple[str, str]:
        """The window as the ledger writes times."""
        return (
            utc_text(self.since) if self.since else "",
            utc_text(self.until) if self.until else "9999",
        )

    def condition(self, touched: Touched) -> tuple[str, dict[str, Any]]:
        """Return the condition on the rows of segments, and its parameters. `touched`: what the ledger adds."""
        parts: dict[str, dict[str, Any]] = {}
        if self.record_id is not None:
            same_object = " and object = $object" if self.object is not None else ""
            parts[f"((record_id = $record_id{same_object}) or list_contains($on_record, change_id))"] = {
                "record_id": self.record_id,
                "on_record": sorted(touched.on_record),
            } | ({"object": self.object} if self.object is not None else {})
        if self.field is not None:
            parts["field = $field"] = {"field": self.field}
        if self.actor_id is not None:
            given = {"actor_id": self.actor_id, "by_person": sorted(touched.by_person)}
            parts["(actor_id = $actor_id or list_contains($by_person, change_id))"] = given
        if self.batch is not None:
            parts["starts_with(batch_key, $batch)"] = {"batch": self.batch}
        if self.proposal is not None:
            parts["(proposal_id = $proposal or proposal_key = $proposal)"] = {"proposal": self.proposal}
        if self.is_about_time:
            parts["((decided_at >= $since and decided_at < $until) or list_contains($in_time, change_id))"] = {
                "since": naive_utc(utc_text(self.since)) if self.since else datetime(1, 1, 1),  # noqa: DTZ001 - stored times are UTC without zone
                "until": naive_utc(utc_text(self.until)) if self.until else datetime(9999, 1, 1),  # noqa: DTZ001 - as above
                "in_time": sorted(touched.in_time),
            }
        return " and ".join(parts) or "true", {name: value for given in parts.values() for name, value in given.items()}

    def __str__(self) -> str:
        said = {
            "record": self.record_id,
            "field": self.field,
            "actor": self.actor_id,
            "batch": self.batch,
            "proposal": self.proposal,
            "from": f"{self.since:%Y-%m-%d %H:%M} UTC" if self.since else None,
            "to": f"{self.until:%Y-%m-%d %H:%M} UTC" if self.until else None,
        }
        return ", ".join(f"{name} {value}" for name, value in said.items() if value is not None) or "anything"


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids of changes that the ledger ties to a question: written to its record, decided by its person, in its time."""

    on_record: Collection[str] = ()
    by_person: Collection[str] = ()
    in_time: Collection[str] = ()
