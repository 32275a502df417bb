"""A model tried on a sample of a CRM's pairs: how its scores spread, and what in it looks odd. Changes no score."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from wb_pipeline.matching.link import compare_pairs
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.scorecard.calibration import EDGES
from wb_pipeline.matching.scorecard.score import write_pair_scores
from wb_pipeline.matching.scorecard.term_table import write_pair_terms

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.matching.bundle import ObjectModel
    from wb_pipeline.matching.models.comparison import Level

SAMPLE_PAIRS = 100_000
"""At most so many pairs are tried, chosen by the hash of their ids."""
_WEIGHT_STEP = 5


def try_model(con: duckdb.DuckDBPyConnection, object_name: str, model: ObjectModel) -> dict[str, Any]:
    """Score a sample of matching.found_pairs (what blocking found) and return its spread.

    pairs: how many there are in all; sample: how many were tried; probability: bins of the calibrated score (low, high,
    pairs); match_weight: bins of Splink's, in steps of five bits. Replaces matching.blocked_pairs and the score tables.
    """
    con.execute(
        f"""
        create or replace table matching.blocked_pairs as
        select found.* from matching.found_pairs as found
        inner join matching.{object_name}_inputs as l on l.record_number = found.join_key_l
        inner join matching.{object_name}_inputs as r on r.record_number = found.join_key_r
        order by hash(l.record_id, r.record_id), join_key_l, join_key_r limit {SAMPLE_PAIRS}
        """  # noqa: S608 - our own names and numbers
    )
    tried = compare_pairs(con, object_name, model.splink, least_weight=None)
    write_pair_terms(con, object_name)
    write_pair_scores(con, object_name, model.card)
    pairs = con.execute("select count(*) from matching.found_pairs").fetchall()[0][0]
    return {"pairs": int(pairs), "sample": tried, "probability": _probabilities(con), "match_weight": _weights(con)}


def _probabilities(con: duckdb.DuckDBPyConnection) -> list[dict[str, float]]:
    rows = con.execute(
        """
        select least(len(list_filter($edges, lambda edge: edge <= match_probability)), len($edges) - 1) as place,
            count(*)
        from matching.pair_scores group by place
        """,
        {"edges": list(EDGES)},
    ).fetchall()
    found = dict(rows)
    return [
        {"low": low, "high": EDGES[place + 1], "pairs": int(found.get(place + 1, 0))}
        for place, low in enumerate(EDGES[:-1])
    ]


def _weights(con: duckdb.DuckDBPyConnection) -> list[dict[str, float]]:
    rows = con.execute(
        "select floor(match_weight / $step)::integer * $step as low, count(*) from matching.pair_scores"
        " group by low order by low",
        {"step": _WEIGHT_STEP},
    ).fetchall()
    return [{"low": low, "high": low + _WEIGHT_STEP, "pairs": pairs} for low, pairs in rows]


def levels_against_meaning(object_name: str, splink: dict[str, Any]) -> list[str]:
    """Return, in words, the agreements that came out of training as speaking against a pair.

    They were learned from too little, or from data that breaks the rule: a person should look before trusting them.
    (A conflict may well speak for a pair: two of one surname at one firm are one person more often than strangers are.)
    """
    weights = level_weights(object_name, splink)
    return [
        f"{name}, {level.words}: {bits:+.1f}" for name, level, bits in weights if level.meaning == "agrees" and bits < 0
    ]


def level_weights(object_name: str, splink: dict[str, Any]) -> list[tuple[str, Level, float]]:
    """Return (comparison, level, bits) of trained settings: log2 of m over u, before rarity is weighed in."""
    found = []
    for comparison, made in zip(MODELS[object_name].comparisons, splink["comparisons"], strict=True):
        levels = [level for level in made["comparison_levels"] if not level.get("is_null_level")]
        for level, trained in zip((*comparison.levels, comparison.otherwise), levels, strict=True):
            found.append((comparison.name, level, math.log2(trained["m_probability"] / trained["u_probability"])))
    return found
