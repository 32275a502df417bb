"""`wb bench matching-size`: how time and memory of matching grow with the CRM. Figures, no verdicts.

Every part of every size is a process of its own (`size_part`), so that its peak of memory is its own.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching.size_part import PARTS, PROPOSALS, PartTime
from wb_pipeline.benchmarks.matching.text_table import Table
from wb_pipeline.benchmarks.measure import measure
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

SIZES = (10_000, 100_000, 1_000_000)
_GENERATED = "generate the CRM"


@dataclass(frozen=True)
class PartFigures:
    """One part at one size: its seconds without start-up and set-up, and the peak of its process in bytes.

    `cpu_seconds` are those of all threads together: on a machine that does other things too they tell more than the
    clock. None where only the clock was read.
    """

    seconds: float
    peak_bytes: int
    cpu_seconds: float | None = None

    def __str__(self) -> str:
        busy = "" if self.cpu_seconds is None else f" ({self.cpu_seconds:.1f} s of processor)"
        return f"{self.seconds:.1f} s{busy}, {self.peak_bytes / 2**20:,.0f} MiB"


@dataclass(frozen=True)
class SizeReport:
    """Figures per number of contacts and part."""

    figures: dict[int, dict[str, PartFigures]]

    def as_json(self) -> dict[str, object]:
        """Return everything for the JSON report."""
        return {str(size): {name: vars(part) for name, part in parts.items()} for size, parts in self.figures.items()}

    def render(self) -> str:
        """Return a line per part and a column per size."""
        title = f"seconds of each part, and the peak memory of its process; {PROPOSALS:,} proposals at every size"
        table = Table(title, [f"{size:,} contacts" for size in self.figures])
        for name in next(iter(self.figures.values()), {}):
            table.add(name, *(str(parts[name]) for parts in self.figures.values()))
        return table.render()


def bench_size(
    folder: Path, *, sizes: Sequence[int] = SIZES, seed: int = 1, echo: Callable[[str], object]
) -> SizeReport:
    """Generate a CRM of each size below `folder`, run every part on it, and return what each took.

    `echo` gets a line per part. Needs about 5 GB of disk for a million contacts; each size's folder is deleted when it
    is done. Raises InputError for sizes that make no sense, BenchmarkError if a part fails.
    """
    if not sizes or min(sizes) < PROPOSALS:
        raise InputError(f"cannot measure sizes {list(sizes)}", hint=f"Give sizes of {PROPOSALS:,} contacts or more.")
    return SizeReport({size: _one_size(folder / str(size), size, seed, echo) for size in sizes})


def _one_size(folder: Path, size: int, seed: int, echo: Callable[[str], object]) -> dict[str, PartFigures]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    figures = {_GENERATED: _generate(folder, size, seed)}
    for name in PARTS:
        figures[name] = _run(folder, name)
        echo(f"{size:,} contacts, {name}: {figures[name]}")
    shutil.rmtree(folder)
    return figures


def _generate(folder: Path, size: int, seed: int) -> PartFigures:
    options = {"--contacts": size, "--seed": seed, "--proposals": PROPOSALS, "--out": folder / "data"}
    arguments = [str(part) for pair in options.items() for part in pair]
    command = [sys.executable, "-m", "wb_pipeline.cli", "sample", *arguments]
    took = measure(command, log=folder / "logs" / "generate.log")
    return PartFigures(took.wall_seconds, took.peak_bytes)


def _run(folder: Path, name: str) -> PartFigures:
    report = folder / "part.json"
    options = {"--part": name, "--home": folder / "home", "--data": folder / "data", "--report": report}
    arguments = [str(part) for pair in options.items() for part in pair]
    command = [sys.executable, "-m", "wb_pipeline.benchmarks.matching.size_part", *arguments]
    took = measure(command, log=folder / "logs" / "part.log")
    inside = PartTime(**json.loads(report.read_text(encoding="utf-8")))
    return PartFigures(inside.seconds, took.peak_bytes, inside.cpu_seconds)
