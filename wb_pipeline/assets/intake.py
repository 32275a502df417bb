"""The inputs as assets: the CRM, the evidence store, the policy. Not partitioned: a picture of now, not of a batch."""

from pathlib import Path
from typing import Any

import dagster as dg

from wb_pipeline.assets.common import OWNERS
from wb_pipeline.connectors.base import SourceKind
from wb_pipeline.connectors.opening import POSTGRES
from wb_pipeline.policy.load import load_policy
from wb_pipeline.resources import Books, RunInputs
from wb_pipeline.steps.intake import register_policy, require_latest_snapshot, take_snapshot

CRM_SNAPSHOT = dg.AssetKey("crm_snapshot")
EVIDENCE_SNAPSHOT = dg.AssetKey("evidence_snapshot")
POLICY_VERSION = dg.AssetKey("policy_version")


@dg.asset(key=CRM_SNAPSHOT, group_name="inputs", owners=OWNERS, kinds={"python", "parquet"})
def crm_snapshot(context: dg.AssetExecutionContext, books: Books, inputs: RunInputs) -> dg.MaterializeResult[Any]:
    """Pull the CRM and keep it as immutable Parquet under its content hash: a later run can be judged against the day.

    Without a folder to pull from, the latest snapshot on the books stands.
    """
    return _snapshot(context.log, books, inputs, "crm", inputs.crm_folder)


@dg.asset(key=EVIDENCE_SNAPSHOT, group_name="inputs", owners=OWNERS, kinds={"python", "parquet"})
def evidence_snapshot(context: dg.AssetExecutionContext, books: Books, inputs: RunInputs) -> dg.MaterializeResult[Any]:
    """Pull the evidence store (emails, calendar, calls, enrichment) and keep it like the CRM snapshot."""
    return _snapshot(context.log, books, inputs, "evidence", inputs.evidence_folder)


@dg.asset(key=POLICY_VERSION, group_name="inputs", owners=OWNERS, kinds={"python", "yaml"})
def policy_version(books: Books, inputs: RunInputs) -> dg.MaterializeResult[Any]:
    """Check the policy in force and keep it under its content hash. A policy with a mistake stops the run here."""
    policy_hash = register_policy(books.home, books.ledger, inputs.policy_path)
    return dg.MaterializeResult(metadata={"policy_hash": policy_hash, "file": inputs.policy_path.name})


def _snapshot(
    log: dg.DagsterLogManager, books: Books, inputs: RunInputs, kind: SourceKind, folder: str
) -> dg.MaterializeResult[Any]:
    if not folder:
        return dg.MaterializeResult(
            metadata={"snapshot_hash": require_latest_snapshot(books.ledger, kind), "pulled": False}
        )
    names = load_policy(inputs.policy_path).document.crm if kind == "crm" and folder == POSTGRES else None
    kept = take_snapshot(books.home, books.ledger, kind, Path(folder), inputs.clock_at, names=names)
    for notice, times in sorted(kept.notices.items()):
        log.warning("%s: %s (%s x)", kind, notice, times)
    if kept.rejected_count:
        log.warning("%s: %s rows could not be read; raw.rejected_rows says which and why", kind, kept.rejected_count)
    metadata: dict[str, Any] = {
        "snapshot_hash": kept.content_hash,
        "pulled": True,
        "is_new": kept.is_new,
        "dagster/row_count": kept.row_count,
        "rejected_rows": kept.rejected_count,
    }
    return dg.MaterializeResult(metadata=metadata)
