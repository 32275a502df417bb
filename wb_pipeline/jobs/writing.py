"""The job that writes to the CRM what is approved. What another policy had judged is judged again first (RVW-2).

It is no job of assets: somebody who asks the UI to make everything anew must not write to the CRM by it. What it wrote
is told on an asset that nobody can make by hand (docs/decisions/0029).
"""

from datetime import UTC, datetime

import dagster as dg

from wb_pipeline.apply.run import apply_approved
from wb_pipeline.assets.common import OWNERS
from wb_pipeline.connectors.opening import opened_crm
from wb_pipeline.errors import ApplyError, InputError
from wb_pipeline.jobs.failures import tell_failure
from wb_pipeline.jobs.names import APPLY_JOB
from wb_pipeline.resources import Books, RunInputs
from wb_pipeline.review.policies import crm_names
from wb_pipeline.review.rejudging import rejudge_by_road

WRITE_RECEIPTS = dg.AssetSpec(
    key="write_receipts",
    deps=["approved_writes"],
    group_name="writes",
    description=f"What the CRM answered to each write, on the books. Told by the job `{APPLY_JOB}`, by outcome.",
    owners=OWNERS,
    kinds={"python"},
)


@dg.op(description="Writes automatic and approved changes to the CRM, each once, and publishes the receipts (SYN).")
def approved_written(context: dg.OpExecutionContext, books: Books, inputs: RunInputs) -> None:
    """Write what is approved; fail where some write did not get through, so that it is seen (EXC-3)."""
    if not inputs.crm_folder:
        raise InputError("no CRM is named to write to", hint="set WB_CRM to its folder or URL")
    ledger = books.ledger
    # A policy that was edited today holds yesterday's changes back; what stands goes on without anybody's hand.
    again = rejudge_by_road(books.home, ledger, context.log.info)
    if again.judged:
        stopped = len(again.returned) + len(again.stopped)
        context.log.info("%d items judged again; %d of them wait for a person now", again.judged, stopped)
    with opened_crm(inputs.crm_folder, crm_names(books.home, ledger)) as crm:
        report = apply_approved(books.home, ledger, crm, datetime.now(UTC))
    for line in report.lines():
        context.log.info(line)
    context.log_event(dg.AssetMaterialization(WRITE_RECEIPTS.key, metadata=dict(report.outcomes)))
    if report.has_failed:
        message = "some writes did not get through; the log names each"
        raise ApplyError(message, hint="the next run looks them up and tries again")


@dg.job(
    name=APPLY_JOB,
    hooks={tell_failure},
    executor_def=dg.in_process_executor,
    description="Judges again what another policy judged, then writes what is approved to the CRM of WB_CRM.",
)
def apply_job() -> None:
    """Write what the policy in force has judged, and what people approved."""
    approved_written()
