"""What is said when a step of a job fails."""

import dagster as dg

from wb_pipeline.errors import WbError


@dg.failure_hook(name="tell_failure")
def tell_failure(context: dg.HookContext) -> None:
    """Say in one line which step failed and why; a run that fails approves nothing (EXC-3)."""
    error = context.op_exception
    reason = str(error) if isinstance(error, WbError) else f"{type(error).__name__}: {error}"
    context.log.error("%s failed; this run stops here. %s", context.op.name, reason)
