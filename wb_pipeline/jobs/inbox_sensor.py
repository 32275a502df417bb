"""The sensor that sees new batches in the inbox."""

import dagster as dg

from wb_pipeline.assets.common import BATCHES
from wb_pipeline.jobs.of_assets import WRITEBACK_GATE
from wb_pipeline.resources import Books
from wb_pipeline.steps.inbox import empty_inbox, undecided_batches

_MOST_BATCHES_A_TICK = 50


@dg.sensor(
    name="new_batches",
    job=WRITEBACK_GATE,
    minimum_interval_seconds=30,
    description="Archives each new file of the inbox under its content hash and starts a run for it.",
)
def new_batches(context: dg.SensorEvaluationContext, books: Books) -> dg.SensorResult:
    """Ask for a run of every batch that came in and is not decided yet, each once: the cursor is where it stopped.

    A batch whose run failed is not asked for again by itself, and keeps no other one waiting.
    """
    for problem in empty_inbox(books.home, books.ledger, most=_MOST_BATCHES_A_TICK):
        context.log.error(problem)
    waiting = undecided_batches(books.ledger, after=int(context.cursor or 0))
    keys = list(waiting)[:_MOST_BATCHES_A_TICK]
    known = set(context.instance.get_dynamic_partitions(str(BATCHES.name)))
    return dg.SensorResult(
        # The run key is the batch: should a tick be repeated, nothing runs twice.
        run_requests=[dg.RunRequest(run_key=key, partition_key=key) for key in keys],
        dynamic_partitions_requests=[BATCHES.build_add_request([key for key in keys if key not in known])],
        cursor=str(waiting[keys[-1]]) if keys else context.cursor,
    )
