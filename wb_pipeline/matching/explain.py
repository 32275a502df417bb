"""Why two records are held to be one, or two: every point and weight of one pair, by the model that scores it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.matching.blocking import block_within
from wb_pipeline.matching.inputs import ObjectName, write_inputs
from wb_pipeline.matching.link import compare_pairs, linker_over
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.scorecard.score import write_pair_scores
from wb_pipeline.matching.scorecard.term_table import write_pair_terms
from wb_pipeline.matching.visible import visible

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.matching.bundle import ObjectModel

_SHOWN = {
    "contact": {
        "name": "full_name",
        "mailbox": "email",
        "phone": "phones",
        "linkedin": "linkedin_slug",
        "employer": "employer_joined",
        "title": "title_key",
        "place": "city",
    },
    "company": {
        "name": "name_joined",
        "domain": "domain",
        "phone": "phones",
        "address": "address_key",
        "place": "city",
        "industry": "industry",
        "legal_form": "legal_form",
        "size": "employees",
    },
}
"""Per comparison, the prepared column that people recognize."""
_MOST_SHOWN = 60
_MOST_BESIDE_A_BAR = 22
_NEARLY = 0.0005


@dataclass(frozen=True)
class FieldExplained:
    """One source of evidence: both sides as compared, what was found, the card's points and Splink's bits."""

    field: str
    left: str
    right: str
    found: str
    points: float
    bits: float


@dataclass(frozen=True)
class PairExplained:
    """One pair. `rules`: the blocking rules that find it; `waterfall`: Splink's chart as Vega-Lite."""

    object: str
    left_id: str
    right_id: str
    match_probability: float
    match_weight: float
    intercept: float
    sentence: str
    conflict: str
    rules: tuple[str, ...]
    fields: tuple[FieldExplained, ...]
    waterfall: dict[str, Any]

    @property
    def probability(self) -> str:
        """The probability for people: never 100 %, for nothing is certain."""
        if self.match_probability > 1 - _NEARLY:
            return "more than 99.9%"
        return f"{self.match_probability:.1%}" if self.match_probability >= _NEARLY else "less than 0.1%"


def explain_pair(
    con: duckdb.DuckDBPyConnection, object_name: ObjectName, left_id: str, right_id: str, model: ObjectModel
) -> PairExplained:
    """Compare two live records afresh and return all that went into the score.

    Needs `standing.stand_ready`: how rare a value is comes from the whole CRM. Each id is that of one record in
    matching.<object>_base.
    """
    rules = _compare(con, object_name, left_id, right_id, model)
    score = _row(con, "select * from matching.pair_scores")
    waterfall = _waterfall(con, object_name, model)
    fields = _fields(con, object_name, json.loads(score["field_weights"]), waterfall["data"]["values"])
    return PairExplained(
        object=object_name,
        left_id=left_id,
        right_id=right_id,
        match_probability=score["match_probability"],
        match_weight=score["match_weight"],
        intercept=model.card.intercept,
        sentence=score["match_reason"],
        conflict=score["conflict_reason"] if score["has_conflict"] else "",
        rules=tuple(rules),
        fields=tuple(fields),
        waterfall=waterfall,
    )


def _compare(
    con: duckdb.DuckDBPyConnection, object_name: ObjectName, left_id: str, right_id: str, model: ObjectModel
) -> list[str]:
    """Score the pair as any other, left being record 1 and right 2; return the blocking rules that find it."""
    con.execute(
        f"""
        create or replace table matching.explained as
        select if(record_id = $left, 1, 2)::integer as record_number, * exclude (record_number)
        from matching.{object_name}_base where record_id in ($left, $right)
        """,  # noqa: S608 - our own names
        {"left": left_id, "right": right_id},
    )
    counts = block_within(con, "matching.explained", MODELS[object_name].rules)
    write_inputs(con, object_name, "matching.explained")
    con.execute(
        "create or replace table matching.blocked_pairs as select 1::bigint as join_key_l, 2::bigint as join_key_r,"
        " '0' as match_key, 'asked' as blocking_rule"
    )
    compare_pairs(con, object_name, model.splink, least_weight=None)
    write_pair_terms(con, object_name)
    write_pair_scores(con, object_name, model.card)
    return [each.rule for each in counts if each.pairs]


def _row(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description or []]
    (row,) = cursor.fetchall()
    return dict(zip(names, row, strict=True))


def _fields(
    con: duckdb.DuckDBPyConnection, object_name: ObjectName, points: dict[str, float], bars: list[dict[str, Any]]
) -> list[FieldExplained]:
    """Return what each comparison adds. Splink's bits are those of the level and of the value's rarity, two bars."""
    compared = _row(con, "select * from matching.compared_pairs")
    sides = _sides(con, object_name)
    found = []
    for comparison in MODELS[object_name].comparisons:
        name = comparison.name
        level = comparison.gammas().get(compared[comparison.gamma_column])
        left, right = (_shown(side.get(_SHOWN[object_name].get(name, ""))) for side in sides)
        bits = sum(float(bar["log2_bayes_factor"]) for bar in bars if bar["column_name"] in {name, f"tf_{name}"})
        words = level.words if level else "nothing to compare"
        found.append(FieldExplained(name, left, right, words, points.get(name, 0.0), bits))
    return found


def _sides(con: duckdb.DuckDBPyConnection, object_name: ObjectName) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return both records' inputs, left first."""
    left, right = (_row(con, f"from matching.{object_name}_inputs where record_number = {side}") for side in (1, 2))
    return left, right


def _waterfall(con: duckdb.DuckDBPyConnection, object_name: ObjectName, model: ObjectModel) -> dict[str, Any]:
    """Return Splink's chart, with the values that people recognize in the place of all that was compared."""
    linker = linker_over(con, object_name, f"{object_name}_inputs", model.splink)
    pairs = linker._db_api.register("blocked_pairs")  # noqa: SLF001 - Splink keeps its connection there
    linker.table_management.register_blocked_pairs_for_predict(pairs)
    predicted = linker.inference.predict(warning_mode="never")
    # Without values: Splink would list every column that a comparison reads. Those that people recognize go in below.
    drawn = linker.visualisations.waterfall_chart(predicted.as_record_list(), remove_sensitive_data=True)
    chart: dict[str, Any] = drawn.chart_dict
    predicted.drop_table_from_database_and_remove_from_cache()
    sides = dict(zip(("value_l", "value_r"), _sides(con, object_name), strict=True))
    for bar in chart["data"]["values"]:
        shown = _SHOWN[object_name].get(str(bar["column_name"]), "")
        for name, side in sides.items():
            bar[name] = visible(_shown(side.get(shown)), _MOST_BESIDE_A_BAR) if shown else ""
    chart["width"] = {"step": 90}
    return chart


def _shown(value: object) -> str:
    if value is None:
        return ""
    return visible(", ".join(map(str, value)) if isinstance(value, list) else value, _MOST_SHOWN)
