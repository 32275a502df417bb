"""Trains Splink's model of a CRM on the CRM itself: u from random pairs, m by expectation maximisation. Scores nothing.

Deterministic: samples are taken by the hash of the record id, and all pairs of a sample are looked at.
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
    """Return a model of the live records in matching.<object>_inputs. Raises nothing for a small CRM: see `can_train`."""
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
    return Trained(object_name, trained, {"sessions": sessions, "levels_never_seen": unseen})


def _starting_odds(con: duckdb.DuckDBPyConnection, object_name: str) -> float:
    """Return the share of all pairs that are duplicates, from those that certainly are."""
    certain = {"contact": ("full_name", "main_org"), "company": ("name_joined", "org")}[object_name]
    inputs = f"matching.{object_name}_inputs"
    keys = ", ".join(certain)
    pairs, records = con.execute(
        f"""
        select coalesce(sum(members * (members - 1) / 2), 0), (select count(*) from {inputs})
        from (
            select least(count(*), {BLOCK_CAP}) as members from {inputs}
            where {" and ".join(f"{key} is not null" for key in certain)} group by {keys}
        )
        """  # noqa: S608 - our own names
    ).fetchall()[0]
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
