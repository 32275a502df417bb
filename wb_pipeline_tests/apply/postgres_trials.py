"""Applying with the ledger and the CRM both in Postgres, killed at a step: one trial each. No assertions here."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.audit.verify import verify_books
from wb_pipeline.connectors.postgres import PostgresConnector
from wb_pipeline.connectors.postgres_writing import WritablePostgres
from wb_pipeline.home import Home
from wb_pipeline_tests.apply.dying import Mortal, apply_now, ended, started
from wb_pipeline_tests.apply.trials import MOST_RUNS, Records, Result
from wb_pipeline_tests.apply.world import CRM, make_world

if TYPE_CHECKING:
    from wb_pipeline_tests.postgres_server import Server

_OWN = """id text primary key, ai_writeback_key text unique, ai_writeback_confidence numeric,
ai_writeback_evidence text, ai_writeback_source text, ai_writeback_fields text, ai_writeback_labels text,
archived boolean not null default false, merged_into text, created_at timestamptz, updated_at timestamptz,
meta jsonb, history jsonb"""
SCHEMA = (
    f"create table company ({_OWN}, name text, domain text, industry text)",
    f"create table contact ({_OWN}, email text, title text, phone text, company_id text references company (id))",
    f"create table activity ({_OWN}, type text, contact_id text references contact (id), body text, verified boolean)",
    f"create table enrollment ({_OWN}, workflow_id text, contact_id text references contact (id), status text)",
)


@dataclass
class PostgresLaboratory:
    """A world whose ledger and CRM are databases; trials are made on copies of both, and of the home."""

    server: Server
    root: Path
    _count: int = 0

    def make(self) -> None:
        """Make what is copied for each trial."""
        crm = self.server.new_database()
        self.server.run(*SCHEMA, *(_insert(record) for record in sorted(CRM, key=_companies_first)), url=crm)
        ledger = self.server.new_database()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WB_LEDGER", ledger)
            self._home = make_world(self.root / "world")
        self._templates = tuple(url.split("@/")[1].partition("?")[0] for url in (ledger, crm))

    def kill_at(self, step: int) -> Result:
        """Kill an applying process at a step (0: none), then apply until it is done."""
        self._count += 1
        home = Home(self.root / f"home-{self._count}")
        shutil.copytree(self._home.root, home.root)
        ledger, crm = (self.server.new_database(f"template {name}") for name in self._templates)
        code = ended(started(apply_to_postgres_and_die, home.root, ledger, crm, step))
        steps = 0 if code else int((home.root / "steps").read_text(encoding="utf-8"))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WB_LEDGER", ledger)
            self._until_nobody_is_there(crm)
            for _ in range(MOST_RUNS):
                report = _apply(home, crm)
                if not (report.has_failed or report.waiting):
                    break
            findings = [str(finding) for finding in verify_books(home).findings]
        rows, twice = _rows(crm), _done_twice(crm)
        return Result(f"postgres, step {step}", {"audit": findings, "twice": twice}, rows, code == -9, steps)

    def _until_nobody_is_there(self, url: str) -> None:
        """Wait until the server has noticed that a client died: what it did not commit by then, it never will."""
        query = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        while self.server.run(query, url=url) != [(0,)]:
            time.sleep(0.01)


def apply_to_postgres_and_die(root: Path, ledger: str, crm: str, step: int) -> None:
    """Apply, dying at a step; tell by a file how many there were, if there are fewer. In a process of its own."""
    os.environ["WB_LEDGER"] = ledger
    mortal = Mortal(step)
    opened = _opened(crm)
    mortal.mortal(opened)  # type: ignore[arg-type]  # one more kind of CRM
    mortal.lurk()
    apply_now(Home(root), opened)  # type: ignore[arg-type]
    opened.close()
    (root / "steps").write_text(str(mortal.steps), encoding="utf-8")


def _apply(home: Home, url: str) -> ApplyReport:
    opened = _opened(url)
    try:
        return apply_now(home, opened)  # type: ignore[arg-type]
    finally:
        opened.close()


def _opened(url: str) -> WritablePostgres:
    opened = WritablePostgres(url)
    # Nobody is there any more who could still commit.
    opened.settle_seconds = 0.0
    return opened


def _companies_first(record: dict[str, object]) -> bool:
    return record["object"] != "company"


def _insert(record: dict[str, object]) -> str:
    row = json.dumps({"id": record["id"], **record["fields"]}).replace("'", "''")  # type: ignore[dict-item]
    columns = ", ".join(json.loads(row))
    table = record["object"]
    return f"insert into {table} ({columns}) select {columns} from jsonb_populate_record(null::{table}, '{row}')"


def _rows(url: str) -> Records:
    """Return what stands in the database, without marks and times; ids of made records come from their keys."""
    found: Records = {}
    for row in PostgresConnector(url).pull_crm().rows.to_pylist():
        fields = {name: value for name, value in json.loads(row["fields"]).items() if not name.startswith("ai_")}
        found[row["object"], row["record_id"]] = fields | {"(merged into)": row["merged_into_id"]}
    return found


def _done_twice(url: str) -> list[str]:
    """Return the fields that were written more than once, by the history that the rows keep."""
    written: Counter[tuple[str, str]] = Counter()
    for row in PostgresConnector(url).pull_crm().rows.to_pylist():
        changed = [entry["field"] for entry in json.loads(row["history"])]
        written.update((row["record_id"], name) for name in changed if not name.startswith("ai_"))
    return [f"{place}: {times} times" for place, times in written.items() if times > 1]
