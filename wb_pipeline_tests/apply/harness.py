"""The long form of the crash tests, with a report: `python -m wb_pipeline_tests.apply.harness --report FILE`.

Every fault, every step and random moments, as often as asked; exit code 1 where anything was lost, done twice or
overwritten. What an accident is stands in `trials`, what must hold in `invariants`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from wb_pipeline_tests.apply.dying import context
from wb_pipeline_tests.apply.fake_faults import READ_FAULTS, WRITE_FAULTS
from wb_pipeline_tests.apply.people import PeopleLaboratory
from wb_pipeline_tests.apply.trials import Laboratory, Result, laboratory, random_moments

UNDO_FAULTS = ("timeout_after", "timeout_late", "reset_before", "partial_throttled", "moved", "stale")
KINDS = ("lost", "twice", "overwritten", "wrong")
_MOST_EXAMPLES = 3


@dataclass
class Tally:
    """What came of many accidents of one kind."""

    trials: int = 0
    killed: int = 0
    seconds: float = 0.0
    problems: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    examples: list[str] = field(default_factory=list)

    def add(self, result: Result, seconds: float) -> None:
        """Count one accident."""
        self.trials += 1
        self.killed += result.was_killed
        self.seconds += seconds
        for kind, found in result.problems.items():
            self.problems[kind] += len(found)
            self.examples += [f"{result.name}: {kind}: {each}" for each in found]

    def join(self, other: Tally) -> None:
        """Count what another laboratory counted."""
        self.trials, self.killed, self.seconds = (
            getattr(self, name) + getattr(other, name) for name in ("trials", "killed", "seconds")
        )
        self.problems = {kind: self.problems[kind] + other.problems[kind] for kind in KINDS}
        self.examples += other.examples

    @property
    def is_well(self) -> bool:
        """Whether nothing went wrong in any of them."""
        return not any(self.problems.values())


Accident = tuple[str, Callable[[], Result]]


def accidents(lab: Laboratory, people: PeopleLaboratory, sizes: argparse.Namespace) -> Iterator[Accident]:
    """Yield everything that is to happen, as (kind, deed)."""
    undisturbed = lab.undisturbed(is_every=True)
    on_files, undone = lab.kill_on_files(0, is_every=True), lab.kill_undo(0, is_every=True)
    for number in range(sizes.faults):
        for fault in WRITE_FAULTS:
            yield f"fault: {fault}", lambda fault=fault, place=number % 5: lab.fault(fault, place=place)
        yield "fault: broken reads", lambda: lab.fault("", reads=[*READ_FAULTS, *READ_FAULTS])
        yield "fault: refused", lab.refusal
        yield "fault: storm", lambda seed=number: lab.storm(seed)
        for fault in UNDO_FAULTS:
            yield f"undo, fault: {fault}", lambda fault=fault: lab.kill_undo(0, fault=fault)
        yield "CRM killed", lambda share=number / sizes.faults: lab.kill_crm_after(share * undisturbed.seconds)
        yield "disk full", lambda most=number * 4096: lab.full_disk(most)
        yield "several at once", lab.rivals
    for _ in range(sizes.kills):
        for step in range(1, undisturbed.steps + 1, sizes.stride):
            yield "killed at a step of apply", lambda step=step: lab.kill_at(step, is_every=True)
        for step in range(1, on_files.steps + 1, sizes.stride):
            yield "killed at a step of apply to files", lambda step=step: lab.kill_on_files(step, is_every=True)
        for step in range(1, undone.steps + 1, sizes.stride):
            yield "killed at a step of undo", lambda step=step: lab.kill_undo(step, is_every=True)
        yield from people.accidents(sizes.stride)
    for number, moment in enumerate(random_moments(sizes.random, undisturbed.seconds, sizes.seed)):
        seed = number if number % 2 else None
        yield "killed at a random moment", lambda moment=moment, seed=seed: lab.kill_after(moment, seed=seed)
    yield from people.random_accidents(sizes.random // 5, sizes.seed)


def share_of(sizes: argparse.Namespace, share: int) -> dict[str, Tally]:
    """Let every n-th accident happen, in a laboratory of its own; return what came of them, by kind."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    with tempfile.TemporaryDirectory() as folder, laboratory(Path(folder) / "lab") as lab:
        planned = accidents(lab, PeopleLaboratory(Path(folder) / "people"), sizes)
        for kind, deed in islice(planned, share, None, sizes.jobs):
            begun = time.monotonic()
            tallies[kind].add(deed(), time.monotonic() - begun)
    return dict(tallies)


def all_shares(sizes: argparse.Namespace) -> dict[str, Tally]:
    """Let everything happen, in several laboratories at once: most of the time each of them waits."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    with ProcessPoolExecutor(sizes.jobs, mp_context=context()) as pool:
        for found in pool.map(share_of, [sizes] * sizes.jobs, range(sizes.jobs)):
            for kind, tally in found.items():
                tallies[kind].join(tally)
    return dict(sorted(tallies.items()))


def report(tallies: dict[str, Tally], sizes: argparse.Namespace, seconds: float) -> str:
    """Return the report as Markdown."""
    lines = [
        "# Accidents while deciding, writing and taking back", "",
        f"Faults x {sizes.faults}, steps x {sizes.kills} (stride {sizes.stride}), {sizes.random} random moments.", "",
        "| what happened | times | killed | lost | twice | overwritten | wrongly booked | seconds |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for kind, tally in tallies.items():
        counts = " | ".join(str(tally.problems[each]) for each in KINDS)
        lines.append(f"| {kind} | {tally.trials} | {tally.killed} | {counts} | {tally.seconds:.0f} |")
    totals = " | ".join(str(sum(tally.problems[each] for tally in tallies.values())) for each in KINDS)
    trials, killed = (sum(getattr(tally, name) for tally in tallies.values()) for name in ("trials", "killed"))
    lines += [f"| **all** | {trials} | {killed} | {totals} | {seconds:.0f} |", ""]
    examples = [each for tally in tallies.values() for each in tally.examples[:_MOST_EXAMPLES]]
    return "\n".join([*lines, *(f"- {each}" for each in examples), ""])


def runs_are_well() -> bool:
    """Run the tests of killed runs too: they have a harness of their own."""
    tests = "wb_pipeline_tests/end_to_end/test_killed.py"
    return subprocess.run([sys.executable, "-m", "pytest", "-q", tests], check=False).returncode == 0


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=50, help="how often each fault happens")
    parser.add_argument("--kills", type=int, default=20, help="how often each step is the last one")
    parser.add_argument("--random", type=int, default=300, help="how many kills come at a random moment")
    parser.add_argument("--stride", type=int, default=1, help="kill at every n-th step only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=4, help="how many laboratories at once")
    parser.add_argument("--with-runs", action="store_true", help="also kill whole runs (pytest, some minutes)")
    parser.add_argument("--report", type=Path, required=True, help="where the report goes, as Markdown")
    sizes = parser.parse_args()
    begun = time.monotonic()
    tallies = all_shares(sizes)
    text = report(tallies, sizes, time.monotonic() - begun)
    sizes.report.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201 - it is a command
    is_well = all(tally.is_well for tally in tallies.values()) and (not sizes.with_runs or runs_are_well())
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
