"""Run one command and measure it: wall time and peak memory of that process. Nothing is compared here."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.errors import WbError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_TAIL_CHARACTERS = 2_000
_RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024


class BenchmarkError(WbError):
    """A measured command failed, so there is no figure to report."""


@dataclass(frozen=True)
class Measurement:
    """One finished command: seconds on the clock, and the most memory that it held at once, in bytes."""

    wall_seconds: float
    peak_bytes: int


def measure(command: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None) -> Measurement:
    """Run `command` to its end, its output going to `log`, and return what it took.

    The peak is that of this child (and of children that it waited for), by the kernel's own account. A child inherits
    the high-water mark of the process that starts it, so the caller must be a small process.
    Raises BenchmarkError, with the end of the output, if the command fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        started = time.perf_counter()
        child = subprocess.Popen(  # noqa: S603 - our own command line, no shell
            list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall_seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise BenchmarkError(
            f"the measured command ended with exit code {child.returncode}: {' '.join(command)}",
            hint=log.read_text(encoding="utf-8", errors="replace")[-_TAIL_CHARACTERS:],
        )
    return Measurement(wall_seconds, usage.ru_maxrss * _RSS_UNIT_BYTES)
