"""What a run came to, for a terminal: lanes per batch, and where to look. Reads the published files only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wb_pipeline.audit.terminal_text import plain

if TYPE_CHECKING:
    from wb_pipeline.home import Home

LANES = ("auto", "suggest", "review", "deny", "quarantine", "noop")
_MEANING = {
    "auto": "written without a person",
    "suggest": "written to a suggestion field",
    "review": "wait for a person",
    "deny": "stopped, kept as pending changes",
    "quarantine": "could not be taken as proposals",
    "noop": "nothing to do: already so, or repeated",
}


def lane_counts(home: Home, batch_key: str) -> dict[str, int]:
    """Return the number of proposals per lane of a batch."""
    from wb_pipeline.steps.published import read_published

    rows = read_published(
        home, batch_key, "proposal_outcomes", "select lane, count(*) as proposals from rows group by lane"
    )
    found = {row["lane"]: row["proposals"] for row in rows}
    return {lane: found.get(lane, 0) for lane in LANES}


def summary(home: Home, batch_keys: Sequence[str]) -> str:
    """Return the lanes of each batch, why its file could not be read if so (CON-2), and where its tables lie."""
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.steps.intake import received_batches
    from wb_pipeline.steps.publishing import batch_folder

    received = received_batches(home, Ledger.open(home))
    lines = []
    for batch_key in batch_keys:
        lines.append(f"\nBatch {batch_key[:16]} ({plain(received[batch_key].file_name)})")
        lines += [f"  NOT READ: {problem}" for problem in _file_problems(home, batch_key)]
        counts = lane_counts(home, batch_key)
        lines += [f"  {counts[lane]:>7,}  {lane:<10}  {_MEANING[lane]}" for lane in LANES]
        lines.append(f"  tables: {batch_folder(home, batch_key)}")
    return "\n".join(lines)


def _file_problems(home: Home, batch_key: str) -> Iterator[str]:
    """Yield why the file was quarantined as a whole: its one row has line number 0."""
    from wb_pipeline.steps.published import read_published

    query = "select reasons from rows where line_number = 0"
    for row in read_published(home, batch_key, "quarantined_proposals", query):
        for reason in json.loads(row["reasons"] or "[]"):
            yield plain((reason.get("details") or {}).get("message") or reason.get("reason"))
