"""Trains Splink's model of a CRM on the CRM itself: u from random pairs, m by expectation maximisation. Scores nothing.

Deterministic (IDN-2): samples are taken by the hash of the record id, all pairs of a sample are looked at, and what is
kept is rounded to digits that do not depend on the order in which threads added up.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wb_pipeline.matching.blocking import BLOCK_CAP
from wb_pipeline.matching.link import linker_over
from wb_pipeline.matching.models.objects import MODELS

if TYPE_CHECKING:
    import duckdb

RANDOM_RECORDS = 1_200
"""Records whose pairs (seven hundred thousand) show how often strangers agree."""
TRAINING_RECORDS = 200_000
"""At most so many records are trained on; families of records stay together, or there would be no duplicates to see."""
_RECALL_OF_CERTAIN_PAIRS = 0.6
"""What share of all duplicates agree in name and mailbox, or name and employer; only the starting odds depend on it."""
_UNSEEN_M = 0.0005
"""The m of a level on which no duplicate of the sample fell."""
LEAST_RECORDS = 2_000
"""Fewer live records show too few strangers to say how often strangers agree."""
LEAST_CERTAIN_PAIRS = 100
"""Fewer certain duplicates show too little of how duplicates differ."""
_DIGITS = 9
"""Significant digits of m and u that are kept; sums of threads differ from about the sixteenth on."""

_CERTAIN = {"contact": ("full_name", "main_org"), "company": ("name_joined", "org")}

_EM_RULES = {
    "contact": ("full_name", "email", "main_org"),
    "company": ("name_joined", "org", "address_key"),
}


@dataclass(frozen=True)
class Trained:
    """Splink's settings with all m and u, and what was seen while training."""

    object: str
    settings: dict[str, Any]
    report: dict[str, Any] = field(default_factory=dict)


def train_model(con: duckdb.DuckDBPyConnection, object_name: str) -> Trained:
    """Return a model of the live records in matching.<object>_inputs. Small CRMs teach it rubbish: see `too_small`."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = MODELS[object_name].settings()
    settings["probability_two_random_records_match"] = _starting_odds(con, object_name)
    _sample(con, object_name)
    strangers = linker_over(con, object_name, f"{object_name}_strangers", settings)
    strangers.training.estimate_u_using_random_sampling(max_pairs=1e8, seed=1, min_count_per_level=None, num_chunks=1)
    known = strangers.misc.save_model_to_json()
    linker = linker_over(con, object_name, f"{object_name}_training", known)
    sessions = []
    for column in _EM_RULES[object_name]:
        rule = f"l.{column} = r.{column} and l.{column}_records <= {BLOCK_CAP}"
        session = linker.training.estimate_parameters_using_expectation_maximisation(rule)
        sessions.append({"rule": rule, "iterations": len(session._core_model_settings_history) - 1})  # noqa: SLF001 - not public yet
    trained = linker.misc.save_model_to_json()
    unseen = _fill_unseen(trained)
    _make_repeatable(trained)
    return Trained(object_name, trained, {"sessions": sessions, "levels_never_seen": unseen})


def too_small(con: duckdb.DuckDBPyConnection, object_name: str) -> str:
    """Return, in words, why matching.<object>_inputs cannot be trained on; nothing if it can."""
    pairs, records = certain_pairs(con, object_name)
    if records < LEAST_RECORDS:
        return f"{records:,} live records, of {LEAST_RECORDS:,} that are needed"
    if pairs < LEAST_CERTAIN_PAIRS:
        return f"{pairs:,} certain duplicates, of {LEAST_CERTAIN_PAIRS:,} that are needed"
    return ""


def certain_pairs(con: duckdb.DuckDBPyConnection, object_name: str) -> tuple[int, int]:
    """Return the pairs of matching.<object>_inputs that agree in name and domain, and the number of records."""
    certain = _CERTAIN[object_name]
    inputs = f"matching.{object_name}_inputs"
    keys = ", ".join(certain)
    pairs, records = con.execute(
        f"""
        select coalesce(sum(members * (members - 1) / 2), 0)::bigint, (select count(*) from {inputs})
        from (
            select least(count(*), {BLOCK_CAP}) as members from {inputs}
            where {" and ".join(f"{key} is not null" for key in certain)} group by {keys}
        )
        """  # noqa: S608 - our own names
    ).fetchall()[0]
    return int(pairs), int(records)


def _starting_odds(con: duckdb.DuckDBPyConnection, object_name: str) -> float:
    """Return the share of all pairs that are duplicates, from those that certainly are."""
    pairs, records = certain_pairs(con, object_name)
    possible = max(1.0, records * (records - 1) / 2)
    return float(min(0.1, max(pairs, 1) / _RECALL_OF_CERTAIN_PAIRS / possible))


def _sample(con: duckdb.DuckDBPyConnection, object_name: str) -> None:
    """Write matching.<object>_strangers and matching.<object>_training, tables of input rows."""
    inputs = f"matching.{object_name}_inputs"
    con.execute(
        f"create or replace table matching.{object_name}_strangers as"  # noqa: S608 - our own names
        f" select * from {inputs} order by hash(record_id), record_id limit {RANDOM_RECORDS}"
    )
    family = {"contact": "family_core", "company": "name_head"}[object_name]
    records = con.execute(f"select count(*) from {inputs}").fetchall()[0][0]  # noqa: S608 - our own names
    parts = max(1, -(-records // TRAINING_RECORDS))
    con.execute(
        f"create or replace table matching.{object_name}_training as"  # noqa: S608 - our own names
        f" select * from {inputs} where hash({family}) % {parts} = 0"
    )


def _fill_unseen(settings: dict[str, Any]) -> list[str]:
    """Give levels that training never saw an m or u of their own, and return their names."""
    half_a_pair = 0.5 / (RANDOM_RECORDS * (RANDOM_RECORDS - 1) / 2)
    unseen = []
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if level.get("is_null_level"):
                continue
            for parameter, least in (("m_probability", _UNSEEN_M), ("u_probability", half_a_pair)):
                if not isinstance(level.get(parameter), float) or level[parameter] < least:
                    unseen.append(f"{comparison['output_column_name']}.{level['label_for_charts']}.{parameter[0]}")
                    level[parameter] = least
    return unseen


def _make_repeatable(settings: dict[str, Any]) -> None:
    """Drop what is drawn at random (Splink's name for the linker) and the digits that vary from run to run."""
    settings.pop("linker_uid", None)
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            for parameter in ("m_probability", "u_probability"):
                if isinstance(level.get(parameter), float):
                    level[parameter] = float(f"{level[parameter]:.{_DIGITS}g}")
