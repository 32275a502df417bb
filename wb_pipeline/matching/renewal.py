"""One object's model made anew from a CRM and its labels, with a report on what was seen. Keeps nothing on disk."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.matching.blocking import block_within
from wb_pipeline.matching.bundle import ObjectModel
from wb_pipeline.matching.inputs import ObjectName, write_inputs
from wb_pipeline.matching.labels import labelled_pairs, no_labels
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.scorecard.learn import Learned, learn_card
from wb_pipeline.matching.train import certain_pairs, too_small, train_model
from wb_pipeline.matching.trial import levels_against_meaning, try_model

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Renewed:
    """The model to use from now on. `report`: JSON for `pages.model_page`, the same for the same CRM and labels."""

    model: ObjectModel
    is_splink_trained: bool
    is_card_fitted: bool
    report: dict[str, Any]

    @property
    def said(self) -> list[str]:
        """What was done and why, in sentences."""
        return [self.report["splink"]["said"], self.report["card"]["said"]]


def renew_model(
    con: duckdb.DuckDBPyConnection,
    object_name: ObjectName,
    *,
    shipped: ObjectModel,
    in_force: ObjectModel,
    snapshot_hash: str,
) -> Renewed:
    """Return the model of one object, trained on all live records as far as they and the labels allow (IDN-2).

    Splink's weights are those of the CRM, or the shipped ones for a CRM that is too small; the card is `learn_card`'s.
    Needs `standing.stand_ready` and matching.labels before it; working tables of schema matching are replaced.
    """
    _write_all_inputs(con, object_name)
    counts = block_within(con, f"matching.{object_name}_inputs", MODELS[object_name].rules)
    con.execute("create or replace table matching.found_pairs as from matching.blocked_pairs")
    pairs, records = certain_pairs(con, object_name)
    reason = too_small(con, object_name)
    splink, splink_report = _splink(con, object_name, shipped, reason)
    learned = _learn(con, object_name, shipped, in_force, splink)
    if reason and not learned.is_fitted and learned.card == shipped.card:
        model = shipped
    else:
        made_of = {"splink": splink_report, "snapshot": snapshot_hash, "records": records}
        model = ObjectModel(object_name, splink, learned.card, made_of)
    report = {
        "object": object_name,
        "records": records,
        "certain_pairs": pairs,
        "splink": splink_report
        | {"is_trained": not reason, "said": _said(records, pairs, reason)}
        | {"levels_against_meaning": levels_against_meaning(object_name, splink)},
        "card": {"is_fitted": learned.is_fitted, "said": learned.said, **learned.figures},
        "blocking": [asdict(count) | {"warning": count.warning} for count in counts],
        "scores": try_model(con, object_name, model),
    }
    return Renewed(model, not reason, learned.is_fitted, report)


def _write_all_inputs(con: duckdb.DuckDBPyConnection, object_name: ObjectName) -> None:
    con.execute(
        "create or replace table matching.numbered as"  # noqa: S608 - our own names
        " select row_number() over (order by record_id, object)::integer as record_number, * exclude (record_number)"
        f" from matching.{object_name}_base"
    )
    write_inputs(con, object_name, "matching.numbered")


def _splink(
    con: duckdb.DuckDBPyConnection, object_name: ObjectName, shipped: ObjectModel, reason: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return Splink's settings and what their training saw."""
    if reason:
        return shipped.splink, {"sessions": [], "levels_never_seen": []}
    trained = train_model(con, object_name)
    return trained.settings, trained.report


def _learn(
    con: duckdb.DuckDBPyConnection,
    object_name: ObjectName,
    shipped: ObjectModel,
    in_force: ObjectModel,
    splink: dict[str, Any],
) -> Learned:
    asked = con.execute("select count(*) from matching.labels where object = ?", [object_name]).fetchall()[0][0]
    pairs = labelled_pairs(con, object_name, splink) if asked else no_labels()
    made_of = {"labels": "judged by people", "start": shipped.card.trained_on}
    return learn_card(object_name, pairs, start=shipped.card, kept=in_force.card, trained_on=made_of)


def _said(records: int, pairs: int, reason: str) -> str:
    if reason:
        return f"Splink's weights are the shipped ones: the CRM has {reason}"
    return f"Splink's weights were trained on {records:,} live records with {pairs:,} certain duplicates"
