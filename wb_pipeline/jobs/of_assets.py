"""Jobs that make assets: which of them each job makes. What a job does beside assets has a module of its own."""

import dagster as dg

from wb_pipeline.assets.dedupe import DEDUPE_GROUP
from wb_pipeline.assets.intake import CRM_SNAPSHOT, EVIDENCE_SNAPSHOT
from wb_pipeline.assets.training import MATCHING_GROUP
from wb_pipeline.jobs.failures import tell_failure
from wb_pipeline.jobs.names import DEDUPE_JOB, GATE_JOB, SNAPSHOT_JOB, TRAINING_JOB

WRITEBACK_GATE = dg.define_asset_job(
    GATE_JOB,
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(DEDUPE_GROUP, MATCHING_GROUP),
    description="Judges batches of proposals against the CRM, the evidence and the policy. One partition per batch.",
    hooks={tell_failure},
)

DEDUPE = dg.define_asset_job(
    DEDUPE_JOB,
    selection=dg.AssetSelection.groups(DEDUPE_GROUP) | dg.AssetSelection.assets(CRM_SNAPSHOT),
    description="Finds the duplicates of the CRM and proposes merges; people decide. Merges nothing (IDN-10).",
    hooks={tell_failure},
)

TRAINING = dg.define_asset_job(
    TRAINING_JOB,
    selection=dg.AssetSelection.groups(MATCHING_GROUP) | dg.AssetSelection.assets(CRM_SNAPSHOT),
    description="Trains the matching models on the CRM and on what people judged, and puts them in force (IDN-2).",
    hooks={tell_failure},
)

SNAPSHOT = dg.define_asset_job(
    SNAPSHOT_JOB,
    selection=dg.AssetSelection.assets(CRM_SNAPSHOT, EVIDENCE_SNAPSHOT),
    description="Pulls the CRM and the evidence store and keeps both: a later run can be judged against the day.",
)
