"""Writes per second to a folder of CRM files or to Postgres, beside plain SQL updates of the same values (SYN).

What is measured is the whole run: reading the sealed decisions, the outbox, comparing, writing, reading back, receipts.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.apply.run import apply_approved
from wb_pipeline.benchmarks.apply_books import sealed_updates
from wb_pipeline.connectors.opening import POSTGRES, URL_VARIABLE, opened_crm
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger

if TYPE_CHECKING:
    from wb_pipeline.connectors.writing import WritableCrm

_GROUP = 200


@dataclass(frozen=True)
class ApplyBench:
    """What was measured. `plain_seconds`: the same values by SQL updates, 200 to a commit, safe on disk.

    Into the same database; for files, which know no SQL, into SQLite.
    """

    crm: str
    writes: int
    seconds: float
    again_seconds: float
    plain_seconds: float
    plain_one_by_one_seconds: float

    def as_json(self) -> dict[str, object]:
        """Return all figures."""
        return asdict(self)

    def render(self) -> str:
        """Return the figures for people."""
        rows = (
            ("read, compared, written, read back, on the books", self.seconds),
            ("a second run, which finds all of it done", self.again_seconds),
            (f"plain SQL updates, {_GROUP} to a commit", self.plain_seconds),
            ("plain SQL updates, a commit each", self.plain_one_by_one_seconds),
        )
        lines = [f"{self.writes:,} writes to {self.crm}"]
        lines += [f"  {what:<50} {seconds:8.2f} s {self.writes / seconds:12,.0f} a second" for what, seconds in rows]
        return "\n".join(lines)


def bench_apply(folder: Path, *, writes: int, crm: str, echo: Callable[[str], None]) -> ApplyBench:
    """Seal updates of that many contacts, write them to a CRM that holds the contacts, and measure.

    `crm`: `files`, or `postgres`: the empty database whose URL is in WB_CRM_URL. Raises InputError if one of the writes
    does not get through: such a figure would be of something else.
    """
    shutil.rmtree(folder, ignore_errors=True)
    home = Home(folder / "home")
    ledger = Ledger.open(home)
    echo(f"sealing {writes:,} decisions")
    sealed_updates(home, ledger, writes)
    kind = _Postgres(folder, writes) if crm == "postgres" else _Files(folder, writes)
    with opened_crm(kind.target) as target:
        echo("writing")
        seconds = _run(home, ledger, target, expected=writes)
        again_seconds = _run(home, ledger, target, expected=0)
    echo("plain updates")
    return ApplyBench(
        crm=crm,
        writes=writes,
        seconds=seconds,
        again_seconds=again_seconds,
        plain_seconds=kind.plain_updates(_GROUP),
        plain_one_by_one_seconds=kind.plain_updates(1),
    )


class _Files:
    """A folder of contacts. Its plain updates go to SQLite: files know none."""

    def __init__(self, folder: Path, writes: int) -> None:
        self._folder, self._writes = folder, writes
        self.target = str(folder / "crm")
        _write_contacts(folder / "crm", writes)

    def plain_updates(self, group: int) -> float:
        return _plain_updates(self._folder / f"plain-{group}.sqlite", self._writes, group)


class _Postgres:
    """A database of contacts, with its own plain updates."""

    def __init__(self, _folder: Path, writes: int) -> None:
        self._writes = writes
        self._url = os.environ.get(URL_VARIABLE, "")
        self.target = POSTGRES
        if not self._url:
            raise InputError("no database to measure with", hint=f"put the URL of an empty one into {URL_VARIABLE}")
        # The driver is an extra: only who measures with it needs it.
        from wb_pipeline.benchmarks.apply_postgres import fill

        fill(self._url, writes)

    def plain_updates(self, group: int) -> float:
        from wb_pipeline.benchmarks.apply_postgres import plain_updates

        return plain_updates(self._url, self._writes, group)


def _run(home: Home, ledger: Ledger, crm: WritableCrm, *, expected: int) -> float:
    started = time.perf_counter()
    report = apply_approved(home, ledger, crm, datetime.now(UTC))
    seconds = time.perf_counter() - started
    if report.outcomes["written"] != expected or report.has_failed:
        raise InputError(f"{report.outcomes['written']:,} of {expected:,} writes got through: nothing is measured")
    return seconds


def _write_contacts(folder: Path, writes: int) -> None:
    folder.mkdir(parents=True)
    with (folder / "contacts.jsonl").open("w", encoding="utf-8") as stream:
        for number in range(1, writes + 1):
            fields = {"email": f"person-{number}@customer.example", "title": "Head of IT", "phone": "+442079460144"}
            row = {"object": "contact", "id": f"bench-{number}", "fields": fields, "archived": False}
            stream.write(json.dumps(row) + "\n")


def _plain_updates(path: Path, writes: int, group: int) -> float:
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.executescript(
            "pragma journal_mode = wal; pragma synchronous = full; create table contacts (id text primary key, title)"
        )
        con.execute("begin")
        given = ((f"bench-{number}", "Head of IT") for number in range(1, writes + 1))
        con.executemany("insert into contacts values (?, ?)", given)
        con.execute("commit")
        started = time.perf_counter()
        for start in range(1, writes + 1, group):
            con.execute("begin immediate")
            for number in range(start, min(start + group, writes + 1)):
                con.execute("update contacts set title = ? where id = ?", (f"VP IT {number}", f"bench-{number}"))
            con.execute("commit")
        return time.perf_counter() - started
