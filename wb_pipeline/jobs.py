"""Jobs, the schedules that pull and dedupe the CRM, the sensor that sees new batches, the hook for failed runs."""

from datetime import UTC, datetime

import dagster as dg

from wb_pipeline.apply.run import apply_approved
from wb_pipeline.assets.common import BATCHES
from wb_pipeline.assets.dedupe import DEDUPE_GROUP, dedupe_config
from wb_pipeline.assets.intake import CRM_SNAPSHOT, EVIDENCE_SNAPSHOT, POLICY_VERSION
from wb_pipeline.assets.published import report_metadata
from wb_pipeline.assets.training import MATCHING_GROUP
from wb_pipeline.audit.around import look_around
from wb_pipeline.audit.around_text import around_lines
from wb_pipeline.audit.log import publish_log
from wb_pipeline.connectors.opening import opened_crm
from wb_pipeline.errors import AlarmError, ApplyError, InputError, NotificationError, WbError
from wb_pipeline.notify.channels import channels
from wb_pipeline.notify.outbox import send_due
from wb_pipeline.reports.page import write_report
from wb_pipeline.resources import Books, RunInputs
from wb_pipeline.review.policies import crm_names
from wb_pipeline.steps.inbox import empty_inbox, undecided_batches
from wb_pipeline.steps.rejudging import propose_again

GATE_JOB = "writeback_gate"
SNAPSHOT_JOB = "crm_snapshot_job"
DEDUPE_JOB = "crm_dedupe"
TRAINING_JOB = "train_matching"
NEWS_JOB = "news_for_people"
APPLY_JOB = "apply_approved"
AROUND_JOB = "writes_around_us"
_MOST_BATCHES_A_TICK = 50


@dg.failure_hook(name="tell_failure")
def tell_failure(context: dg.HookContext) -> None:
    """Say in one line which step failed and why; a run that fails approves nothing (EXC-3)."""
    error = context.op_exception
    reason = str(error) if isinstance(error, WbError) else f"{type(error).__name__}: {error}"
    context.log.error("%s failed; this run stops here. %s", context.op.name, reason)


WRITEBACK_GATE = dg.define_asset_job(
    GATE_JOB,
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(DEDUPE_GROUP, MATCHING_GROUP),
    description="Judges batches of proposals against the CRM, the evidence and the policy. One partition per batch.",
    hooks={tell_failure},
)

DEDUPE = dg.define_asset_job(
    DEDUPE_JOB,
    selection=dg.AssetSelection.groups(DEDUPE_GROUP) | dg.AssetSelection.assets(CRM_SNAPSHOT, POLICY_VERSION),
    description="Finds the duplicates of the CRM and proposes merges; people decide. Merges nothing (IDN-10).",
    hooks={tell_failure},
)

TRAINING = dg.define_asset_job(
    TRAINING_JOB,
    selection=dg.AssetSelection.groups(MATCHING_GROUP) | dg.AssetSelection.assets(CRM_SNAPSHOT, POLICY_VERSION),
    description="Trains the matching models on the CRM and on what people judged, and puts them in force (IDN-2).",
    hooks={tell_failure},
)

SNAPSHOT = dg.define_asset_job(
    SNAPSHOT_JOB,
    selection=dg.AssetSelection.assets(CRM_SNAPSHOT, EVIDENCE_SNAPSHOT),
    description="Pulls the CRM and the evidence store and keeps both: a later run can be judged against the day.",
)

nightly_snapshot = dg.ScheduleDefinition(
    name="nightly_crm_snapshot",
    job=SNAPSHOT,
    cron_schedule="0 3 * * *",
    execution_timezone="UTC",
    description="Every night at 03:00 UTC. An older picture of the CRM sends automatic changes to review.",
)


daily_dedupe = dg.ScheduleDefinition(
    name="daily_crm_dedupe",
    job=DEDUPE,
    cron_schedule="30 3 * * 1-6",
    execution_timezone="UTC",
    description="Every night but Sunday's, after the snapshot. Only pairs of records that changed are scored again.",
)

weekly_dedupe = dg.ScheduleDefinition(
    name="weekly_full_crm_dedupe",
    job=DEDUPE,
    cron_schedule="30 3 * * 0",
    execution_timezone="UTC",
    run_config=dedupe_config(is_full=True),
    description="On Sundays every pair is scored again.",
)


