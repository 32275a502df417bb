"""The ledger in SQLite alone: a damaged file, a row replaced."""

from __future__ import annotations

import sqlite3

import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import NewEvent
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.databases import Database


def _append(ledger: Ledger, count: int) -> None:
    ledger.append([NewEvent("test", str(number), {"number": number}) for number in range(count)], recorded_by="ana")


def test_database_refuses_to_replace_a_row(home: Home, ledger: Ledger, database: Database) -> None:
    """AUD-2: SQLite's own way to overwrite a row is refused too."""
    _append(ledger, 2)
    with pytest.raises(sqlite3.DatabaseError, match=r"never|follow"):
        database.run(home, "insert or replace into events select * from events where sequence = 1")


@pytest.mark.parametrize("offset", [0, 100, 4096])
def test_ledger_says_so_plainly_when_its_file_is_damaged(home: Home, ledger: Ledger, offset: int) -> None:
    """AUD-2: a damaged SQLite file is a plain AuditError, and a finding."""
    _append(ledger, 200)
    data = bytearray(home.ledger.read_bytes())
    data[offset : offset + 200] = b"\xff" * 200
    home.ledger.write_bytes(data)
    with pytest.raises(AuditError):
        Ledger.open(home).events()
    assert not verify_books(home).is_intact
