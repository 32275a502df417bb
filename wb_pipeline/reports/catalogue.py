"""Every figure of the page in words: its title, what is counted, the rows behind it. Drawn in `figures_...`.

The rows are those of the SQL report of the same name (`dbt_like_sql/models/reports`), or of `people`.
"""

from __future__ import annotations

from wb_pipeline.reports.charts import About
from wb_pipeline.reports.people import DECISIONS, WAITING, WRITES

OUTCOMES = About(
    key="outcomes",
    title="What became of proposed changes, over time",
    definition=(
        "Every change of every judged line, by the day of its decision (UTC) and the lane it ended in. A line that "
        "could not be read counts as one change. Beyond 45 days each bar is a week, named by its Monday."
    ),
    rows_file="report_outcome_shares",
    empty="Nothing was judged yet. `wb run` judges a batch, then this fills.",
    row_name="Period",
    total_name="changes",
)
QUEUE = About(
    key="queue",
    title="How long items have been waiting for a person",
    definition=(
        "Items of the review queue that nobody has decided for good, by the time since they were queued or came "
        "back. An item is one field of an update, or a create, log, trigger or merge as a whole."
    ),
    rows_file=WAITING,
    empty="Nothing waits for a person.",
    row_name="Waiting for",
    total_name="items",
)
REVIEWERS = About(
    key="reviewers",
    title="Decisions per reviewer",
    definition=(
        "Decisions of people on queue items and suggestions, a second approver's included. Accepting a suggestion "
        "counts as approving it. The waiting time runs from the seal of the batch, or from the item's return."
    ),
    rows_file=DECISIONS,
    empty="Nobody has decided anything yet. `wb review` decides on what waits.",
    row_name="Reviewer",
    total_name="decisions",
)
REASONS = About(
    key="reasons",
    title="Why people reject",
    definition="Rejections and dismissals by the reason that the person chose from the list.",
    rows_file=DECISIONS,
    empty="Nobody has rejected anything yet.",
    row_name="Reason",
    total_name="all",
)
WRITES_ENDED = About(
    key="writes",
    title="How writes to the CRM ended",
    definition=(
        "Writes that left the outbox and were settled, by what they do and how they ended. A write that is tried "
        "again under the same key counts once for each time that it was settled."
    ),
    rows_file=WRITES,
    empty="Nothing was written to the CRM yet. `wb apply` writes what is approved.",
    row_name="Write",
    total_name="writes",
)
REJECTED = About(
    key="rejected",
    title="Fields that are stopped most, and why",
    definition=(
        "Changes that were denied, set aside or sent to a person, by field and by the gate that objected. A change "
        "to which several gates object counts once for each of them."
    ),
    rows_file="report_rejected_fields",
    empty="No gate objected to anything yet.",
    row_name="Field and reason",
    total_name="changes",
)
OVERWRITTEN = About(
    key="overwritten",
    title="Fields that agents overwrite most",
    definition=(
        "Changes that would replace a value that stands in the CRM. Filling an empty field and repeating what "
        "stands there do not count. Held: it waits for a person, or became a suggestion."
    ),
    rows_file="report_overwritten_fields",
    empty="No agent wanted to replace a value yet.",
    row_name="Field",
    total_name="overwrites wanted",
)
CONFIDENCE = About(
    key="confidence",
    title="Confidence that sources claim, beside what was approved",
    definition=(
        "Proposals that name a confidence, by source and by band of ten points. The tick stands in the middle of "
        "what is claimed: where the first two colours do not come up to it, the source claims more than is "
        "approved. A proposal counts as approved by a person as soon as one of its items is."
    ),
    rows_file="report_confidence",
    empty="No proposal named a confidence yet.",
    row_name="Source, claimed",
    total_name="proposals",
)
DUPLICATES = About(
    key="duplicates",
    title="Duplicates that agents would have created, by workflow",
    definition=(
        "Proposed creates, by the workflow on whose behalf the agent works. One would have been a duplicate if it "
        "hits a record of the CRM by an exact key, or repeats another proposal."
    ),
    rows_file="report_duplicate_creations",
    empty="No agent wanted to create anything yet.",
    row_name="Workflow",
    total_name="creates",
)
DUPLICATE_RATE = About(
    key="duplicate-rate",
    title="Duplicate rate of the CRM, over time",
    definition=(
        "Live records that are not the oldest of those that stand for the same person or company, as a share of "
        "all live records; one point per run of `wb dedupe`."
    ),
    rows_file="report_duplicate_rate",
    empty="No dedupe run yet. `wb dedupe --crm DIR` finds duplicates, then this fills.",
    row_name="Run",
)

ALL = (
    OUTCOMES,
    QUEUE,
    REVIEWERS,
    REASONS,
    WRITES_ENDED,
    REJECTED,
    OVERWRITTEN,
    CONFIDENCE,
    DUPLICATES,
    DUPLICATE_RATE,
)
"""The figures in the order of the page."""
