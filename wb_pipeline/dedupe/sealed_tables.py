"""The files of a sealed dedupe run and the tables that they fill: columns, order, names. Nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SealedTable:
    """`part`: what the ledger calls the file. `source`: the temporary table or query that is sealed.

    `columns` with DuckDB types, `order` = the order of rows in the file. `keeps_all_runs`: books.dedupe_<part> holds
    every run's rows, else those of the newest run alone.
    """

    part: str
    source: str
    columns: dict[str, str]
    order: str
    keeps_all_runs: bool = False

    @property
    def table(self) -> str:
        """The table of schema books that it is loaded into; its first column is `dedupe_sequence`."""
        return f"dedupe_{self.part}"


_TEXT, _WHOLE, _REAL, _FLAG = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN"

SEALED_TABLES = (
    SealedTable(
        "entity_ids",
        "dedupe_entities",
        {
            "object": _TEXT,
            "record_object": _TEXT,
            "record_id": _TEXT,
            "entity_id": _TEXT,
            "entity_number": _WHOLE,
            "is_first": _FLAG,
        },
        "object, record_id",
    ),
    SealedTable(
        "id_trail",
        "dedupe_trail",
        {
            "object": _TEXT,
            "event": _TEXT,
            "entity_id": _TEXT,
            "other_entity_id": _TEXT,
            "records_before": _WHOLE,
            "records_after": _WHOLE,
        },
        "object, entity_id, event",
        keeps_all_runs=True,
    ),
    # What a person judged different is on the books as such, and no duplicate.
    SealedTable(
        "pairs",
        "(from dedupe_pairs where is_judged_same is distinct from false)",
        {
            "object": _TEXT,
            "left_id": _TEXT,
            "right_id": _TEXT,
            "blocking_rule": _TEXT,
            "match_weight": _REAL,
            "match_probability": _REAL,
            "has_conflict": _FLAG,
            "conflict_reason": _TEXT,
            "match_reason": _TEXT,
            "field_weights": _TEXT,
            "is_judged_same": _FLAG,
        },
        "object, left_id, right_id",
    ),
    SealedTable(
        "rates",
        "dedupe_rates",
        {"object": _TEXT, "scope": _TEXT, "name": _TEXT, "records": _WHOLE, "surplus_records": _WHOLE},
        "object, scope, name",
        keeps_all_runs=True,
    ),
)
