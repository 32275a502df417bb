"""Which writes are meant to be taken back: one, a batch's, an actor's, those of a time. Judges none of them (AUD-4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wb_pipeline.apply.entries import Entry
from wb_pipeline.apply.outbox import Outbox
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.times import utc_text

_LEAST_OF_KEY = 8


@dataclass(frozen=True, slots=True)
class Selection:
    """What is named: a write's key or its beginning, a batch's key, an actor, a time (UTC). All that is given holds."""

    write_key: str = ""
    batch_key: str = ""
    actor_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def entries(self, outbox: Outbox) -> list[Entry]:
        """Return the writes that were carried out and are meant, the latest first.

        Raises InputError where nothing is named, or a key's beginning names none or several.
        """
        if not (self.write_key or self.batch_key or self.actor_id or self.since or self.until):
            raise InputError(
                "nothing says what to take back", hint="name --write, --batch, --actor, or --from and --to"
            )
        found = [entry for entry in outbox.entries.values() if _is_written(entry) and self._means(entry)]
        if self.write_key:
            self._require_one(found)
        return sorted(found, key=lambda entry: -entry.settled_sequence)

    def _means(self, entry: Entry) -> bool:
        return (
            entry.key.startswith(self.write_key)
            and (not self.batch_key or entry.planned.batch_key == self.batch_key)
            and (not self.actor_id or entry.planned.actor_id == self.actor_id)
            and (self.since is None or entry.settled_at >= utc_text(self.since))
            and (self.until is None or entry.settled_at < utc_text(self.until))
        )

    def _require_one(self, found: list[Entry]) -> None:
        if len(self.write_key) < _LEAST_OF_KEY:
            raise InputError(f"{self.write_key!r} is too short for a write's key", hint="give 8 characters or more")
        if len(found) != 1:
            what = "no write" if not found else f"{len(found)} writes"
            hint = "published/writes/write_receipts.csv lists them all"
            raise InputError(f"{what} that was carried out begins with {self.write_key!r}", hint=hint)


def _is_written(entry: Entry) -> bool:
    return entry.settled is not None and entry.settled.outcome == "written"
