"""What people said about pairs: kept as ledger events, read back as a table (HYG-3). Links nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.canonical import canonical_json, text_hash
from wb_pipeline.dedupe.live_records import ComparedObject
from wb_pipeline.errors import InputError
from wb_pipeline.ledger.kinds import PairJudged, payload_of
from wb_pipeline.ledger.times import naive_utc

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.ledger.chain import Event, NewEvent
    from wb_pipeline.ledger.store import Ledger

# The ledger is for ever: what a digest covers must not be found by hashing a list of people.
_SALT_BYTES = 16

JUDGED_PAIRS = pa.schema(
    [
        ("object", pa.string()),
        ("left_id", pa.string()),
        ("right_id", pa.string()),
        ("is_same", pa.bool_()),
        ("judged_at", pa.timestamp("us")),
        ("judged_by", pa.string()),
        ("reason", pa.string()),
        ("salt", pa.string()),
        ("left_digest", pa.string()),
        ("right_digest", pa.string()),
    ]
)
"""Grain: judged pair, its latest judgement; left_id < right_id."""


@dataclass(frozen=True)
class SeenRecord:
    """A record as the person saw it: its id and its compared fields (`compared_fields.compared_text`)."""

    record_id: str
    compared: str


@dataclass(frozen=True)
class SeenPair:
    """Two records of one object (`contact` stands for leads too), in either order."""

    object: ComparedObject
    one: SeenRecord
    other: SeenRecord


def judge_pair(ledger: Ledger, pair: SeenPair, *, is_same: bool, by: str, reason: str) -> Event:
    """Note a person's judgement; an earlier one about the pair stays on the books and no longer holds.

    Raises InputError without a name, without a reason, or if both ids are one.
    """
    if not (by.strip() and reason.strip()):
        raise InputError("a judgement needs the name of who judges, and a reason")
    return ledger.append([judgement(pair, is_same=is_same, reason=reason)], recorded_by=by)[0]


def judgement(pair: SeenPair, *, is_same: bool, reason: str) -> NewEvent:
    """Return the event of a judgement, for whoever appends it with another. Raises InputError if both ids are one."""
    left, right = sorted((pair.one, pair.other), key=lambda record: record.record_id)
    if left.record_id == right.record_id:
        raise InputError("a record cannot be compared with itself", hint="name two different records")
    salt = secrets.token_hex(_SALT_BYTES)
    judged = PairJudged(
        object=pair.object,
        left_id=left.record_id,
        right_id=right.record_id,
        verdict="same" if is_same else "different",
        salt=salt,
        left_digest=text_hash(salt + left.compared),
        right_digest=text_hash(salt + right.compared),
        reason=reason,
    )
    return judged.about(canonical_json([pair.object, left.record_id, right.record_id]))


def judged_pairs(ledger: Ledger) -> pa.Table:
    """Return the latest judgement of each pair as JUDGED_PAIRS: labels for training, and what keeps pairs away."""
    latest = {event.subject: event for event in ledger.events(PairJudged.kind)}
    rows = [_row(event) for _, event in sorted(latest.items())]
    return pa.Table.from_pylist(rows, schema=JUDGED_PAIRS)


def load_judged_pairs(con: duckdb.DuckDBPyConnection, ledger: Ledger) -> int:
    """Replace books.judged_pairs by what the ledger holds and return its rows."""
    con.execute("create schema if not exists books")
    con.register("judged_rows", judged_pairs(ledger))
    con.execute("create or replace table books.judged_pairs as select * from judged_rows")
    con.unregister("judged_rows")
    return int(con.execute("select count(*) from books.judged_pairs").fetchall()[0][0])


def _row(event: Event) -> dict[str, object]:
    judged = payload_of(event, PairJudged)
    return {
        "object": judged.object,
        "left_id": judged.left_id,
        "right_id": judged.right_id,
        "is_same": judged.verdict == "same",
        "judged_at": naive_utc(event.recorded_at),
        "judged_by": event.recorded_by,
        "reason": judged.reason,
        "salt": judged.salt,
        "left_digest": judged.left_digest,
        "right_digest": judged.right_digest,
    }
