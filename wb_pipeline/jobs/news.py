"""The job between batches, for people: proposes again what waited for evidence, sends messages that are due."""

from datetime import UTC, datetime

import dagster as dg

from wb_pipeline.errors import NotificationError
from wb_pipeline.jobs.failures import tell_failure
from wb_pipeline.jobs.names import NEWS_JOB
from wb_pipeline.notify.channels import channels
from wb_pipeline.notify.outbox import send_due
from wb_pipeline.resources import Books
from wb_pipeline.steps.rejudging import propose_again


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
