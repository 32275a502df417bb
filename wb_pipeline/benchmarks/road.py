"""`wb bench road`: how long the road takes, how much memory, how far above the floor. Figures, no verdicts.

Every run is a process of its own in a fresh home, so that nothing is cached and nothing is replayed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.floor import FloorRun
from wb_pipeline.benchmarks.generate import GeneratedRoad, generate_road
from wb_pipeline.benchmarks.measure import Measurement, measure
from wb_pipeline.benchmarks.road_report import CaseFigures, FloorFigures, RoadReport
from wb_pipeline.errors import InputError
from wb_pipeline.paths import default_policy_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = "2026-03-02T10:00:00Z"
_BUDGETS = re.compile(r"^(  writes_per_\w+:) +\d+", re.MULTILINE)
_SMALL = {"contacts": 1_000, "proposals": 1_000, "bad_rows": 100}
_SINGLE = {"contacts": 10, "proposals": 1, "bad_rows": 0}


@dataclass(frozen=True)
class Run:
    """One finished `wb run`: what it took, and seconds per step."""

    took: Measurement
    steps: dict[str, float]


@dataclass(frozen=True)
class _Floor:
    took: Measurement
    figures: FloorRun


def bench_road(
    folder: Path, *, contacts: int, proposals: int, bad_rows: int, repeats: int, echo: Callable[[str], None]
) -> RoadReport:
    """Generate data below `folder`, run the pipeline and the floor `repeats` times each, and return the medians.

    Three cases: the large one (as given), 1,000 proposals, and a single proposal, which is what a run costs before it
    has anything to do. `echo` gets a line of progress per step. Needs some GB of disk for 100,000 proposals.
    Raises InputError for sizes that make no sense, BenchmarkError if a run fails.
    """
    if repeats < 1:
        message = f"cannot repeat {repeats} times"
        raise InputError(message, hint="Give at least one repeat.")
    started = time.perf_counter()
    large = _generate(folder / "large", {"contacts": contacts, "proposals": proposals, "bad_rows": bad_rows}, echo)
    generated_seconds = time.perf_counter() - started
    small, single = _generate(folder / "small", _SMALL, echo), _generate(folder / "single", _SINGLE, echo)
    runs: list[Run] = []
    floors: list[_Floor] = []
    for turn in range(repeats):
        runs.append(run_road(large, turn, echo))
        floors.append(_floor(large, turn, echo))
    return RoadReport(
        sizes=large.rows,
        large=_case("large", runs),
        floor=_floor_case(floors),
        small=_case("1,000 proposals", [run_road(small, turn, echo) for turn in range(repeats)]),
        single=_case("1 proposal", [run_road(single, turn, echo) for turn in range(repeats)]),
        proposal_lanes=floors[-1].figures.proposal_lanes,
        change_lanes=floors[-1].figures.change_lanes,
        generated_seconds=generated_seconds,
    )


def _generate(folder: Path, sizes: dict[str, int], echo: Callable[[str], None]) -> GeneratedRoad:
    echo(f"generating {sizes['proposals']:,} proposals against {sizes['contacts']:,} contacts in {folder}")
    try:
        return generate_road(
            folder, contacts=sizes["contacts"], proposals=sizes["proposals"], bad_rows=sizes["bad_rows"]
        )
    except ValueError as error:
        raise InputError(str(error), hint="Choose other sizes.") from error


def run_road(road: GeneratedRoad, turn: int, echo: Callable[[str], None]) -> Run:
    """Run `wb run` over the road's batch in a fresh home, which stays. Raises BenchmarkError if it fails."""
    home = road.home
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    timings = home.parent / "timings.json"
    timings.unlink(missing_ok=True)
    options = {
        "--crm": road.crm, "--evidence": road.evidence, "--batch": road.batch, "--home": home,
        "--policy": _policy_without_budgets(road), "--now": NOW, "--timings": timings,
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "wb_pipeline.cli",
        "run",
        *(str(part) for pair in options.items() for part in pair),
    ]
    took = measure(command, log=road.folder / "logs" / f"run-{turn}.log", environment=_environment(home))
    echo(f"{road.folder.name}: run {turn + 1} took {took.wall_seconds:.1f} s, {took.peak_bytes / 2**20:,.0f} MiB")
    return Run(took, _read_steps(timings))


def _floor(road: GeneratedRoad, turn: int, echo: Callable[[str], None]) -> _Floor:
    """Run the floor over the same files and the outputs of the run just made."""
    out = road.folder / "floor"
    shutil.rmtree(out, ignore_errors=True)
    report = road.folder / "floor.json"
    options = {"--road": road.folder, "--home": road.home, "--out": out, "--report": report}
    arguments = [str(part) for pair in options.items() for part in pair]
    command = [sys.executable, "-m", "wb_pipeline.benchmarks.floor", *arguments]
    took = measure(command, log=road.folder / "logs" / f"floor-{turn}.log")
    figures = FloorRun(**json.loads(report.read_text(encoding="utf-8")))
    echo(f"{road.folder.name}: floor {turn + 1} took {figures.seconds:.1f} s, {took.peak_bytes / 2**20:,.0f} MiB")
    return _Floor(took, figures)


def _policy_without_budgets(road: GeneratedRoad) -> Path:
    """Write the policy that ships with budgets out of reach: a burst that is held would be cheap."""
    path = road.folder / "policy.yaml"
    path.write_text(_BUDGETS.sub(r"\1 1000000000", default_policy_file().read_text(encoding="utf-8")), encoding="utf-8")
    return path


def _environment(home: Path) -> dict[str, str]:
    """Return our environment without a home or a Dagster of the user's own, which a benchmark must not touch."""
    kept = {name: value for name, value in os.environ.items() if name not in {"WB_HOME", "DAGSTER_HOME"}}
    return kept | {"WB_HOME": str(home)}


def _read_steps(timings: Path) -> dict[str, float]:
    """Read seconds per step from what `wb run --timings FILE` wrote: one flat JSON object. No file, no steps."""
    if not timings.is_file():
        return {}
    steps = json.loads(timings.read_text(encoding="utf-8"))
    return {str(step): float(seconds) for step, seconds in steps.items()}


def _case(name: str, runs: list[Run]) -> CaseFigures:
    steps = {step: median(run.steps.get(step, 0.0) for run in runs) for step in runs[0].steps}
    return CaseFigures(
        name=name,
        wall_seconds=median(run.took.wall_seconds for run in runs),
        peak_bytes=max(run.took.peak_bytes for run in runs),
        repeats=len(runs),
        steps=steps,
    )


def _floor_case(floors: list[_Floor]) -> FloorFigures:
    return FloorFigures(
        read_seconds=median(floor.figures.read_seconds for floor in floors),
        write_seconds=median(floor.figures.write_seconds for floor in floors),
        wall_seconds=median(floor.took.wall_seconds for floor in floors),
        peak_bytes=max(floor.took.peak_bytes for floor in floors),
        rows_read=floors[-1].figures.rows_read,
        rows_written=floors[-1].figures.rows_written,
    )
