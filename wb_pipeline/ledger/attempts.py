"""Runs that were tried, finished or not: beside the chain, because a rerun must leave the books as they are."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select

from wb_pipeline.ledger import tables
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.ledger.times import utc_text


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row: a start (`started_at` set) or an end (`finished_at` and `outcome` set) of a run. Times are UTC text."""

    attempt_number: int
    run_id: str
    manifest_id: str | None
    started_at: str | None
    finished_at: str | None
    outcome: str | None
    note: str


def start_attempt(ledger: Ledger, run_id: str, manifest_id: str | None = None, note: str = "") -> None:
    """Note that a run starts on a manifest (None while it has none)."""
    _add(ledger, run_id=run_id, manifest_id=manifest_id, started_at=utc_text(ledger.clock()), note=note)


def finish_attempt(ledger: Ledger, run_id: str, outcome: str, manifest_id: str | None = None, note: str = "") -> None:
    """Note how a run ended (`sealed`, `verified`, `failed`). A killed run has a start and no end."""
    finished_at = utc_text(ledger.clock())
    _add(ledger, run_id=run_id, manifest_id=manifest_id, finished_at=finished_at, outcome=outcome, note=note)


def attempts(ledger: Ledger) -> list[Attempt]:
    """Return all rows in the order in which they were written."""
    with ledger.reading() as connection:
        rows = connection.execute(select(tables.attempts).order_by(tables.attempts.c.attempt_number))
        return [Attempt(**row) for row in rows.mappings()]


def _add(ledger: Ledger, **values: str | None) -> None:
    with ledger.unchained() as connection:
        connection.execute(insert(tables.attempts), values)
