"""Personal values beside the chain: kept with their event, found again, never believed when changed."""

from __future__ import annotations

import pytest

from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_writes import ModeSwitched
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.databases import Database, both_databases

pytestmark = both_databases
EVENT = ModeSwitched(mode="stopped", reason="a test").about("*")


def test_kept_value_is_committed_with_its_event(ledger: Ledger) -> None:
    """AUD-6, OPS-4: a value and the event that cites it are on the books together, or neither is."""
    with ledger.writing("dana") as book:
        digest = book.keep('"Ana \ud800"')
        assert book.kept([digest]) == {digest: '"Ana ?"'}
        book.append([EVENT])
    assert ledger.kept([digest, "0" * 64]) == {digest: '"Ana ?"'}
    lost: list[str] = []
    with pytest.raises(ZeroDivisionError):
        _keep_and_fail(ledger, lost)
    assert ledger.kept(lost) == {}
    assert ledger.head().sequence == 1


def _keep_and_fail(ledger: Ledger, kept: list[str]) -> None:
    with ledger.writing("dana") as book:
        kept.append(book.keep("x"))
        book.append([EVENT])
        raise ZeroDivisionError


def test_equal_values_have_unequal_digests(ledger: Ledger) -> None:
    """AUD-6: a digest tells nobody who guesses what the value was."""
    with ledger.writing("dana") as book:
        assert len({book.keep("true") for _ in range(3)}) == 3


def test_changed_kept_value_is_refused(home: Home, ledger: Ledger, database: Database) -> None:
    """AUD-2: a kept value that was changed behind our back is not believed; many are read at once."""
    with ledger.writing("dana") as book:
        digests = [book.keep(f"value {number}") for number in range(1_200)]
    assert len(ledger.kept(digests)) == 1_200
    database.run(home, f"update kept_values set value = 'another' where digest = '{digests[3]}'")
    with pytest.raises(AuditError, match="is not the one"):
        ledger.kept(digests)


def test_ledger_of_the_release_before_gets_the_new_table(home: Home, ledger: Ledger, database: Database) -> None:
    """OPS-6: a ledger of schema version 1 is brought up to date when it is opened; its events stay."""
    ledger.append([EVENT], recorded_by="dana")
    database.drop_guard(home, "schema_versions_are_never_updated")
    database.run(home, "drop table kept_values", "update schema_versions set version = 1")
    older = Ledger.open(home)
    with older.writing("dana") as book:
        digest = book.keep("x")
        book.append([EVENT])
    assert Ledger.open(home).kept([digest]) == {digest: "x"}
    assert older.head().sequence == 2
