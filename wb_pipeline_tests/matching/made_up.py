"""Made-up CRMs with known truth, of seeds that no shipped model was made from, loaded, prepared and scored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from wb_pipeline.benchmarks.matching.labelled import load_labelled
from wb_pipeline.benchmarks.matching.our_matcher import load_policy_of_bench, stand
from wb_pipeline.matching.crm_pairs import score_crm_pairs
from wb_pipeline.synthetic import generate_crm


@contextmanager
def made_up_crm(contacts: int, seed: int, proposals: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with a made-up CRM, prepared; truth in labelled.truth."""
    with TemporaryDirectory() as folder, duckdb.connect() as con:
        generate_crm(Path(folder), contacts=contacts, seed=seed, proposals=proposals)
        data = load_labelled(con, Path(folder))
        load_policy_of_bench(con)
        stand(con, data.snapshot_hash)
        yield con


@contextmanager
def scored_made_up_crm(contacts: int, seed: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A made-up CRM in matching.scored_pairs, companies first, so that contacts stand in the working tables."""
    with made_up_crm(contacts, seed) as con:
        (snapshot,) = con.execute("select any_value(snapshot_hash) from raw.crm_records").fetchall()[0]
        score_crm_pairs(con, snapshot, "company")
        score_crm_pairs(con, snapshot, "contact")
        yield con
