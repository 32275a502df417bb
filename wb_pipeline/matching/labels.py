"""Labelled pairs beside what the second stage sees of them. Learns nothing: that is `scorecard.learn`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wb_pipeline.matching.link import compare_pairs
from wb_pipeline.matching.scorecard.learn import LabelledPairs
from wb_pipeline.matching.scorecard.term_table import write_pair_terms

if TYPE_CHECKING:
    import duckdb


def labelled_pairs(con: duckdb.DuckDBPyConnection, object_name: str, splink: dict[str, Any]) -> LabelledPairs:
    """Return the labels of one object with their terms, in the order of their ids.

    Reads matching.labels (grain: pair that somebody judged; object, left_id, right_id, is_same) and
    matching.<object>_inputs of all live records; writes matching.blocked_pairs, compared_pairs and pair_terms. All
    labels are compared, also pairs that no blocking rule finds. Labels about records that are not live, or whose id is
    that of a contact and of a lead, are counted as unknown.
    """
    asked = con.execute("select count(*) from matching.labels where object = ?", [object_name]).fetchall()[0][0]
    _number(con, object_name)
    compare_pairs(con, object_name, splink, least_weight=None)
    write_pair_terms(con, object_name)
    found = con.execute(
        """
        select terms.*, labelled.left_id, labelled.right_id, labelled.is_same
        from matching.pair_terms as terms
        inner join matching.numbered_labels as labelled
            on labelled.join_key_l = terms.record_number_l and labelled.join_key_r = terms.record_number_r
        order by labelled.left_id, labelled.right_id
        """
    ).df()
    return LabelledPairs(
        terms=found.drop(columns=["left_id", "right_id", "is_same"]),
        is_same=found["is_same"].to_numpy(dtype=bool),
        left=tuple(found["left_id"].astype(str)),
        right=tuple(found["right_id"].astype(str)),
        unknown=int(asked) - len(found),
    )


def no_labels() -> LabelledPairs:
    """Return what there is when nobody judged anything."""
    import pandas as pd

    return LabelledPairs(pd.DataFrame(), np.zeros(0, dtype=bool), (), ())


def _number(con: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Write matching.numbered_labels, and from it matching.blocked_pairs."""
    con.execute(
        f"""
        create or replace table matching.numbered_labels as
        with known as (
            select record_id, any_value(record_number) as record_number
            from matching.{object_name}_inputs group by record_id having count(*) = 1
        )
        select labels.left_id, labels.right_id, labels.is_same,
            least(l.record_number, r.record_number)::bigint as join_key_l,
            greatest(l.record_number, r.record_number)::bigint as join_key_r
        from matching.labels as labels
        inner join known as l on l.record_id = labels.left_id
        inner join known as r on r.record_id = labels.right_id
        where labels.object = $object
        """,  # noqa: S608 - our own names
        {"object": object_name},
    )
    con.execute(
        "create or replace table matching.blocked_pairs as"
        " select join_key_l, join_key_r, '0' as match_key, 'labels' as blocking_rule from matching.numbered_labels"
    )
