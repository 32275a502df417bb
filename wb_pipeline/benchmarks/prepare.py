"""How long it takes to prepare a made-up CRM: the first time, and after one record of a hundred changed. No verdict."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.matching.prepare import DomainLists, prepare_crm
from wb_pipeline.policy.mail_domains import disposable_domains, personal_domains
from wb_pipeline.synthetic.generate import generate_crm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb

SIZES = (10_000, 100_000, 1_000_000)
_CHANGED_ONE_OF = 100
_RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
_FIELDS = {"title": ("job_title",)}
_RECORDS = """
insert into raw.crm_records
select
    'first', '{object}', {object}_id, cast(to_json(given) as varchar), to_timestamp(given.created_at),
    to_timestamp(given.updated_at), false, null
from (from read_parquet(?)) as given
"""
_RAW = """
create schema raw;
create table raw.crm_records (
    snapshot_hash text, object text, record_id text, fields text, created_at timestamp, updated_at timestamp,
    is_archived boolean, merged_into_id text
)
"""
_CHANGE = f"""
insert into raw.crm_records
select * replace (
    'changed' as snapshot_hash,
    case
        when hash(record_id) % {_CHANGED_ONE_OF} = 0
            then replace(replace(fields, '"first_name":"', '"first_name":"Xa'), '"name":"', '"name":"Xa')
        else fields
    end as fields
)
from raw.crm_records
"""  # noqa: S608 - a number of ours


@dataclass(frozen=True, slots=True)
class PrepareFigures:
    """Contacts asked for, records in all; seconds on the clock and of both processors; the process's peak in bytes."""

    contacts: int
    records: int
    first_seconds: float
    first_cpu_seconds: float
    changed_records: int
    changed_seconds: float
    changed_cpu_seconds: float
    peak_bytes: int


def bench_prepare(
    folder: Path | None = None,
    contacts: Sequence[int] = SIZES,
    *,
    seed: int = 1,
    say: Callable[[str], object] = lambda _line: None,
) -> list[PrepareFigures]:
    """Make a CRM of each size below `folder` (a temporary one by default), prepare it twice, and return the figures.

    `peak_bytes` is that of this process so far, so sizes should grow. `say` gets one line per size.
    """
    figures = []
    for size in contacts:
        with tempfile.TemporaryDirectory(dir=folder) as own:
            figures.append(_prepare_twice(Path(own), size, seed))
        say(_line(figures[-1]))
    return figures


def _prepare_twice(folder: Path, contacts: int, seed: int) -> PrepareFigures:
    import duckdb

    generate_crm(folder, contacts=contacts, seed=seed)
    con = duckdb.connect(str(folder / "warehouse.duckdb"), config={"preserve_insertion_order": False})
    con.execute("set timezone = 'UTC'")
    con.execute(_RAW)
    for name, plural in (("contact", "contacts"), ("company", "companies")):
        con.execute(_RECORDS.format(object=name), [str(folder / f"crm_{plural}.parquet")])
    con.execute(_CHANGE)
    first = _timed(con, "first")
    changed = _timed(con, "changed")
    con.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT_BYTES
    return PrepareFigures(contacts, first[0], *first[2:], changed[1], *changed[2:], peak)


def _timed(con: duckdb.DuckDBPyConnection, snapshot: str) -> tuple[int, int, float, float]:
    """Return records, records prepared, seconds on the clock, seconds of the processors."""
    lists = DomainLists(free=personal_domains(), disposable=disposable_domains())
    started, used = time.perf_counter(), time.process_time()
    report = prepare_crm(con, snapshot, domains=lists, contact_fields=_FIELDS)
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    return sum(report.records.values()), sum(report.changed.values()), wall, cpu


def _line(found: PrepareFigures) -> str:
    return (
        f"{found.contacts:>9,} contacts, {found.records:,} records: first {found.first_seconds:.1f} s"
        f" ({found.first_cpu_seconds:.1f} s of the processors), {found.changed_records:,} changed"
        f" {found.changed_seconds:.1f} s ({found.changed_cpu_seconds:.1f} s), peak {found.peak_bytes / 2**30:.2f} GB"
    )