@dg.op(
    out=dg.Out(dg.Nothing),
    description="Puts pending changes whose evidence arrived into the inbox, as their actors' proposals (EXC-1).",
)
def pending_proposed_again(context: dg.OpExecutionContext, books: Books) -> None:
    """Propose again what waited for evidence alone."""
    done = propose_again(books.home, books.ledger, datetime.now(UTC))
    context.log.info("%s pending changes are proposed again", len(done.change_ids))


@dg.op(ins={"after": dg.In(dg.Nothing)}, description="Sends the messages that are due, each once (EXC-2).")
def messages_sent(context: dg.OpExecutionContext, books: Books) -> None:
    """Tell people; fail where a channel refused, so that it is seen (EXC-3)."""
    report = send_due(books.home, books.ledger, channels(books.home), datetime.now(UTC))
    context.log.info("%s messages are sent", len(report.sent))
    if report.failed:
        message = f"{len(report.failed)} messages were not taken and stay due"
        raise NotificationError(message, hint="mend the channel; the next run tries again")


@dg.job(
    name=NEWS_JOB,
    hooks={tell_failure},
    executor_def=dg.in_process_executor,
    description="Proposes pending changes again whose evidence arrived, and sends the messages that are due.",
)
def news_for_people() -> None:
    """Do what happens between batches, for people."""
    messages_sent(after=pending_proposed_again())


@dg.op(description="Writes automatic and approved changes to the CRM, each once, and publishes the receipts (SYN).")
def approved_written(context: dg.OpExecutionContext, books: Books, inputs: RunInputs) -> None:
    """Write what is approved; fail where some write did not get through, so that it is seen (EXC-3)."""
    if not inputs.crm_folder:
        raise InputError("no CRM is named to write to", hint="set WB_CRM to its folder or URL")
    ledger = books.ledger
    with opened_crm(inputs.crm_folder, crm_names(books.home, ledger)) as crm:
        report = apply_approved(books.home, ledger, crm, datetime.now(UTC))
    for line in report.lines():
        context.log.info(line)
    context.add_output_metadata(dict(report.outcomes))
    if report.has_failed:
        message = "some writes did not get through; the log names each"
        raise ApplyError(message, hint="the next run looks them up and tries again")


@dg.job(
    name=APPLY_JOB,
    hooks={tell_failure},
    executor_def=dg.in_process_executor,
    description="Writes what is approved to the CRM that WB_CRM names. Started by a person or a schedule of yours.",
)
def apply_job() -> None:
    """Write what is approved; judging is another job's."""
    approved_written()


hourly_news = dg.ScheduleDefinition(
    name="hourly_news_for_people",
    job=news_for_people,
    cron_schedule="15 * * * *",
    execution_timezone="UTC",
    description="Every hour: what waited for evidence that is there now, and the messages that are due.",
)


@dg.op(description="Compares CRM snapshots; what came around us goes into the books (AUD-5).")
def around_looked(context: dg.OpExecutionContext, books: Books) -> None:
    """Look around; fail where an agent wrote around us, so that it is seen."""
    found = look_around(books.home, books.ledger)
    for line in around_lines(found):
        context.log.info("%s", line)
    alarms = sum(len(comparison.alarms) for comparison in found)
    if alarms:
        message = f"{alarms} changes were made by an agent around us, or claim a write that never was"
        raise AlarmError(message, hint="they are on the books: `wb audit why --record ID` shows them")


@dg.op(description="Writes the audit log and the report for people (AUD-1, RPT-6).")
def audit_published(context: dg.OpExecutionContext, books: Books) -> None:
    """Publish what auditors and people read, as of now."""
    context.add_output_metadata(report_metadata(books.home, write_report(books.home, books.ledger, datetime.now(UTC))))
    context.log.info("the audit log: %s", publish_log(books.home, books.ledger))


@dg.job(
    name=AROUND_JOB,
    hooks={tell_failure},
    executor_def=dg.in_process_executor,
    description="Audits what changed in the CRM around us; an agent's own write is an alarm, and the run fails.",
)
def writes_around_us() -> None:
    """Look at what others wrote since the snapshot before."""
    audit_published()
    around_looked()


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
