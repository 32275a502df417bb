"""`wb bench gates`: what all facts and gates cost over a batch, beside selecting and writing the same rows."""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.generate import EvidenceSize, GeneratedRoad, generate_road
from wb_pipeline.benchmarks.measure import Measurement, measure
from wb_pipeline.benchmarks.road import run_road

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

AIM_SECONDS = 60.0
AIM_PEAK_BYTES = 4 * 2**30
# All between the parsed batch and the sealed decisions; what comes in and goes out is `wb bench road`'s to measure.
_STEPS = re.compile(r"facts|expectation_gates|gate_suites|(staging|intermediate|gates)_\d+")


@dataclass(frozen=True)
class GatesReport:
    """Rows in, seconds (medians) of all facts and gates, the run's peak in bytes, and the floor's seconds."""

    changes: int
    evidence_items: int
    transcripts: int
    gate_seconds: float
    steps: dict[str, float]
    peak_bytes: int
    floor_seconds: float

    def as_json(self) -> dict[str, object]:
        """Return all figures as JSON values."""
        return asdict(self)

    def render(self) -> str:
        """Return the figures as plain text."""
        rows = [
            ("changes (action rows included)", f"{self.changes:,}"),
            ("evidence items", f"{self.evidence_items:,}, {self.transcripts:,} of them transcripts"),
            ("all facts and gates", f"{self.gate_seconds:.1f} s (aim: {AIM_SECONDS:.0f} s)"),
            (
                "peak memory of the whole run",
                f"{self.peak_bytes / 2**20:,.0f} MiB (aim: {AIM_PEAK_BYTES / 2**20:,.0f})",
            ),
            ("select and write the same rows", f"{self.floor_seconds:.1f} s"),
            ("gates / floor", f"{self.gate_seconds / self.floor_seconds:.1f} times"),
            *((f"  {step}", f"{seconds:.1f} s") for step, seconds in self.steps.items()),
        ]
        return "\n".join(f"{what:<36}{figure}" for what, figure in rows)


def bench_gates(
    folder: Path, *, proposals: int, evidence: int, turns: int, repeats: int, echo: Callable[[str], None]
) -> GatesReport:
    """Generate data below `folder`, run the road `repeats` times and return what facts and gates took.

    Raises BenchmarkError if a run fails.
    """
    echo(f"generating {proposals:,} proposals and {evidence:,} evidence items in {folder}")
    road = generate_road(
        folder / "gates", contacts=proposals, proposals=proposals, bad_rows=0, evidence=EvidenceSize(evidence, turns)
    )
    runs = [run_road(road, turn, echo) for turn in range(repeats)]
    steps = {name: median(run.steps[name] for run in runs) for name in runs[0].steps if _STEPS.fullmatch(name)}
    floor = _floor(road, echo)
    return GatesReport(
        changes=int(floor["rows"]),
        evidence_items=road.rows["evidence/items.jsonl"],
        transcripts=int(floor["transcripts"]),
        gate_seconds=sum(steps.values()),
        steps=dict(sorted(steps.items(), key=lambda step: -step[1])),
        peak_bytes=max(run.took.peak_bytes for run in runs),
        floor_seconds=floor["seconds"],
    )


def _floor(road: GeneratedRoad, echo: Callable[[str], None]) -> dict[str, float]:
    """Select the rows that the gates read, and write them again, in a process of its own; return its figures."""
    out = road.folder / "floor"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    arguments = [str(road.home / "warehouse.duckdb"), str(out / "rows.parquet"), str(out / "floor.json")]
    took: Measurement = measure(
        [sys.executable, "-m", "wb_pipeline.benchmarks.gates_floor", *arguments], log=road.folder / "logs" / "floor.log"
    )
    echo(f"floor took {took.wall_seconds:.1f} s")
    figures: dict[str, float] = json.loads((out / "floor.json").read_text(encoding="utf-8"))
    return figures
