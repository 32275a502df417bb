"""When records were made and changed. Nothing else."""

from __future__ import annotations

from wb_pipeline.synthetic.dice import Dice

_FIRST = 1_546_300_800  # 2019-01-01
_LAST = 1_767_225_600  # 2026-01-01
_YEAR = 31_536_000


def draw_times(dice: Dice) -> tuple[int, int]:
    """Return when a record was made and last changed, in seconds since 1970 (UTC); later years more often."""
    created_at = _FIRST + int((_LAST - _FIRST) * (1 - dice.random() ** 1.6))
    until = min(_LAST, created_at + 3 * _YEAR)
    updated_at = created_at if dice.chance(0.15) else created_at + int((until - created_at) * dice.random() ** 2)
    return created_at, updated_at
