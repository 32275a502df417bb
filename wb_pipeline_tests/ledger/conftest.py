"""An empty home and its ledger for each test of the books."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.databases import Database
from wb_pipeline_tests.ledger.factories import CLOCK

if TYPE_CHECKING:
    from wb_pipeline_tests.postgres_server import Server


@pytest.fixture
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Return the database of the test's ledgers: SQLite, unless `both_databases` asks for Postgres."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return Database("sqlite")
    server: Server = request.getfixturevalue("postgres")
    found = Database("postgres", server.new_schema(), server)
    monkeypatch.setenv("WB_LEDGER", found.url or "")
    return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home that does not exist yet."""
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home, database: Database) -> Ledger:
    """Return the new ledger of `home`, whose clock stands still."""
    return Ledger.open(home, clock=lambda: CLOCK)
