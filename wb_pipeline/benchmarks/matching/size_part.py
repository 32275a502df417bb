"""One part of the work on a CRM of some size, run in a process of its own so that its time and memory are its own.

What a part needs beforehand is done first and not counted in its seconds; the warehouse lies in the home between parts.
Run as `python -m wb_pipeline.benchmarks.matching.size_part --help`; `size` does so for every part.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching import our_matcher
from wb_pipeline.benchmarks.matching.labelled import load_labelled
from wb_pipeline.benchmarks.matching.labels import no_labels
from wb_pipeline.dedupe.judgements import load_judged_pairs
from wb_pipeline.dedupe.run import deduplicate
from wb_pipeline.dedupe.sealing import DedupeInputs
from wb_pipeline.home import Home
from wb_pipeline.ledger.loading import load_sealed
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.matching.crm_pairs import score_crm_pairs
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import load_policy
from wb_pipeline.warehouse import open_warehouse

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.matching.inputs import ObjectName

    Part = Callable[[duckdb.DuckDBPyConnection, "Place"], Callable[[], object]]

PROPOSALS = 1_000
_CLOCK = datetime(2026, 3, 2, tzinfo=UTC)

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


@dataclass(frozen=True)
class Place:
    """Where a part works: the home with the warehouse, shared by all parts, and the folder that `wb sample` wrote."""

    home: Home
    data: Path


def _load(con: duckdb.DuckDBPyConnection, place: Place) -> Callable[[], object]:
    return lambda: load_labelled(con, place.data)


def _prepare(con: duckdb.DuckDBPyConnection, _place: Place) -> Callable[[], object]:
    our_matcher.load_policy_of_bench(con)
    return lambda: our_matcher.stand(con, _snapshot(con))


def _prepare_changed(con: duckdb.DuckDBPyConnection, _place: Place) -> Callable[[], object]:
    con.execute(_CHANGED)
    return lambda: our_matcher.stand(con, _snapshot(con))


def _train(object_name: ObjectName) -> Part:
    def part(con: duckdb.DuckDBPyConnection, _place: Place) -> Callable[[], object]:
        no_labels(con)
        return lambda: our_matcher.learn(con, _snapshot(con), object_name)

    return part


def _score(object_name: ObjectName) -> Part:
    return lambda con, _place: lambda: score_crm_pairs(con, _snapshot(con), object_name)


def _cluster(con: duckdb.DuckDBPyConnection, place: Place) -> Callable[[], object]:
    ledger = Ledger.open(place.home)
    load_sealed(con, place.home, ledger)
    load_judged_pairs(con, ledger)
    policy = load_policy(default_policy_file()).policy_hash
    inputs = DedupeInputs("bench", _snapshot(con), policy, "bench", is_full=True, clock_at=_CLOCK)
    return lambda: deduplicate(con, place.home, ledger, inputs)


def _decide(con: duckdb.DuckDBPyConnection, _place: Place) -> Callable[[], object]:
    con.execute("delete from labelled.proposals where rowid >= ?", [PROPOSALS])
    return lambda: our_matcher.decide(con, {})


PARTS: dict[str, Part] = {
    "read": _load,
    "prepare, first": _prepare,
    "prepare, 1 % changed": _prepare_changed,
    "train the model of company": _train("company"),
    "train the model of contact": _train("contact"),
    "pairs of company": _score("company"),
    "pairs of contact": _score("contact"),
    "clusters, ids, sealing": _cluster,
    "proposals": _decide,
}
"""In the order in which they build on each other."""


def _snapshot(con: duckdb.DuckDBPyConnection) -> str:
    return str(con.execute("select any_value(snapshot_hash) from raw.crm_records").fetchall()[0][0])


@dataclass(frozen=True)
class PartTime:
    """What a part took: seconds on the clock, and of the processor, all threads together."""

    seconds: float
    cpu_seconds: float


def run_part(name: str, *, home: Path, data: Path) -> PartTime:
    """Run one part on the warehouse of a home and return what it took."""
    with open_warehouse(Home(home)) as con:
        work = PARTS[name](con, Place(Home(home), data))
        started, busy_before = time.perf_counter(), time.process_time()
        work()
        return PartTime(time.perf_counter() - started, time.process_time() - busy_before)


def main() -> None:
    """Run the part that the command line names and write its seconds as JSON."""
    parser = argparse.ArgumentParser(prog="python -m wb_pipeline.benchmarks.matching.size_part", description=__doc__)
    parser.add_argument("--part", choices=list(PARTS), required=True)
    parser.add_argument("--home", type=Path, required=True, help="folder of the warehouse, shared by all parts")
    parser.add_argument("--data", type=Path, required=True, help="folder that `wb sample` wrote")
    parser.add_argument("--report", type=Path, required=True, help="JSON file for the seconds")
    options = parser.parse_args()
    took = run_part(options.part, home=options.home, data=options.data)
    options.report.write_text(json.dumps(asdict(took)), encoding="utf-8")


if __name__ == "__main__":
    main()
