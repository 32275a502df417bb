"""What `wb bench road` found, typed, and as a plain table. Nothing is measured here."""

from __future__ import annotations

from dataclasses import dataclass, field

AIM_TIMES_FLOOR = 8.0
AIM_PEAK_BYTES = 4 * 2**30
_STEPS_SHOWN = 12


@dataclass(frozen=True)
class CaseFigures:
    """One case: median wall time of its runs, the highest peak, and median seconds per step where the run told them."""

    name: str
    wall_seconds: float
    peak_bytes: int
    repeats: int
    steps: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class FloorFigures:
    """DuckDB alone: median seconds, the highest peak (with the preloaded outputs in it), rows per table."""

    read_seconds: float
    write_seconds: float
    wall_seconds: float
    peak_bytes: int
    rows_read: dict[str, int]
    rows_written: dict[str, int]

    @property
    def seconds(self) -> float:
        """Reading and writing: what the pipeline's work is compared with."""
        return self.read_seconds + self.write_seconds


@dataclass(frozen=True)
class RoadReport:
    """All figures of one benchmark. Lanes are counted in the outputs, to prove that work was really done."""

    sizes: dict[str, int]
    large: CaseFigures
    floor: FloorFigures
    small: CaseFigures
    single: CaseFigures
    proposal_lanes: dict[str, int]
    change_lanes: dict[str, int]
    generated_seconds: float

    @property
    def start_up_seconds(self) -> float:
        """What a run costs before it has anything to do: the wall time of a single proposal against ten contacts."""
        return self.single.wall_seconds

    @property
    def work_seconds(self) -> float:
        """The large case without start-up."""
        return max(0.0, self.large.wall_seconds - self.start_up_seconds)

    @property
    def times_floor(self) -> float:
        """How many times the floor the work takes."""
        return self.work_seconds / self.floor.seconds

    @property
    def is_within_aim(self) -> bool:
        """At most eight times the floor, start-up apart, and at most 4 GiB."""
        return self.times_floor <= AIM_TIMES_FLOOR and self.large.peak_bytes <= AIM_PEAK_BYTES

    def render(self) -> str:
        """Return the figures as plain text."""
        blocks = [self._figures(), _counts("rows in", self.sizes), _counts("rows out", self.floor.rows_written)]
        blocks += [_counts("proposals per lane", self.proposal_lanes), _counts("changes per lane", self.change_lanes)]
        return "\n\n".join(block for block in [*blocks, _steps(self.large)] if block)

    def _figures(self) -> str:
        small_share = self.start_up_seconds / self.small.wall_seconds
        rows = [
            ("wb run, large batch, all in all", f"{self.large.wall_seconds:.1f} s", _mebibytes(self.large.peak_bytes)),
            (
                "  of it start-up (a run of 1 proposal)",
                f"{self.start_up_seconds:.1f} s",
                _mebibytes(self.single.peak_bytes),
            ),
            ("  of it work", f"{self.work_seconds:.1f} s", ""),
            ("floor: DuckDB alone, read and write", f"{self.floor.seconds:.1f} s", _mebibytes(self.floor.peak_bytes)),
            (
                "work / floor",
                f"{self.times_floor:.1f} times",
                f"aim: {AIM_TIMES_FLOOR:.0f} times, {_mebibytes(AIM_PEAK_BYTES)}",
            ),
            ("all in all / floor", f"{self.large.wall_seconds / self.floor.seconds:.1f} times", ""),
            ("wb run, 1,000 proposals", f"{self.small.wall_seconds:.1f} s", f"{small_share:.0%} of it start-up"),
            ("generating the data", f"{self.generated_seconds:.1f} s", ""),
        ]
        lines = [f"{what:<42}{figure:>14}  {note}".rstrip() for what, figure, note in rows]
        return "\n".join([f"medians of {self.large.repeats} runs, highest peaks", *lines])


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"


def _counts(title: str, counts: dict[str, int]) -> str:
    return "\n".join([title, *(f"  {name:<40}{rows:>14,}" for name, rows in counts.items())]) if counts else ""


def _steps(case: CaseFigures) -> str:
    slowest = sorted(case.steps.items(), key=lambda step: -step[1])[:_STEPS_SHOWN]
    lines = [f"  {name:<40}{seconds:>12.2f} s" for name, seconds in slowest]
    return "\n".join(["where the time goes (slowest steps of the large batch)", *lines]) if lines else ""
