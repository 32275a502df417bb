"""How long and how often is tried, and by which clock: one place, so that a test needs no patience. Decides nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

_MOST_DOUBLINGS = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of a run.

    `group`: writes per commit. `tries`: how often a write that surely had no effect is sent in a run; between tries
    `first_pause` doubles up to `longest_pause`. Nothing of a group is sent later than `group_seconds` after it was
    planned: so a later run knows when the last call of a killed one can have left. `mode_seconds`: how old the modes
    may be that a write is sent under. `run_seconds`: when a run stops by itself.
    """

    group: int = 200
    tries: int = 5
    first_pause: float = 0.5
    longest_pause: float = 30.0
    group_seconds: float = 120.0
    mode_seconds: float = 2.0
    run_seconds: float = 3_600.0
    stale_reads: int = 4


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock for what is recorded, the one for durations, and how to wait."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def pause(self, limits: Limits, tried: int) -> float:
        """Return how long to wait after so many tries: doubled each time, with jitter, so that nobody falls in step."""
        longest = min(limits.longest_pause, limits.first_pause * float(1 << min(tried - 1, _MOST_DOUBLINGS)))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter keeps no secret
