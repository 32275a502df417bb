"""A CRM of a few records, scored pairs as a test states them, and dedupe runs over both. Asserts nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from wb_pipeline.connectors.snapshots import load_snapshots
from wb_pipeline.dedupe.run import deduplicate
from wb_pipeline.dedupe.sealing import DedupeInputs
from wb_pipeline.home import Home
from wb_pipeline.ledger.loading import load_sealed
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.store import read_policy
from wb_pipeline.policy.tables import load_policy_tables
from wb_pipeline.steps.intake import register_policy, take_snapshot

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
SCORED_PAIRS = """
create schema if not exists matching;
create or replace table matching.scored_pairs (
    snapshot_hash varchar, object varchar, left_id varchar, right_id varchar, blocking_rule varchar,
    match_weight double, match_probability double, has_conflict boolean, conflict_reason varchar,
    match_reason varchar, field_weights varchar
)
"""
Score = tuple[str, str, float]


def record(record_id: str, day: int = 0, object_name: str = "contact", **more: Any) -> dict[str, Any]:
    """Return a CRM record that was made on the given day of 2025; `fields` and any other key may be given."""
    made = (datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day)).isoformat()
    fields = {"first_name": "Ana", "last_name": "Ruiz"} if object_name != "company" else {"name": "Northwind"}
    return {"object": object_name, "id": record_id, "fields": fields, "created_at": made, "updated_at": made} | more


@dataclass
class World:
    """A home with its warehouse open. `scores`: (left, right, probability); `conflicts`: pairs that differ."""

    home: Home
    con: duckdb.DuckDBPyConnection
    folder: Path
    runs: int = 0
    scored: list[Score] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        """The ledger of the home."""
        return Ledger.open(self.home)

    def run(
        self, records: Sequence[dict[str, Any]], scores: Sequence[Score] = (), conflicts: Sequence[Score] = ()
    ) -> str:
        """Take the records as the CRM of the day, the scores as the matching's answer; return the snapshot's hash."""
        self.runs += 1
        crm = self.folder / f"crm-{self.runs}"
        crm.mkdir()
        (crm / "crm.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
        snapshot = take_snapshot(self.home, self.ledger, "crm", crm, NOW).content_hash
        load_snapshots(self.con, self.home, [snapshot], [])
        policy = register_policy(self.home, self.ledger, default_policy_file())
        load_policy_tables(self.con, [read_policy(self.home, policy)])
        load_sealed(self.con, self.home, self.ledger)
        self._score(snapshot, [(*each, False) for each in scores] + [(*each, True) for each in conflicts])
        inputs = DedupeInputs(f"run-{self.runs}", snapshot, policy, "code", True, NOW + timedelta(days=self.runs))
        deduplicate(self.con, self.home, self.ledger, inputs)
        return snapshot

    def _score(self, snapshot: str, scores: Sequence[tuple[str, str, float, bool]]) -> None:
        self.con.execute(SCORED_PAIRS)
        for left, right, probability, has_conflict in scores:
            low, high = sorted((left, right))
            name = "company" if left.startswith("com") else "contact"
            row = [snapshot, name, low, high, "email", 12.5, probability, has_conflict]
            row += ["Jr and Sr" if has_conflict else None, "same email", json.dumps({"email": 9.5, "name": 3.0})]
            self.con.execute(f"insert into matching.scored_pairs values ({', '.join('?' * len(row))})", row)

    def entities(self) -> dict[str, str]:
        """Return the entity id of each live record."""
        return dict(self.con.execute("select record_id, entity_id from books.dedupe_entity_ids").fetchall())

    def groups(self) -> list[list[str]]:
        """Return the records of each entity that has more than one."""
        found: dict[str, list[str]] = {}
        for record_id, entity_id in sorted(self.entities().items()):
            found.setdefault(entity_id, []).append(record_id)
        return sorted(members for members in found.values() if len(members) > 1)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.con.execute(query).fetchall()


@contextmanager
def open_world(folder: Path) -> Iterator[World]:
    """Open an empty home below a folder."""
    home = Home(folder / "home")
    home.root.mkdir(parents=True)
    with duckdb.connect(str(home.warehouse)) as con:
        con.execute("set TimeZone = 'UTC'")
        yield World(home, con, folder)
