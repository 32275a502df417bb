"""Runs every check of the project, one after the other, and says which failed. What is checked stands elsewhere.

All steps run even if an early one fails; the exit code is 0 only if all passed. Standard library alone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    """One tool and its arguments; `group` is what `--only` chooses by."""

    name: str
    group: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a step ended: its exit code and its wall time in seconds."""

    step: Step
    exit_code: int
    seconds: float

    def __str__(self) -> str:
        result = "passed" if self.exit_code == 0 else f"FAILED (exit {self.exit_code})"
        return f"{self.step.name:<14} {self.seconds:>7.1f} s  {result}"


STEPS = (
    Step("ruff check", "lint", ("ruff", "check", ".")),
    Step("ruff format", "lint", ("ruff", "format", "--check", ".")),
    Step("mypy", "lint", ("mypy",)),
    Step("sqlfluff", "lint", ("sqlfluff", "lint", "--disable-progress-bar", "--processes", "0", "dbt_like_sql")),
    Step("lint-imports", "lint", ("lint-imports",)),
    # The last one: its closing line ("123 passed in 4 s") stays in view above the table.
    # A process per core, a test file to each: what the tests of a file share is made once. The files come in the order
    # of wb_pipeline_tests/order.py, not in that of how many tests they have.
    Step("pytest", "tests", ("pytest", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")),
)


def run(step: Step, more: list[str]) -> Outcome:
    """Run one step with its output going straight through; no tests found (pytest's exit code 5) is a failure too."""
    print(f"--- {step.name}", flush=True)
    started = time.monotonic()
    command = [str(BIN / step.command[0]), *step.command[1:], *more]
    exit_code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False, env=environment()).returncode
    return Outcome(step, exit_code, time.monotonic() - started)


def environment() -> dict[str, str]:
    """Return the environment of the tools: this one with the virtual environment's commands first."""
    return os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}


def main() -> int:
    """Run the chosen steps and print the table; return 1 if any failed."""
    parser = argparse.ArgumentParser(description="Run every check of the project.")
    parser.add_argument("--only", choices=sorted({step.group for step in STEPS}), help="run one group of steps")
    parser.add_argument("pytest_arguments", nargs="*", help="after --: arguments for pytest")
    options = parser.parse_args()
    steps = [step for step in STEPS if options.only in (None, step.group)]
    outcomes = [run(step, options.pytest_arguments if step.group == "tests" else []) for step in steps]
    print("\n" + "\n".join(map(str, outcomes)), flush=True)
    return int(any(outcome.exit_code for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
