"""One asset per SQL file. Files of one folder that can run together are one step, which saves the overhead."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg

from wb_pipeline.assets.common import BATCHES, OWNERS, SINGLE_RUN, markdown_preview, source_key
from wb_pipeline.assets.intake import CRM_SNAPSHOT, POLICY_VERSION
from wb_pipeline.resources import SqlModels, Warehouse
from wb_pipeline.sql_project import BuiltModel, Model, SqlProject, Step, build
from wb_pipeline.sql_project.model import SourceKey
from wb_pipeline.steps.deduplicating import DEDUPE_FOLDER

# Two names for one table: the books before the run are loaded with its manifests; attestations come with the gates.
_OTHER_NAMES = {
    ("books_before", "sealed_decisions"): dg.AssetKey(["raw", "run_manifests"]),
    ("books_before", "actor_switches"): dg.AssetKey(["raw", "run_manifests"]),
    ("books_before", "breaker_events"): dg.AssetKey(["raw", "run_manifests"]),
    ("books_before", "change_standings"): dg.AssetKey(["raw", "run_manifests"]),
}
# Every gate has the same five columns.
_GATE_COLUMNS = {
    "manifest_id": "The manifest whose change it is.",
    "proposal_id": "The proposal, as the agent calls it.",
    "change_id": "The change that the gate objects to.",
    "reason": "A stable code for what is wrong.",
    "details": "What the gate saw, as JSON.",
}
# The dedupe job loads the snapshot and the policy for itself.
_DEDUPE_NAMES = {"crm_records": CRM_SNAPSHOT, "survivorship_rules": POLICY_VERSION, "source_precedence": POLICY_VERSION}
_NOT_ASSETS = {("attestations", "gate_attestations")}


def sql_model_assets(project: SqlProject) -> list[dg.AssetsDefinition]:
    """Return the steps that build the models of the SQL project for batches."""
    return [_step_assets(project, step) for step in project.steps() if step.folder != DEDUPE_FOLDER]


def dedupe_model_assets(project: SqlProject) -> list[dg.AssetsDefinition]:
    """Return the steps that build the models of the dedupe job, which has no partitions."""
    steps = [step for step in project.steps() if step.folder == DEDUPE_FOLDER]
    return [_step_assets(project, step, partitions=None) for step in steps]


def model_key(name: str) -> dg.AssetKey:
    """Return the asset key of a model."""
    return dg.AssetKey([name])


def _step_assets(
    project: SqlProject, step: Step, partitions: dg.PartitionsDefinition[str] | None = BATCHES
) -> dg.AssetsDefinition:
    specs = [_spec(project.models[name]) for name in step.names]

    @dg.multi_asset(
        name=f"{step.folder}_{step.level}",
        specs=specs,
        can_subset=True,
        partitions_def=partitions,
        backfill_policy=SINGLE_RUN if partitions else None,
    )
    def build_step(
        context: dg.AssetExecutionContext, warehouse: Warehouse, sql_models: SqlModels
    ) -> Iterator[dg.MaterializeResult[Any]]:
        """Build those of the step's models that are selected, and report each."""
        names = [name for name in step.names if model_key(name) in context.selected_asset_keys]
        built = build(warehouse.connection, sql_models.project, names, {"run_id": context.run.run_id})
        for model in built:
            yield dg.MaterializeResult(asset_key=model_key(model.name), metadata=_metadata(warehouse, project, model))

    return build_step


def _spec(model: Model) -> dg.AssetSpec:
    deps = {model_key(name) for name in model.depends_on}
    deps |= {_made_by(model, key) for key in model.sources if key not in _NOT_ASSETS}
    columns = [dg.TableColumn(name=name, description=text) for name, text in _words(model).items()]
    return dg.AssetSpec(
        key=model_key(model.name),
        deps=sorted(deps, key=str),
        group_name=model.folder.split("/")[0],
        description=f"{model.description}\n\n```sql\n{model.sql}\n```",
        metadata={"dagster/column_schema": dg.TableSchema(columns)} if columns else {},
        owners=OWNERS,
        kinds={"sql", "duckdb", "gate"} if model.is_gate else {"sql", "duckdb"},
    )


def _made_by(model: Model, key: SourceKey) -> dg.AssetKey:
    if model.folder == DEDUPE_FOLDER and key[1] in _DEDUPE_NAMES:
        return _DEDUPE_NAMES[key[1]]
    return _OTHER_NAMES.get(key, source_key(*key))


def _words(model: Model) -> Mapping[str, str]:
    return _GATE_COLUMNS if model.is_gate else model.columns


def _metadata(warehouse: Warehouse, project: SqlProject, model: BuiltModel) -> dict[str, Any]:
    words = _words(project.models[model.name])
    schema = dg.TableSchema(
        [dg.TableColumn(name=name, type=kind, description=words.get(name)) for name, kind in model.columns.items()]
    )
    found: dict[str, Any] = {
        "dagster/row_count": model.rows,
        "dagster/column_schema": schema,
        "dagster/relation_identifier": f"main.{model.name}",
        "seconds": round(model.seconds, 3),
    }
    if model.name.startswith("report_"):
        found["first rows"] = markdown_preview(warehouse.connection, f"main.{model.name}")
    return found
