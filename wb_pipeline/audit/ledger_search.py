"""Finds events of the ledger by what their payloads name: changes, records, writes. What they mean is in `steps`.

Payloads have no index, and a year has hundreds of thousands of writes: each search is one pass inside the database.
Reading them all into Python would take twenty times as long.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, RowMapping, bindparam, select, text

from wb_pipeline.errors import AuditError
from wb_pipeline.ledger import tables
from wb_pipeline.ledger.chain import Event
from wb_pipeline.ledger.kinds_people import ChangeProposedAgain, EvidenceAttached
from wb_pipeline.ledger.kinds_review import DecisionRefused, ItemDecided, ItemRejudged, ItemReturned
from wb_pipeline.ledger.kinds_writes import ChangeSeenAround, WritePlanned, WriteSettled
from wb_pipeline.ledger.store import Ledger

KINDS_ABOUT_CHANGES = tuple(
    kind.kind
    for kind in (ItemDecided, DecisionRefused, ItemReturned, ItemRejudged, EvidenceAttached, ChangeProposedAgain)
)
_AT_ONCE = 500
# How each database reads JSON that is stored as text. SQLite has to be kept from its index: rows that are fetched one
# by one in the order of hashes take three times as long as all of them in the order of the file. Postgres reads no JSON
# that holds a NUL anywhere: another character stands in for it, in no name that is searched for.
_POSTGRES_JSON = r"replace(events.payload, '\u0000', '\u0001')::json"
_EACH_CHANGE = {
    "sqlite": "events not indexed, json_each(events.payload, '$.change_ids') as each",
    "postgresql": f"events, json_array_elements_text({_POSTGRES_JSON} -> 'change_ids') as each(value)",
}
_ALL = {"sqlite": "events not indexed", "postgresql": "events"}
_TEXT = {"sqlite": "json_extract(payload, '$.{}')", "postgresql": f"({_POSTGRES_JSON} ->> '{{}}')"}


class LedgerSearch:
    """Searches one ledger. Raises AuditError where it cannot be read."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def about_changes(self, change_ids: Iterable[str]) -> list[Event]:
        """Return what people and later runs did to changes, in order."""
        return self._with_subjects(KINDS_ABOUT_CHANGES, change_ids)

    def plans_of(self, change_ids: Iterable[str]) -> list[Event]:
        """Return the planned writes that carry out any of the changes."""
        given = sorted(set(change_ids))
        if not given:
            return []
        with self._ledger.reading() as connection:
            name = connection.dialect.name
            query = f"select distinct sequence from {_EACH_CHANGE[name]} where kind = :kind and each.value in :ids"  # noqa: S608 - our own words; values are parameters
            return self._found(connection, query, kind=WritePlanned.kind, ids=given)

    def undone_by(self, write_keys: Iterable[str]) -> list[Event]:
        """Return the planned writes that take back any of the writes."""
        return self._naming("undoes", write_keys, [WritePlanned.kind])

    def settled(self, write_keys: Iterable[str]) -> list[Event]:
        """Return how writes ended."""
        return self._with_subjects((WriteSettled.kind,), write_keys)

    def changes_written_to(self, record_id: str) -> set[str]:
        """Return the ids of the changes that were written, or planned to be, to a record: a create has no id before."""
        found = self._naming("record_id", [record_id], [WritePlanned.kind, WriteSettled.kind])
        plans = self._with_subjects((WritePlanned.kind,), {event.subject for event in found})
        return {change_id for plan in plans for change_id in plan.payload["change_ids"]}

    def changes_told_of(self, *, by: str | None = None, window: tuple[str, str] | None = None) -> set[str]:
        """Return the ids of the changes to which anything happened: by a person, in a window of time."""
        conditions = ["kind in :kinds"] + ["recorded_by = :by"] * (by is not None)
        conditions += ["recorded_at >= :since and recorded_at < :until"] * (window is not None)
        given: dict[str, Any] = {"kinds": [*KINDS_ABOUT_CHANGES, WritePlanned.kind, WriteSettled.kind]}
        given |= {"by": by} if by is not None else {}
        given |= dict(zip(("since", "until"), window, strict=True)) if window is not None else {}
        with self._ledger.reading() as connection:
            where = " and ".join(conditions)
            query = f"select sequence from {_ALL[connection.dialect.name]} where {where}"  # noqa: S608 - our own words; values are parameters
            events = self._found(connection, query, **given)
        plans = [event for event in events if event.kind == WritePlanned.kind]
        settled = {event.subject for event in events if event.kind == WriteSettled.kind}
        plans += self._with_subjects((WritePlanned.kind,), settled)
        people = {event.subject for event in events if event.kind in KINDS_ABOUT_CHANGES}
        return people | {change_id for plan in plans for change_id in plan.payload["change_ids"]}

    def seen_around(self, record_id: str) -> list[Event]:
        """Return the changes to a record that did not come through us."""
        ending = f",{json.dumps(record_id, ensure_ascii=False)},"
        found = self._ledger.events(ChangeSeenAround.kind)
        return [event for event in found if ending in event.subject]

    def _naming(self, key: str, values: Iterable[str], kinds: Sequence[str]) -> list[Event]:
        given = sorted(set(values))
        if not given:
            return []
        with self._ledger.reading() as connection:
            name = connection.dialect.name
            query = f"select sequence from {_ALL[name]} where kind in :kinds and {_TEXT[name].format(key)} in :ids"  # noqa: S608 - our own words; values are parameters
            return self._found(connection, query, kinds=list(kinds), ids=given)

    def _with_subjects(self, kinds: Sequence[str], subjects: Iterable[str]) -> list[Event]:
        wanted, found = sorted(set(subjects)), []
        columns = tables.events.c
        with self._ledger.reading() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                query = select(tables.events).where(
                    columns.kind.in_(kinds), columns.subject.in_(wanted[start : start + _AT_ONCE])
                )
                found += [_event(row) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda event: event.sequence)

    def _found(self, connection: Connection, query: str, **given: Any) -> list[Event]:
        lists: list[BindParameter[Any]] = [
            bindparam(name, expanding=True) for name, value in given.items() if isinstance(value, list)
        ]
        sequences = sorted(row[0] for row in connection.execute(text(query).bindparams(*lists), given))
        return list(_events(connection, sequences))


def _events(connection: Connection, sequences: Sequence[int]) -> Iterator[Event]:
    for start in range(0, len(sequences), _AT_ONCE):
        wanted = sequences[start : start + _AT_ONCE]
        query = select(tables.events).where(tables.events.c.sequence.in_(wanted)).order_by(tables.events.c.sequence)
        yield from (_event(row) for row in connection.execute(query).mappings())


def _event(row: RowMapping) -> Event:
    try:
        return Event(**(dict(row) | {"payload": json.loads(row["payload"])}))
    except (TypeError, ValueError) as error:
        raise AuditError(f"event {row['sequence']} of the ledger is damaged", hint="run `wb audit verify`") from error
