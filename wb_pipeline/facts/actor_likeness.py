"""facts.actor_likeness: which proposing actors pass for a registered one (FLD-7). What they may is not here."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.contract.field_letters import latin_readings, plain
from wb_pipeline.facts.current_run import count_rows, open_run
from wb_pipeline.facts.distinct_values import lent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

# Longer than any id that is registered: nobody takes it for one, and it is unknown anyway.
_LONGEST = 200
# What people read alike within plain letters and digits.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s"})
_ACTORS = """
select distinct run_inputs.manifest_id, run_inputs.policy_hash, lines.actor_type, lines.actor_id
from run_inputs
inner join raw.proposal_lines as lines on lines.batch_key = run_inputs.batch_key
where lines.is_readable is true
"""
_FACTS = """
create or replace table facts.actor_likeness as
select manifest_id, actor_type, actor_id, looks_like is not null as is_impersonating, likeness, looks_like
from judged_actors
"""

Registered = dict[str, str]
Found = tuple[str | None, str | None]


def write_actor_likeness(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.actor_likeness and return its rows.

    Grain: (manifest, actor id and type that proposed something): is_impersonating, likeness (`other_type`,
    `look_alike`, NULL), looks_like (the registered id). Who is registered under its id and type is itself.
    """
    open_run(con)
    registered, shapes = _registered(con), _shapes(con)
    rows = [
        (manifest_id, kind, actor_id, *likeness_of(actor_id, kind, registered[policy], shapes[policy]))
        for manifest_id, policy, kind, actor_id in con.execute(_ACTORS).fetchall()
    ]
    names = ("manifest_id", "actor_type", "actor_id", "likeness", "looks_like")
    columns = {name: (pa.string(), [row[place] for row in rows]) for place, name in enumerate(names)}
    with lent(con, "judged_actors", columns):
        con.execute(_FACTS)
    return count_rows(con, "facts.actor_likeness")


def likeness_of(
    actor_id: str | None, actor_type: str | None, registered: Registered, shapes: Mapping[str, str]
) -> Found:
    """Return (likeness, registered id) of an actor that passes for another, (None, None) for itself and for strangers.

    `registered`: {id: type}. `shapes`: {reading of a registered id: that id}.
    """
    if actor_id is None or len(actor_id) > _LONGEST or registered.get(actor_id) == actor_type:
        return None, None
    if actor_id in registered:
        return "other_type", actor_id
    alike = sorted(shapes[reading] for reading in readings(actor_id) if reading in shapes)
    return ("look_alike", alike[0]) if alike else (None, None)


def readings(actor_id: str) -> set[str]:
    """Return how an id may be read: without case, separators and what is invisible, letters that look alike as one."""
    return {plain(each).translate(_ALIKE).replace("rn", "m") for each in latin_readings(actor_id)} - {""}


def _registered(con: duckdb.DuckDBPyConnection) -> dict[str, Registered]:
    found: dict[str, Registered] = defaultdict(dict)
    for policy_hash, actor_id, actor_type in con.execute(
        "select policy_hash, actor_id, actor_type from policy.actors"
    ).fetchall():
        found[policy_hash][actor_id] = actor_type
    return found


def _shapes(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    return defaultdict(
        dict,
        {
            policy_hash: {reading: actor_id for actor_id in sorted(actors) for reading in readings(actor_id)}
            for policy_hash, actors in _registered(con).items()
        },
    )
