"""The lines of the load test that nobody can read: each must end in quarantine and stop nothing else (CON-2, CON-3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.road_crm import pick

if TYPE_CHECKING:
    from collections.abc import Callable


def bad_line(number: int) -> str:
    """Return unreadable line `number`, going round all the ways in which a line can be bad."""
    return pick(_WAYS, number)(number)


def _with(number: int, confidence: str, actor: str = '{"type":"ai_agent","id":"agent-enrich-1"}') -> str:
    return (
        f'{{"proposal_id":"bad-{number:07d}","batch_id":"road","submitted_at":"2026-03-02T09:00:00Z","actor":{actor},'
        f'"action":"update","object":"contact","target":{{"id":"con-1"}},'
        f'"changes":[{{"field":"title","op":"set","value":"VP","seen":"Head of IT"}}],"confidence":{confidence}}}'
    )


_WAYS: tuple[Callable[[int], str], ...] = (
    lambda number: _with(number, '"85%"'),
    lambda number: _with(number, "NaN"),
    lambda number: _with(number, "101"),
    lambda number: _with(number, "-3"),
    lambda number: _with(number, "90", actor="null"),
    lambda number: _with(number, "90")[:120],
    lambda number: f'["p-{number}", "not an object"]',
    lambda number: f"title of contact {number} is VP",
    lambda number: f'{{"proposal_id":"bad-{number:07d}"}}',
)
