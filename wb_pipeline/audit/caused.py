"""Which proposals name another one as their cause (AUD-3, TRG-2): read from segments, by what their actors said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

MOST_CAUSED = 200
_QUERY = """
select cause, proposal_id, proposal_key, actor_id, action, object, record_id, proposal_lane, decided_at
from (
    select
        *, unnest(list_distinct([causation ->> '$.parent', causation ->> '$.root'])) as cause
    from read_parquet($paths, union_by_name = true)
    where is_action_row and regexp_matches(causation, $pattern)
)
where list_contains($ids, cause)
order by decided_at, proposal_key
limit $most
"""


@dataclass(frozen=True, slots=True)
class CausedProposal:
    """A proposal that says what led to it. `lane`: the most severe one of its changes."""

    proposal_id: str
    proposal_key: str
    actor_id: str
    action: str
    object: str
    record_id: str | None
    lane: str
    decided_at: datetime


def caused_by(
    con: duckdb.DuckDBPyConnection, paths: Iterable[str], proposal_ids: Iterable[str | None]
) -> Mapping[str, list[CausedProposal]]:
    """Return the proposals that name one of the given ids as parent or root, by that id."""
    ids = sorted({each for each in proposal_ids if each})
    found: dict[str, list[CausedProposal]] = defaultdict(list)
    if not ids:
        return found
    # Most causes are empty: only what names anything at all is read as JSON.
    given = {"paths": list(paths), "ids": ids, "pattern": '"(parent|root)":"', "most": MOST_CAUSED}
    for cause, *row in con.execute(_QUERY, given).fetchall():
        found[cause].append(CausedProposal(*row))
    return found
