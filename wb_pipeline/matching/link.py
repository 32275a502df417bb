"""Splink at work: a trained model scores the pairs that blocking found. Trains nothing, decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wb_pipeline.matching.models.objects import MODELS

if TYPE_CHECKING:
    import duckdb
    from splink import Linker

CHUNK_PAIRS = 400_000
"""So many pairs are compared at a time."""
CERTAIN_NON_MATCH = -12.0
"""Splink's weight below which the second stage is not asked: odds of one to four thousand, by Splink alone."""


def linker_over(con: duckdb.DuckDBPyConnection, object_name: str, inputs: str, settings: dict[str, Any]) -> Linker:
    """Return a Splink linker over an inputs table, its term frequencies those of the whole CRM."""
    from splink import Linker
    from splink.backends.duckdb import DuckDBAPI

    # A connection of its own: Splink works in the schema `matching`, the caller's stays as it was.
    api = DuckDBAPI(connection=con.cursor(), output_schema="matching")
    linker = Linker(api.register(inputs), settings, log_level=None, validate_settings=False)
    total = max(1, con.execute(f"select count(*) from matching.{object_name}_base").fetchall()[0][0])  # noqa: S608 - our own names
    for column in MODELS[object_name].frequency_columns:
        con.execute(
            f"""
            create or replace table matching.tf_{object_name}_{column} as
            select distinct {column}, {column}_records / {total}::double as tf_{column}
            from matching.{inputs} where {column}_records > 0
            """  # noqa: S608 - our own names and numbers
        )
        table = api.register(f"tf_{object_name}_{column}")
        linker.table_management.register_term_frequency_lookup(table, column)
    return linker


def compare_pairs(
    con: duckdb.DuckDBPyConnection,
    object_name: str,
    settings: dict[str, Any],
    *,
    least_weight: float | None = CERTAIN_NON_MATCH,
) -> int:
    """Write matching.compared_pairs from matching.blocked_pairs and matching.<object>_inputs; return its rows.

    Grain: pair; record_number_l, record_number_r, match_weight (log2 of the odds), and per comparison gamma_ (the
    level) and mw_ (the weight it adds). Pairs below `least_weight` are left out.
    """
    con.execute("drop table if exists matching.compared_pairs")
    pairs = con.execute("select count(*) from matching.blocked_pairs").fetchall()[0][0]
    if not pairs:
        _write_no_comparisons(con, object_name)
        return 0
    # Splink holds all columns of both records beside each pair while it compares: a chunk at a time bounds memory.
    for start in range(0, pairs, CHUNK_PAIRS):
        con.execute(
            "create or replace table matching.pair_chunk as select * from matching.blocked_pairs"
            " where rowid >= $start and rowid < $start + $size",
            {"start": start, "size": CHUNK_PAIRS},
        )
        linker = linker_over(con, object_name, f"{object_name}_inputs", settings)
        _compare_chunk(con, object_name, linker, least_weight)
    con.execute("drop table matching.pair_chunk")
    return int(con.execute("select count(*) from matching.compared_pairs").fetchall()[0][0])


def _write_no_comparisons(con: duckdb.DuckDBPyConnection, object_name: str) -> None:
    # Most small batches have nothing to compare, and to start Splink takes most of a second.
    names = [comparison.name for comparison in MODELS[object_name].comparisons]
    columns = ", ".join(f"gamma_{name} integer, mw_{name} double" for name in names)
    con.execute(
        "create table matching.compared_pairs"
        f" (record_number_l bigint, record_number_r bigint, match_weight double, {columns})"
    )


def _compare_chunk(
    con: duckdb.DuckDBPyConnection, object_name: str, linker: Linker, least_weight: float | None
) -> None:
    pairs = linker._db_api.register("pair_chunk")  # noqa: SLF001 - Splink keeps its connection there
    linker.table_management.register_blocked_pairs_for_predict(pairs)
    found = linker.inference.predict(threshold_match_weight=least_weight, warning_mode="never")
    kept = ", ".join(f"gamma_{comparison.name}, mw_{comparison.name}" for comparison in MODELS[object_name].comparisons)
    select = f"select record_number_l, record_number_r, match_weight, {kept} from matching.{found.physical_name}"  # noqa: S608 - our own names and Splink's
    con.execute(f"create table if not exists matching.compared_pairs as {select} limit 0")
    con.execute(f"insert into matching.compared_pairs {select}")
    found.drop_table_from_database_and_remove_from_cache()
