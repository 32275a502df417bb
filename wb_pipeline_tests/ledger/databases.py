"""The databases that a ledger may lie in, and a way past the ledger for whoever falsifies. No assertions here."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from wb_pipeline.home import Home
from wb_pipeline.ledger.dialects import guards

if TYPE_CHECKING:
    from wb_pipeline_tests.postgres_server import Server

both_databases = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
"""Runs a test, or with `pytestmark` a file, with the ledger in either database."""


@dataclass(frozen=True)
class Database:
    """Where the ledgers of one test lie; `url` is None for the SQLite file of each home."""

    name: str
    url: str | None = None
    server: Server | None = None

    def run(self, home: Home, *statements: str) -> None:
        """Run statements directly, as somebody who owns the database may."""
        if self.server:
            self.server.run(*statements, url=self.url)
            return
        with closing(sqlite3.connect(home.ledger, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)

    def drop_guard(self, home: Home, name: str) -> None:
        """Remove one of the guards."""
        self.run(home, f"drop function {name} cascade" if self.server else f"drop trigger {name}")

    def lose(self, home: Home) -> None:
        """Let the whole ledger be gone, as after a disk that broke."""
        if self.server:
            tables = "events, attempts, kept_values, schema_versions"
            self.run(home, f"drop table {tables}", *(f"drop function {name}" for name in guards("postgresql")))
        else:
            home.ledger.unlink()
