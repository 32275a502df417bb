"""The job that looks for writes around us, and publishes what auditors and people read."""

from datetime import UTC, datetime

import dagster as dg

from wb_pipeline.assets.published import report_metadata
from wb_pipeline.audit.around import look_around
from wb_pipeline.audit.around_text import around_lines
from wb_pipeline.audit.log import publish_log
from wb_pipeline.errors import AlarmError
from wb_pipeline.jobs.failures import tell_failure
from wb_pipeline.jobs.names import AROUND_JOB
from wb_pipeline.reports.page import write_report
from wb_pipeline.resources import Books


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
