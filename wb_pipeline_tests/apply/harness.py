"""The long form of the crash tests, with a report: `python -m wb_pipeline_tests.apply.harness --report FILE`.

Every fault, every step and random moments, as often as asked; exit code 1 where anything was lost, done twice or
overwritten, or the sweep was broken off. What happens stands in `sweep`, how in `workbench`, what must hold in
`invariants`.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wb_pipeline_tests.apply.sweep import Sizes, Steps, accidents
from wb_pipeline_tests.apply.workbench import Happened, count_steps, happen, open_bench
from wb_pipeline_tests.ledger.processes import context

KINDS = ("lost", "twice", "overwritten", "wrong")
PROGRESS_SECONDS = 10.0
RUNS = "wb_pipeline_tests/end_to_end/test_killed.py"
_MOST_EXAMPLES = 3


@dataclass
class Tally:
    """What came of many accidents of one kind."""

    trials: int = 0
    killed: int = 0
    seconds: float = 0.0
    problems: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    examples: list[str] = field(default_factory=list)

    def add(self, happened: Happened) -> None:
        """Count one accident."""
        self.trials += 1
        self.killed += happened.was_killed
        self.seconds += happened.seconds
        for kind, found in happened.problems.items():
            # What an accident's own books call otherwise is wrong in any case.
            self.problems[kind if kind in KINDS else "wrong"] += len(found)
            self.examples += found

    @property
    def is_well(self) -> bool:
        """Whether nothing went wrong in any of them."""
        return not any(self.problems.values())


@dataclass
class Sweep:
    """A sweep while it goes on: what was asked, what is planned, what came of it so far, and how it ended."""

    sizes: Sizes
    jobs: int = 1
    begun: float = field(default_factory=time.monotonic)
    steps: Steps = field(default_factory=dict)
    planned: int = 0
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    runs: str = "not asked for"
    end: str = "still going on"

    @property
    def trials(self) -> int:
        """How many accidents have happened."""
        return sum(tally.trials for tally in self.tallies.values())

    @property
    def seconds(self) -> float:
        """How long it has gone on."""
        return time.monotonic() - self.begun

    @property
    def is_well(self) -> bool:
        """Whether it came to its end, and nothing went wrong."""
        is_whole = self.end == "finished" and self.runs in ("not asked for", "all well")
        return is_whole and all(tally.is_well for tally in self.tallies.values())

    def progress(self) -> str:
        """Return a line on how far it is."""
        wrong = sum(sum(tally.problems.values()) for tally in self.tallies.values())
        left = self.seconds / self.trials * (self.planned - self.trials) if self.trials else 0.0
        return f"{self.trials} of {self.planned} accidents, {wrong} problems, {self.seconds:.0f} s, {left:.0f} s to go"


def report(sweep: Sweep) -> str:
    """Return the report as Markdown."""
    sizes, tallies = sweep.sizes, dict(sorted(sweep.tallies.items()))
    counted = ", ".join(f"{name} {count}" for name, count in sweep.steps.items())
    happened = f"{sweep.trials} of {sweep.planned} accidents in {sweep.seconds:.0f} s, {sweep.jobs} at a time"
    asked = f"Faults x {sizes.faults}, steps x {sizes.kills} (stride {sizes.stride}), {sizes.random} random moments"
    lines = [
        "# Accidents while deciding, writing and taking back", "",
        f"{sweep.end.capitalize()}: {happened}.", "",
        f"{asked}. Steps: {counted}. Whole runs: {sweep.runs}.", "",
        "| what happened | times | killed | lost | twice | overwritten | wrongly booked | seconds each |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    lines += [_row(kind, tally) for kind, tally in tallies.items()]
    lines += [_row("**all**", _sum(list(tallies.values()))), ""]
    examples = [each for tally in tallies.values() for each in tally.examples[:_MOST_EXAMPLES]]
    return "\n".join([*lines, *(f"- {each}" for each in examples), ""])


def _row(kind: str, tally: Tally) -> str:
    counts = " | ".join(str(tally.problems[each]) for each in KINDS)
    return f"| {kind} | {tally.trials} | {tally.killed} | {counts} | {tally.seconds / max(tally.trials, 1):.2f} |"


def _sum(tallies: list[Tally]) -> Tally:
    problems = {kind: sum(tally.problems[kind] for tally in tallies) for kind in KINDS}
    trials, killed = sum(tally.trials for tally in tallies), sum(tally.killed for tally in tallies)
    return Tally(trials, killed, sum(tally.seconds for tally in tallies), problems)


def let_happen(sweep: Sweep, folder: Path, file: Path) -> None:
    """Let everything happen, several things at once, for each of them mostly waits; the report grows meanwhile."""
    with ProcessPoolExecutor(sweep.jobs, context(), open_bench, (folder,)) as pool:
        try:
            sweep.steps = pool.submit(count_steps).result()
            futures = [pool.submit(happen, accident) for accident in accidents(sweep.steps, sweep.sizes)]
            sweep.planned, told = len(futures), time.monotonic()
            for future in as_completed(futures):
                happened = future.result()
                sweep.tallies[happened.kind].add(happened)
                if time.monotonic() - told > PROGRESS_SECONDS:
                    told = time.monotonic()
                    _tell(sweep.progress())
                    file.write_text(report(sweep), encoding="utf-8")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


@contextmanager
def interruptible(sweep: Sweep) -> Iterator[None]:
    """Write down how the block ended; who ends us politely interrupts us."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
        sweep.end = "finished"
    except KeyboardInterrupt:
        sweep.end = "interrupted"
    except BrokenProcessPool as error:
        sweep.end = f"broken off: {error}"


def runs_end_well() -> str:
    """Run the tests of killed runs too: they have a laboratory of their own. Return what came of it."""
    _tell("whole runs")
    command = [sys.executable, "-m", "pytest", "-q", RUNS]
    done = subprocess.run(command, check=False, stdout=sys.stderr.fileno())
    return "all well" if done.returncode == 0 else f"not well, exit code {done.returncode}"


def main() -> None:
    """Do what the command line says."""
    options = _options()
    sizes = Sizes(options.faults, options.kills, options.stride, options.random, options.seed)
    sweep = Sweep(sizes, options.jobs)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder, interruptible(sweep):
        let_happen(sweep, Path(folder), options.report)
        if options.with_runs:
            sweep.runs = runs_end_well()
    text = report(sweep)
    options.report.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201 - it is a command
    sys.exit(0 if sweep.is_well else 1)


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=50, help="how often each fault happens")
    parser.add_argument("--kills", type=int, default=20, help="how often each step is the last one")
    parser.add_argument("--random", type=int, default=300, help="how many kills come at a random moment")
    parser.add_argument("--stride", type=int, default=1, help="kill at every n-th step only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=3 * (os.cpu_count() or 2), help="how many accidents at a time")
    parser.add_argument("--folder", type=Path, help="where it happens; a folder in memory spares the disk")
    parser.add_argument("--with-runs", action="store_true", help="also kill whole runs (pytest, some minutes)")
    parser.add_argument("--report", type=Path, required=True, help="where the report goes, as Markdown")
    return parser.parse_args()


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - it is a command


if __name__ == "__main__":
    main()
