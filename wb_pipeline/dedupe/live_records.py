"""The records that are deduplicated: the live ones of one snapshot, oldest first. Links and clusters are elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import duckdb

ComparedObject = Literal["contact", "company"]
OBJECTS: dict[ComparedObject, tuple[str, ...]] = {"contact": ("contact", "lead"), "company": ("company",)}
"""What is compared with each other, under the name that scored pairs have for it: leads are people like contacts."""

_CREATE = """
create or replace temp table dedupe_records (
    object varchar, record_object varchar, record_id varchar, age_rank bigint
)
"""
# An id that a contact and a lead share stands for the contact: a pair could not say which it means.
_INSERT = """
insert into dedupe_records
select
    $object, object, record_id,
    row_number() over (order by created_at nulls last, record_id) - 1 as age_rank
from (
    select object, record_id, created_at
    from raw.crm_records
    where
        snapshot_hash = $snapshot_hash
        and list_contains($objects, object)
        and is_archived is false
        and coalesce(merged_into_id, '') = ''
    qualify row_number() over (partition by record_id order by object) = 1
)
"""


def write_live_records(con: duckdb.DuckDBPyConnection, snapshot_hash: str) -> dict[str, int]:
    """Make the temporary table dedupe_records and return its rows by object.

    Grain: live record: object (`contact` for leads too), record_object, record_id, age_rank (0 = the oldest of its
    object, ties by id).
    """
    con.execute(_CREATE)
    for name, members in OBJECTS.items():
        con.execute(_INSERT, {"object": name, "objects": list(members), "snapshot_hash": snapshot_hash})
    found = con.execute("select object, count(*) from dedupe_records group by object").fetchall()
    return {name: dict(found).get(name, 0) for name in OBJECTS}
