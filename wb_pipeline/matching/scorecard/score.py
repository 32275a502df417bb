"""matching.pair_scores: the calibrated probability of every compared pair, with the words and weights behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.matching.models.comparison import Comparison, Meaning
from wb_pipeline.matching.models.objects import MODELS

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.matching.scorecard.card import Card

CONFLICT_BELOW = 0.05
"""Signs that speak against a pair make a conflict only where the whole score agrees that they are two."""
CONTRADICTED_AT_MOST = 0.5
"""A senior and a junior are two, whatever the score: no more than even odds, so that a person looks."""
_SAID: tuple[Meaning, ...] = ("agrees", "weak", "differs", "conflicts")


def write_pair_scores(con: duckdb.DuckDBPyConnection, object_name: str, card: Card) -> None:
    """Replace matching.pair_scores from matching.pair_terms and matching.compared_pairs.

    Grain: pair. record_number_l, record_number_r, match_weight (Splink's), match_probability (calibrated),
    has_conflict, conflict_reason, match_reason (a sentence), field_weights (JSON: comparison -> points, natural
    log-odds, rounded; with the card's intercept they add up to the logit).
    """
    con.execute(
        f"""
        create or replace table matching.pair_scores as
        with scored as (
            select *, {card.logit_sql()} as logit, {_weights_sql(object_name, card)} as field_weights
            from matching.pair_terms
        ),
        worded as (
            select record_number_l, record_number_r, {_words_sql(object_name)}
            from matching.compared_pairs
        )
        select
            scored.record_number_l, scored.record_number_r, scored.match_weight,
            least(
                1 / (1 + exp(-greatest(least(logit, 30), -30))), if(is_contradicted, {CONTRADICTED_AT_MOST}, 1.0)
            ) as match_probability,
            is_contradicted or (len(conflicting) > 0 and match_probability < {CONFLICT_BELOW}) as has_conflict,
            nullif(array_to_string(all_conflicts, ', '), '') as conflict_reason,
            concat_ws('; ', nullif(array_to_string(list_concat(agreeing, hinting), ', '), ''),
                nullif(array_to_string(list_concat(all_conflicts, differing), ', '), '')) as match_reason,
            field_weights
        from (
            select *, list_concat(if(is_contradicted, ['senior and junior'], []), conflicting) as all_conflicts
            from scored
            inner join worded using (record_number_l, record_number_r)
        ) as scored
        """  # noqa: S608 - our own names; the points are a card's numbers
    )


def _words_sql(object_name: str) -> str:
    names = {"agrees": "agreeing", "weak": "hinting", "differs": "differing", "conflicts": "conflicting"}
    return ", ".join(f"{_list_of(object_name, meaning)} as {names[meaning]}" for meaning in _SAID)


def _list_of(object_name: str, meaning: Meaning) -> str:
    said = ", ".join(_case(comparison, meaning) for comparison in MODELS[object_name].comparisons)
    return f"list_filter([{said}], lambda words: words is not null)"


def _case(comparison: Comparison, meaning: Meaning) -> str:
    cases = [
        f"when {gamma} then {_quoted(level.words)}"
        for gamma, level in comparison.gammas().items()
        if level.meaning == meaning
    ]
    return f"case {comparison.gamma_column} {' '.join(cases)} end" if cases else "null"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _weights_sql(object_name: str, card: Card) -> str:
    """Return SQL for the points that each comparison adds, those of a term over two shared between them."""
    parts: dict[str, list[str]] = {comparison.name: [] for comparison in MODELS[object_name].comparisons}
    points = card.points_sql()
    for term in MODELS[object_name].terms:
        if term.name in points:
            for name in term.comparisons:
                parts[name].append(f"({points[term.name]}) / {len(term.comparisons)}")
    pairs = ", ".join(f"'{name}', round({' + '.join(sql) or '0'}, 2)" for name, sql in parts.items())
    return f"json_object({pairs})::varchar"
