"""An erased value leaves the SQLite file itself, not only its table (AUD-6)."""

from __future__ import annotations

from pathlib import Path

from wb_pipeline.home import Home
from wb_pipeline.ledger.dialect_sqlite import open_sqlite
from wb_pipeline.ledger.forgetting import forget
from wb_pipeline.ledger.store import Ledger


def test_erased_value_is_overwritten_in_the_file(tmp_path: Path) -> None:
    """AUD-6: whoever reads the bytes of the file, or of what lies beside it, finds nothing."""
    home = Home(tmp_path / "home")
    ledger = Ledger.open(home)
    with ledger.writing("pipeline") as book:
        digest = book.keep("a secret that nobody else has")
    assert b"a secret that nobody" in _bytes(home)
    forget(ledger, [digest], by="dana", reason="case 7")
    assert b"a secret that nobody" not in _bytes(home)


def test_every_connection_overwrites_however_sqlite_was_built(tmp_path: Path) -> None:
    """AUD-6: some builds do by themselves, others do not: we say so."""
    engine = open_sqlite(tmp_path / "any.sqlite")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("pragma secure_delete").scalar() == 1


def _bytes(home: Home) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(home.root.glob("ledger.sqlite*")))
