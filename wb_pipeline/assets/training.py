"""The training job's asset: the matching models in force, with what was learned and from what (IDN-2)."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from wb_pipeline.assets.common import OWNERS, markdown_table
from wb_pipeline.assets.intake import CRM_SNAPSHOT, POLICY_VERSION
from wb_pipeline.matching.pages.model_page import card_rows
from wb_pipeline.matching.renewal import Renewed
from wb_pipeline.matching.trial import level_weights
from wb_pipeline.resources import Books, RunInputs, Warehouse
from wb_pipeline.steps.training import Training, train_on_latest

MATCHING_GROUP = "matching"
MATCHING_MODEL = dg.AssetKey("matching_model")
_STRONGEST = 30


class TrainingConfig(dg.Config):
    """What somebody who starts the job may choose."""

    labels_file: str = ""
    """A CSV or Parquet file of labelled pairs, beside what people judged with `wb dedupe judge`."""


def training_config(labels: Path | None) -> dict[str, Any]:
    """Return the job's run configuration."""
    return {"ops": {"matching_model": {"config": {"labels_file": str(labels or "")}}}}


@dg.asset(
    key=MATCHING_MODEL,
    deps=[CRM_SNAPSHOT, POLICY_VERSION],
    group_name=MATCHING_GROUP,
    owners=OWNERS,
    kinds={"python", "splink"},
)
def matching_model(
    context: dg.AssetExecutionContext, config: TrainingConfig, warehouse: Warehouse, books: Books, inputs: RunInputs
) -> dg.MaterializeResult[Any]:
    """Train the matching models on the latest snapshot and on what people judged, keep them, put them in force.

    A CRM that is too small keeps Splink's weights that ship; too few labels keep the card.
    """
    labels = Path(config.labels_file) if config.labels_file else None
    done = train_on_latest(warehouse.connection, books.home, books.ledger, inputs.policy_path, labels)
    for name, renewed in done.renewed.items():
        for sentence in renewed.said:
            context.log.info("%s: %s", name, sentence)
    return dg.MaterializeResult(metadata=_metadata(done))


def _metadata(done: Training) -> dict[str, Any]:
    found: dict[str, Any] = {
        "model_hash": done.bundle.model_hash,
        "is_shipped": done.is_shipped,
        "report": dg.MetadataValue.path(str(done.folder / "report.json")),
    }
    for name, renewed in done.renewed.items():
        found |= {f"{name}: {key}": value for key, value in _of_object(renewed).items()}
        found[f"{name}: page"] = dg.MetadataValue.path(str(done.pages[name]))
    return found


def _of_object(renewed: Renewed) -> dict[str, Any]:
    report = renewed.report
    scores = report["scores"]
    rules = [(each["rule"], each["pairs"], each["new_pairs"]) for each in report["blocking"]]
    points = sorted(card_rows(renewed.model.card), key=lambda row: -abs(row[2]))[:_STRONGEST]
    return {
        "records": report["records"],
        "what was trained": ". ".join(renewed.said),
        "pairs by blocking rule": markdown_table(["rule", "pairs", "found by no rule before"], rules, 2),
        "weights by level": markdown_table(["comparison", "level", "bits"], _weights(renewed), None),
        "strongest points": markdown_table(["term", "what a pair shows", "points"], points, None),
        "pairs by probability": _histogram("probability", scores["probability"]),
        "pairs by weight": _histogram("bits", scores["match_weight"]),
    }


def _weights(renewed: Renewed) -> list[tuple[str, str, str]]:
    weights = level_weights(renewed.model.object, renewed.model.splink)
    return [(name, level.words, f"{bits:+.2f}") for name, level, bits in weights]


def _histogram(name: str, bins: Sequence[dict[str, float]]) -> dg.MarkdownMetadataValue:
    rows = [(f"{each['low']:g} to {each['high']:g}", each["pairs"]) for each in bins]
    return markdown_table([name, "pairs"], rows, 1)
