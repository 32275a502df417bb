"""One part of the work on a CRM of some size, run in a process of its own so that its time and memory are its own.

What a part needs beforehand is done first and not counted in its seconds; the warehouse lies in the home between parts.
Run as `python -m wb_pipeline.benchmarks.matching.size_part --help`; `size` does so for every part.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching import our_matcher
from wb_pipeline.benchmarks.matching.labelled import load_labelled
from wb_pipeline.home import Home
from wb_pipeline.warehouse import open_warehouse

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.matching.inputs import ObjectName

    Part = Callable[[duckdb.DuckDBPyConnection, Path], Callable[[], object]]

PROPOSALS = 1_000

# Every hundredth record gets another title and phone; a new snapshot is a new name for all records.
_CHANGED = """
create or replace table raw.crm_records as
select * replace (
    'changed ' || snapshot_hash as snapshot_hash,
    case when md5(record_id) < '028f5c28' then json_merge_patch(
        fields, json_object('title', 'Head of ' || record_id, 'phone', '+1206555' || right('000' || record_id, 4))
    )::varchar else fields end as fields
)
from raw.crm_records
"""


def _load(con: duckdb.DuckDBPyConnection, data: Path) -> Callable[[], object]:
    return lambda: load_labelled(con, data)


def _prepare(con: duckdb.DuckDBPyConnection, _data: Path) -> Callable[[], object]:
    our_matcher.load_policy_of_bench(con)
    return lambda: our_matcher.stand(con, _snapshot(con))


def _prepare_changed(con: duckdb.DuckDBPyConnection, _data: Path) -> Callable[[], object]:
    con.execute(_CHANGED)
    return lambda: our_matcher.stand(con, _snapshot(con))


def _score(object_name: ObjectName) -> Part:
    return lambda con, _data: lambda: our_matcher.score(con, _snapshot(con), object_name)


def _decide(con: duckdb.DuckDBPyConnection, _data: Path) -> Callable[[], object]:
    con.execute("delete from labelled.proposals where rowid >= ?", [PROPOSALS])
    return lambda: our_matcher.decide(con)


PARTS: dict[str, Part] = {
    "read": _load,
    "prepare, first": _prepare,
    "prepare, 1 % changed": _prepare_changed,
    "pairs of company": _score("company"),
    "pairs of contact": _score("contact"),
    "proposals": _decide,
}
"""In the order in which they build on each other."""


def _snapshot(con: duckdb.DuckDBPyConnection) -> str:
    return str(con.execute("select any_value(snapshot_hash) from raw.crm_records").fetchall()[0][0])


def run_part(name: str, *, home: Path, data: Path) -> float:
    """Run one part on the warehouse of a home and return its seconds."""
    with open_warehouse(Home(home)) as con:
        work = PARTS[name](con, data)
        started = time.perf_counter()
        work()
        return time.perf_counter() - started


def main() -> None:
    """Run the part that the command line names and write its seconds as JSON."""
    parser = argparse.ArgumentParser(prog="python -m wb_pipeline.benchmarks.matching.size_part", description=__doc__)
    parser.add_argument("--part", choices=list(PARTS), required=True)
    parser.add_argument("--home", type=Path, required=True, help="folder of the warehouse, shared by all parts")
    parser.add_argument("--data", type=Path, required=True, help="folder that `wb sample` wrote")
    parser.add_argument("--report", type=Path, required=True, help="JSON file for the seconds")
    options = parser.parse_args()
    seconds = run_part(options.part, home=options.home, data=options.data)
    options.report.write_text(json.dumps({"seconds": seconds}), encoding="utf-8")


if __name__ == "__main__":
    main()
