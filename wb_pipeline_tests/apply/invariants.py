"""What must hold after any accident: nothing lost, nothing twice, nobody else's value overwritten. Reads, never acts.

It compares two books that know nothing of each other: our ledger, and the fake CRM's log of what it was asked and did.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.ledger.store import Ledger

Json = dict[str, Any]
MADE = ("create", "log", "trigger")
ENDS = ("written", "already_so", "conflict", "refused")
_OURS = "ai_"


@dataclass
class Books:
    """Both sides: writes by key as the ledger has them, and the CRM's log and records."""

    planned: dict[str, WritePlanned] = field(default_factory=dict)
    settled: dict[str, WriteSettled] = field(default_factory=dict)
    values: dict[str, Json] = field(default_factory=dict)
    committed: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    log: list[Json] = field(default_factory=list)
    records: dict[tuple[str, str], Json] = field(default_factory=dict)
    # What stands for a change: of an update its fields, of anything else its action.
    wanted: set[str] = field(default_factory=set)

    @property
    def undone(self) -> set[str | None]:
        """The keys of writes that were taken back."""
        return {self.planned[key].undoes for key, settled in self.settled.items() if settled.outcome == "written"}

    @property
    def unsettled(self) -> list[str]:
        """The keys of writes of which the ledger does not know how they ended."""
        return [key for key in self.planned if key not in self.settled]


def read_books(home: Home, state: Json) -> Books:
    """Read the ledger of a home and the state of a CRM."""
    ledger, books = Ledger.open(home), Books()
    for event in ledger.events():
        if event.kind == WritePlanned.kind:
            books.planned[event.subject] = payload_of(event, WritePlanned)
            books.settled.pop(event.subject, None)
        elif event.kind == WriteSettled.kind:
            books.settled[event.subject] = payload_of(event, WriteSettled)
    kept = ledger.kept(planned.values_digest for planned in books.planned.values())
    books.values = {key: json.loads(kept[planned.values_digest]) for key, planned in books.planned.items()}
    books.log = state["log"]
    for row in books.log:
        if row["effect"] == "committed" and row["action"] != "edit":
            books.committed[row["write_key"]].append(row)
    books.records = {(each["object"], each["id"]): each for each in state["records"]}
    changes = sealed_changes(home, ledger, lanes=("auto", "review"))
    books.wanted = {each.change_id for each in changes if each.row["is_action_row"] != (each.row["action"] == "update")}
    return books


def violations(books: Books) -> dict[str, list[str]]:
    """Return what does not hold, by what it is a case of; empty lists where all is well."""
    return {
        "lost": [*_lost(books)],
        "twice": [*_twice(books)],
        "overwritten": [*_overwritten(books)],
        "wrong": [*_wrongly_booked(books)],
    }


def _lost(books: Books) -> Iterator[str]:
    accounted: set[str] = set()
    for key, settled in books.settled.items():
        if settled.outcome in ENDS:
            accounted.update(books.planned[key].change_ids)
        if settled.outcome == "written" and key not in books.undone and (missing := _missing(books, key)):
            yield f"{key[:8]} is booked as written, but {missing}"
    for key in books.unsettled:
        yield f"{key[:8]} ({books.planned[key].action}) was never settled"
    yield from (f"change {change_id} was approved and is nowhere" for change_id in sorted(books.wanted - accounted))


def _missing(books: Books, key: str) -> str:
    """Return what of a written write is not in the CRM, and nobody else put something in its place."""
    record_id = books.settled[key].record_id or ""
    record = books.records.get((books.planned[key].object, record_id))
    if record is None:
        return f"there is no record {record_id}"
    edited = {name for row in books.log if row["action"] == "edit" for name in _changed(row)}
    wrong = [
        name
        for name, value in books.values[key]["fields"].items()
        if not name.startswith(_OURS) and name not in edited and record["fields"].get(name) != value
    ]
    if wrong:
        return f"{', '.join(wrong)} of {record_id} do not hold it"
    return _alive(books, key, record_id)


def _alive(books: Books, key: str, survivor_id: str) -> str:
    """Return which loser of a merge lives on; nothing where none does, or there is none."""
    planned = books.planned[key]
    loser_id = books.values[key]["payload"].get("loser", "") if planned.action == "merge" else ""
    loser = books.records.get((planned.object, loser_id))
    is_gone = loser is None or (loser["archived"] and loser["merged_into"] == survivor_id)
    return "" if is_gone else f"{loser_id} was not merged into {survivor_id}"


def _twice(books: Books) -> Iterator[str]:
    by_deed: dict[str, list[str]] = defaultdict(list)
    for key, rows in books.committed.items():
        if len(rows) > 1:
            yield f"{key[:8]} was carried out {len(rows)} times"
        yield from _sent_again(books, key, rows[0]["sequence"])
        planned = books.planned.get(key)
        if planned and planned.action in MADE:
            by_deed[planned.proposal_key].append(key)
    for proposal, keys in by_deed.items():
        if len(keys) > 1:
            yield f"proposal {proposal} made {len(keys)} records"


def _sent_again(books: Books, key: str, since: int) -> Iterator[str]:
    again = [row for row in books.log if row["write_key"] == key and row["sequence"] > since]
    if again:
        yield f"{key[:8]} was sent {len(again)} times after it was carried out"


def _overwritten(books: Books) -> Iterator[str]:
    for key, rows in books.committed.items():
        planned, base = books.planned.get(key), books.values.get(key, {}).get("base", {})
        for name in planned.fields if planned and planned.action in ("update", "undo") else ():
            if not name.startswith(_OURS) and rows[0]["before"].get(name) != base.get(name):
                yield f"{key[:8]} replaced {rows[0]['before'].get(name)!r} in {name}, approved over {base.get(name)!r}"
    for row in books.log:
        if row["action"] == "edit":
            now = books.records[row["object"], row["record_id"]]["fields"]
            lost = [name for name, value in _changed(row).items() if now.get(name) != value]
            if lost:
                yield f"what somebody put into {', '.join(lost)} of {row['record_id']} is gone"


def _wrongly_booked(books: Books) -> Iterator[str]:
    for key in books.committed:
        settled = books.settled.get(key)
        if key not in books.planned:
            yield f"{key[:8]} was carried out without standing in the outbox"
        elif settled and settled.outcome != "written":
            yield f"{key[:8]} was carried out, but is booked as {settled.outcome}"
    for key, settled in books.settled.items():
        if settled.outcome == "written" and key not in books.committed:
            yield f"{key[:8]} is booked as written, but was never carried out"


def _changed(row: Json) -> Json:
    return {name: value for name, value in row["after"].items() if row["before"].get(name) != value}
