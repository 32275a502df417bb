"""Writes around us (AUD-5): what changed in the CRM that no write of ours put there, each change on the books once.

Each snapshot is held against the one before it; the first one raises nothing. An agent that the policy knows and that
wrote without asking is an alarm, and so is a record that claims a write of ours that never was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wb_pipeline.audit.our_writes import OurWrites
from wb_pipeline.audit.snapshot_changes import RECORD, Picture, SeenChange, changes_between
from wb_pipeline.canonical import canonical_json, file_hash
from wb_pipeline.connectors.writing import KEY_FIELD
from wb_pipeline.errors import AuditError
from wb_pipeline.ledger.chain import storable
from wb_pipeline.ledger.kinds import PolicyRegistered, SnapshotTaken, payload_of
from wb_pipeline.ledger.kinds_writes import ChangeSeenAround, SnapshotCompared
from wb_pipeline.policy.store import read_policy

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Book, Ledger

MOST_RECORDED = 10_000
"""So many changes of one comparison go into the books, alarms first: an import by a person may change everything."""

_AGENT = "agent:"
_MOST_CHARACTERS = 200
_COLUMNS = (
    "object",
    "record_id",
    "fields",
    "field_writers",
    "history",
    "created_at",
    "is_archived",
    "merged_into_id",
)


@dataclass(frozen=True, slots=True)
class SeenAround:
    """A change that did not come through us."""

    change: SeenChange
    is_alarm: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one comparison brought: alarms first. `left_out`: how many more there were than are recorded."""

    snapshot_hash: str
    seen: tuple[SeenAround, ...]
    left_out: int

    @property
    def alarms(self) -> tuple[SeenAround, ...]:
        """Those that a person has to look at now."""
        return tuple(each for each in self.seen if each.is_alarm)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two snapshots that follow each other, as `snapshot_taken` events."""

    before: Event
    after: Event


def look_around(home: Home, ledger: Ledger) -> list[Comparison]:
    """Compare every snapshot that was not compared yet, and put what came around us on the books.

    Raises AuditError for a snapshot that is missing or not the one that the ledger cites.
    """
    pairs = _open_pairs(ledger.events(SnapshotTaken.kind), _compared_up_to(ledger))
    if not pairs:
        return []
    ours, agents = OurWrites(ledger), registered_agents(home, ledger)
    found = []
    for pair in pairs:
        seen = [_judged(change, ours, agents) for change in _around_us(_pictures(home, pair), ours)]
        seen.sort(key=lambda each: not each.is_alarm)
        comparison = Comparison(pair.after.subject, tuple(seen[:MOST_RECORDED]), max(len(seen) - MOST_RECORDED, 0))
        with ledger.writing("pipeline") as book:
            if _compared_up_to(book) < pair.after.sequence:
                _record(book, pair, comparison)
                found.append(comparison)
    return found


def registered_agents(home: Home, ledger: Ledger) -> frozenset[str]:
    """Return the ids of the agents that any policy on the books knows, in small letters."""
    return frozenset(
        actor_id.casefold()
        for event in ledger.events(PolicyRegistered.kind)
        for actor_id, actor in read_policy(home, event.subject).document.actors.items()
        if actor.type == "ai_agent"
    )


def _compared_up_to(ledger: Ledger | Book) -> int:
    return max(
        (payload_of(event, SnapshotCompared).taken_sequence for event in ledger.events(SnapshotCompared.kind)),
        default=0,
    )


def _open_pairs(taken: Sequence[Event], compared: int) -> list[_Pair]:
    """Return the pairs of CRM snapshots that differ and whose later one was not compared yet, in order."""
    pairs, before = [], None
    for event in taken:
        if payload_of(event, SnapshotTaken).source != "crm":
            continue
        if before is not None and before.subject != event.subject and event.sequence > compared:
            pairs.append(_Pair(before, event))
        before = event
    return pairs


def _pictures(home: Home, pair: _Pair) -> Iterator[tuple[Picture | None, Picture | None]]:
    """Yield each record that is not the same in both snapshots, as it was before and after."""
    import duckdb

    given = {"before": str(_file(home, pair.before)), "after": str(_file(home, pair.after))}
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        cursor = con.execute(_DIFFERING, given)
        while rows := cursor.fetchmany(1_000):
            for row in rows:
                yield _picture(row[: len(_COLUMNS)]), _picture(row[len(_COLUMNS) :])


def _picture(values: Sequence[Any]) -> Picture | None:
    row = dict(zip(_COLUMNS, values, strict=True))
    return None if row["record_id"] is None else Picture.of(row)


def _file(home: Home, taken: Event) -> Path:
    payload = payload_of(taken, SnapshotTaken)
    path = home.root / payload.path
    if not path.is_file() or file_hash(path) != payload.file_hash:
        message = f"{payload.path} is missing or not the file that the ledger cites"
        raise AuditError(message, hint="run `wb audit verify`; restore it from a backup")
    return path


def _around_us(
    pictures: Iterator[tuple[Picture | None, Picture | None]], ours: OurWrites
) -> Iterator[tuple[SeenChange, Picture | None]]:
    """Yield the changes that are no writes of ours, with the record as it is now."""
    for before, after in pictures:
        changes = list(changes_between(before, after))
        if before is None and after is not None:
            made, *changes = changes
            if not (ours.explain(made) or after.fields.get(KEY_FIELD) in ours.keys):
                # A record that others made is one change; what they did to it since is part of that.
                yield made, after
                continue
        for change in changes:
            if not ours.explain(change):
                yield change, after


def _judged(found: tuple[SeenChange, Picture | None], ours: OurWrites, agents: frozenset[str]) -> SeenAround:
    change, after = found
    by_agent = change.by.startswith(_AGENT) and change.by.removeprefix(_AGENT).strip().casefold() in agents
    key = after.fields.get(KEY_FIELD) if after is not None and change.field in (RECORD, KEY_FIELD) else None
    return SeenAround(change, by_agent or (key not in (None, "") and key not in ours.keys))


def _record(book: Book, pair: _Pair, comparison: Comparison) -> None:
    events = [
        ChangeSeenAround(
            snapshot_hash=comparison.snapshot_hash,
            by=storable(each.change.by)[:_MOST_CHARACTERS],
            at=each.change.at and storable(each.change.at)[:_MOST_CHARACTERS],
            is_alarm=each.is_alarm,
            value_digest=book.keep(canonical_json(each.change.new)),
        ).about(canonical_json([each.change.object, each.change.record_id, each.change.field]))
        for each in comparison.seen
    ]
    compared = SnapshotCompared(
        previous_hash=pair.before.subject,
        taken_sequence=pair.after.sequence,
        changes=len(comparison.seen),
        alarms=len(comparison.alarms),
        left_out=comparison.left_out,
    )
    book.append([*events, compared.about(comparison.snapshot_hash)])


_DIFFERING = f"""
select {", ".join(f"before.{name}" for name in _COLUMNS)}, {", ".join(f"after.{name}" for name in _COLUMNS)}
from read_parquet($before) as before
full join read_parquet($after) as after
    on before.object = after.object and before.record_id = after.record_id
where
    {" or ".join(f"before.{name} is distinct from after.{name}" for name in _COLUMNS)}
order by coalesce(after.object, before.object), coalesce(after.record_id, before.record_id)
"""  # noqa: S608 - our own names; values are parameters
