"""matching.pair_terms: every term of every compared pair, ready for points. Adds no points up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.models.term import Number, meaning_sql

if TYPE_CHECKING:
    import duckdb


# What only two different people differ in, however much else agrees: they may share name, firm, phone and mailbox.
_CONTRADICTED = {
    "contact": "coalesce(name_suffix_l <> name_suffix_r, false) as is_contradicted",
    "company": "false as is_contradicted",
}


def write_pair_terms(con: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Replace matching.pair_terms (grain: pair): the two record numbers, match_weight, a column per term, conflicts.

    Reads matching.compared_pairs and matching.<object>_inputs.
    """
    model = MODELS[object_name]
    levels = ", ".join(
        f"{comparison.level_sql()} as {comparison.name}_level, {meaning_sql(comparison)} as {comparison.name}_meaning"
        for comparison in model.comparisons
    )
    terms = ", ".join(f'{term.sql} as "{term.name}"' for term in model.terms)
    sides = "".join(f", {side}.{column} as {column}_{side}" for side in "lr" for column in _columns_of(object_name))
    inputs = f"matching.{object_name}_inputs"
    con.execute(
        f"""
        create or replace table matching.pair_terms as
        with sided as (
            select pairs.*{sides}
            from matching.compared_pairs as pairs
            inner join {inputs} as l on l.record_number = pairs.record_number_l
            inner join {inputs} as r on r.record_number = pairs.record_number_r
        ),
        levelled as (select *, {levels} from sided)
        select record_number_l, record_number_r, match_weight, {terms}{_conflict(object_name)}
        from levelled
        """  # noqa: S608 - our own names
    )


def _columns_of(object_name: str) -> list[str]:
    """Return the inputs' columns that the numbers of an object are made of."""
    numbers = (term.sql for term in MODELS[object_name].terms if isinstance(term, Number))
    return sorted({name for sql in numbers for name in re.findall(r"\b(\w+)_[lr]\b", sql)})


def _conflict(object_name: str) -> str:
    """Return SQL for the comparisons that conflict, as a list, and for whether the two cannot be one at all."""
    names = (comparison.name for comparison in MODELS[object_name].comparisons)
    listed = ", ".join(f"case when {name}_meaning = 'conflicts' then '{name}' end" for name in names)
    return f", list_filter([{listed}], lambda name: name is not null) as conflicts, {_CONTRADICTED[object_name]}"


def number_names(object_name: str) -> list[str]:
    """Return the names of the terms that are numbers."""
    return [term.name for term in MODELS[object_name].terms if isinstance(term, Number)]
