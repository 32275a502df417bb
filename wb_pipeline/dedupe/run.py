"""One dedupe run over scored pairs: clusters, ids, rates, sealed. Scoring and loading inputs are the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.dedupe.creators import write_creators
from wb_pipeline.dedupe.identities import write_identities
from wb_pipeline.dedupe.linking import cluster_labels, write_pairs
from wb_pipeline.dedupe.live_records import OBJECTS, write_live_records
from wb_pipeline.dedupe.loading import load_dedupe
from wb_pipeline.dedupe.rates import write_rates
from wb_pipeline.dedupe.sealed_runs import latest_run
from wb_pipeline.dedupe.sealing import CarriedFrom, DedupeInputs, seal_dedupe

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger

_TEMPORARY = ("records", "judgements", "pairs", "entities", "trail", "creators", "rates")


def deduplicate(con: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, inputs: DedupeInputs) -> Event:
    """Find the duplicates of a snapshot from matching.scored_pairs, seal them, bring books.* up to date.

    Reads raw.crm_records, policy.matching_costs, books.sealed_decisions (all loaded by the caller) and the ids of the
    last run. Merges nothing: what it finds is for people (IDN-10).
    """
    load_dedupe(con, home, ledger)
    write_live_records(con, inputs.snapshot_hash)
    write_pairs(con, inputs.snapshot_hash, inputs.policy_hash)
    earlier = latest_run(ledger)
    labels = {name: cluster_labels(con, inputs.snapshot_hash, name) for name in OBJECTS}
    next_numbers = write_identities(con, labels, earlier.seal.next_numbers if earlier else {})
    write_creators(con, inputs.snapshot_hash)
    write_rates(con)
    carried = CarriedFrom(earlier.sequence if earlier else 0, next_numbers)
    event = seal_dedupe(con, home, ledger, inputs, carried)
    load_dedupe(con, home, ledger)
    for name in _TEMPORARY:
        con.execute(f"drop table temp.dedupe_{name}")
    return event
