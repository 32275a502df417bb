"""What a sweep of accidents consists of: each one as data, in rounds with everything once. Nothing happens here."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from wb_pipeline_tests.apply.fake_faults import READ_FAULTS, WRITE_FAULTS
from wb_pipeline_tests.apply.files_trials import EDITS

Where = Literal["crm", "files", "people"]

UNDO_FAULTS = ("timeout_after", "timeout_late", "reset_before", "partial_throttled", "moved", "stale")
_PLACES = 5
_EDITED_EACH = 10
"""At every step of a folder every tenth round has somebody edit a record of the merge: one after the other."""


@dataclass(frozen=True)
class Accident:
    """A deed of a laboratory. `moment`: when it comes, as a share of the time that the deed takes in peace."""

    kind: str
    where: Where
    deed: str
    given: dict[str, Any] = field(default_factory=dict)
    moment: float | None = None


@dataclass(frozen=True)
class Sizes:
    """How often each fault happens, how often each n-th step is the last one, how many kills come at any moment."""

    faults: int = 50
    kills: int = 20
    stride: int = 1
    random: int = 300
    seed: int = 1


Steps = dict[str, int]
"""How many steps there are: of `apply`, `files`, `undo`, `approval`."""


def accidents(steps: Steps, sizes: Sizes) -> Iterator[Accident]:
    """Yield everything that is to happen: a sweep that is broken off early has had everything at least once."""
    for number in range(max(sizes.faults, sizes.kills)):
        if number < sizes.kills:
            yield from _kills(steps, sizes.stride, number)
        if number < sizes.faults:
            yield from _faults(number, sizes.faults)
        if number == 0:
            yield from _at_any_moment(sizes)


def _faults(number: int, of: int) -> Iterator[Accident]:
    for fault in WRITE_FAULTS:
        yield Accident(f"fault: {fault}", "crm", "fault", {"name": fault, "place": number % _PLACES})
    reads = [*READ_FAULTS, *READ_FAULTS]
    yield Accident("fault: broken reads", "crm", "fault", {"name": "", "reads": reads})
    yield Accident("fault: refused", "crm", "refusal")
    yield Accident("fault: storm", "crm", "storm", {"seed": number})
    for fault in UNDO_FAULTS:
        yield Accident(f"undo, fault: {fault}", "crm", "kill_undo", {"step": 0, "fault": fault})
    yield Accident("CRM killed", "crm", "kill_crm_after", moment=number / of)
    yield Accident("disk full", "crm", "full_disk", {"most_bytes": number * 4096})
    yield Accident("several at once", "crm", "rivals")


def _kills(steps: Steps, stride: int, number: int) -> Iterator[Accident]:
    for step in range(1, steps["apply"] + 1, stride):
        yield Accident("killed at a step of apply", "crm", "kill_at", {"step": step, "is_every": True})
    for step in range(1, steps["undo"] + 1, stride):
        yield Accident("killed at a step of undo", "crm", "kill_undo", {"step": step, "is_every": True})
    for step in range(1, steps["approval"] + 1, stride):
        yield Accident("killed at a step of bulk approval", "people", "kill_at", {"step": step})
    for step in range(1, steps["files"] + 1, stride):
        given = {"step": step, "is_every": True}
        yield Accident("killed at a step of apply to files", "files", "kill_at", given)
        if number % _EDITED_EACH == step % _EDITED_EACH:
            edited = sorted(EDITS)[(number // _EDITED_EACH + step // _EDITED_EACH) % len(EDITS)]
            kind = "killed at a step of apply to files, then somebody edits a merged record"
            yield Accident(kind, "files", "kill_at", given | {"edited": edited})


def _at_any_moment(sizes: Sizes) -> Iterator[Accident]:
    chance = random.Random(sizes.seed)
    for number in range(sizes.random):
        given = {"seed": number if number % 2 else None}
        yield Accident("killed at a random moment", "crm", "kill_after", given, chance.random())
    for _ in range(sizes.random // 5):
        kind = "bulk approval killed at a random moment"
        yield Accident(kind, "people", "kill_after", moment=chance.random())
