"""facts.citation_facts: what evidence/verify.py finds out about each citation, as a table. No rules here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.evidence.verify import CITATION_FACTS
from wb_pipeline.facts.current_run import count_rows, open_run

if TYPE_CHECKING:
    import duckdb


def write_citation_facts(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.citation_facts, with the grain and columns of `CITATION_FACTS`, and return its rows."""
    open_run(con)
    con.execute(f"create or replace table facts.citation_facts as {CITATION_FACTS}")
    return count_rows(con, "facts.citation_facts")
