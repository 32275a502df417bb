"""Runs a job without the UI: the same definitions, the same instance; the main job once per stretch of batches."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.errors import GateBrokenError, WbError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from wb_pipeline.home import Home


_INTERRUPTED = {"DagsterExecutionInterruptedError", "KeyboardInterrupt"}


@dataclass(frozen=True)
class RunRequest:
    """What `wb run` was asked for. Without a CRM or evidence folder the latest snapshot stands."""

    home: Home
    batches: Sequence[Path]
    crm: Path | None = None
    evidence: Path | None = None
    policy: Path | None = None
    now: datetime | None = None


@dataclass(frozen=True)
class RunReport:
    """The batches that were run, in the order given, and the wall time of each part in seconds."""

    batch_keys: tuple[str, ...]
    seconds: dict[str, float]


def execute(request: RunRequest, say: Callable[[str], None]) -> RunReport:
    """Archive the batches and run the job on them. Raises the error that stopped the run."""
    started = time.perf_counter()
    from wb_pipeline.cli.progress import progress_logger
    from wb_pipeline.cli.run_storage import relaxed_run_storage
    from wb_pipeline.definitions import build_defs
    from wb_pipeline.jobs.names import GATE_JOB
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.steps.intake import receive_batch

    ledger = Ledger.open(request.home)
    keys = [receive_batch(request.home, ledger, path).batch_key for path in request.batches]
    timings = {"imports": time.perf_counter() - started}
    defs = build_defs(loggers={"console": progress_logger(say)}, **_resources(request))
    timings["definitions"] = time.perf_counter() - started - timings["imports"]
    folder = _dagster_home(request.home)
    with relaxed_run_storage(folder), _instance_with(folder, keys) as instance:
        job = defs.resolve_job_def(GATE_JOB)
        for first, last in _stretches(list(instance.get_dynamic_partitions("batches")), set(keys)):
            result = _run(job, instance, **_partitions(first, last))
            timings |= _step_seconds(result)
    timings["total"] = time.perf_counter() - started
    return RunReport(tuple(dict.fromkeys(keys)), timings)


def execute_job(request: RunRequest, job_name: str, run_config: dict[str, Any], say: Callable[[str], None]) -> None:
    """Run a job without partitions once; `request.batches` does not count. Raises the error that stopped the run."""
    from wb_pipeline.cli.progress import progress_logger
    from wb_pipeline.cli.run_storage import relaxed_run_storage
    from wb_pipeline.definitions import build_defs

    defs = build_defs(loggers={"console": progress_logger(say)}, **_resources(request))
    folder = _dagster_home(request.home)
    with relaxed_run_storage(folder), _instance_with(folder, []) as instance:
        _run(defs.resolve_job_def(job_name), instance, run_config=run_config)


@contextmanager
def _instance_with(folder: Path, keys: Sequence[str]) -> Iterator[Any]:
    """Open the orchestrator's instance, with the batches as partitions.

    The first opening makes its SQLite files, in steps that two processes at once would trip over: so they wait in line.
    """
    import dagster as dg
    from filelock import FileLock

    with ExitStack() as opened:
        with FileLock(folder / "wb.open.lock"):
            instance = opened.enter_context(dg.DagsterInstance.from_config(str(folder)))
            instance.add_dynamic_partitions("batches", list(dict.fromkeys(keys)))
        yield instance


def write_timings(report: RunReport, path: Path) -> None:
    """Write the seconds per part as JSON, for benchmarks."""
    path.write_text(json.dumps(report.seconds, indent=2), encoding="utf-8")


def _resources(request: RunRequest) -> dict[str, Any]:
    from wb_pipeline.resources import Books, RunInputs, Warehouse

    root = str(request.home.root)
    inputs = RunInputs(
        crm_folder=str(request.crm or ""),
        evidence_folder=str(request.evidence or ""),
        policy_file=str(request.policy or ""),
        now=request.now.isoformat() if request.now else "",
    )
    return {"books": Books(home_folder=root), "warehouse": Warehouse(home_folder=root), "inputs": inputs}


def _dagster_home(home: Home) -> Path:
    from wb_pipeline.cli.dagster_home import prepare_dagster_home

    return prepare_dagster_home(home)


def _stretches(known: Sequence[str], wanted: set[str]) -> list[tuple[str, str]]:
    """Return (first, last) for each unbroken stretch of wanted partitions: the orchestrator runs ranges, not sets."""
    stretches: list[tuple[str, str]] = []
    is_open = False
    for key in known:
        if key in wanted:
            stretches.append((stretches.pop()[0], key) if is_open else (key, key))
        is_open = key in wanted
    return stretches


def _run(job: Any, instance: Any, *, run_config: dict[str, Any] | None = None, **partitions: Any) -> Any:
    # Without being named here our logger stays silent, and the orchestrator's own writes a line per event.
    loggers: dict[str, Any] = {"loggers": {"console": {}}}
    config = loggers | (run_config or {})
    result = job.execute_in_process(run_config=config, instance=instance, raise_on_error=False, **partitions)
    if not result.success:
        raise _reason(result)
    return result


def _partitions(first: str, last: str) -> dict[str, Any]:
    """Return how the orchestrator is told of a stretch. A range of one would do, at a query per table and step."""
    if first == last:
        return {"partition_key": first}
    return {"tags": {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}}


def _reason(result: Any) -> BaseException:
    """Return what stopped the run: our own error if there is one, else the unexpected one, else the failed checks."""
    errors = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    errors += [event.job_failure_data.error for event in result.all_events if event.is_job_failure]
    chain = [each for error in errors for each in _causes(error)]
    known = [found for error in chain if (found := _known_error(error))]
    if known:
        return known[0]
    if any(error.cls_name in _INTERRUPTED for error in chain):
        return KeyboardInterrupt()
    unexpected = [error for error in chain if error.cls_name != "DagsterAssetCheckFailedError"]
    if unexpected:
        return RuntimeError(unexpected[-1].message)
    judged = (event for event in result.all_events if event.event_type_value == "ASSET_CHECK_EVALUATION")
    evaluated = [event.asset_check_evaluation_data for event in judged]
    names = [check.check_name for check in evaluated if not check.passed and check.blocking]
    return GateBrokenError(f"checks failed, and nothing was sealed: {', '.join(names) or 'see the Dagster UI'}")


def _causes(error: Any) -> list[Any]:
    found = []
    while error is not None:
        found.append(error)
        error = error.cause
    return found


def _known_error(error: Any) -> Exception | None:
    from wb_pipeline import errors

    kind = getattr(errors, str(error.cls_name), None)
    text = str(error.message).removeprefix(f"wb_pipeline.errors.{error.cls_name}: ").strip()
    return kind(text) if isinstance(kind, type) and issubclass(kind, WbError) else None


def _step_seconds(result: Any) -> dict[str, float]:
    succeeded = [event for event in result.all_events if event.event_type_value == "STEP_SUCCESS"]
    return {event.step_key: event.step_success_data.duration_ms / 1000 for event in succeeded}
