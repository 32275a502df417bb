"""A scorer that stands in for the matching: records with one email or domain are one, unless their suffixes differ.

It lets the job be tested apart from models; what the models find is tested where they are.
"""

from __future__ import annotations

import duckdb

from wb_pipeline_tests.dedupe.world import SCORED_PAIRS

_PAIRS = """
insert into matching.scored_pairs
with keyed as (
    select
        record_id, json_extract_string(fields, '$.suffix') as suffix,
        lower(coalesce(json_extract_string(fields, '$.email'), json_extract_string(fields, '$.domain'))) as key
    from raw.crm_records
    where snapshot_hash = $snapshot_hash and list_contains($objects, object)
)
select
    $snapshot_hash, $object, lefts.record_id, rights.record_id, 'same_key', 11.5, 0.97,
    lefts.suffix is distinct from rights.suffix, if(lefts.suffix is distinct from rights.suffix, 'Jr and Sr', null),
    'the same email', '{"email":9.5,"name":2.0}'
from keyed as lefts inner join keyed as rights on lefts.key = rights.key and lefts.record_id < rights.record_id
"""


class Scorer:
    """Stands for `score_crm_pairs`; remembers how it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    def __call__(
        self, con: duckdb.DuckDBPyConnection, snapshot_hash: str, object_name: str, *, changed_only: bool
    ) -> None:
        """Replace matching.scored_pairs for contacts, add the companies'."""
        self.asked.append((object_name, changed_only))
        if object_name == "contact":
            con.execute(SCORED_PAIRS)
        members = ["contact", "lead"] if object_name == "contact" else ["company"]
        con.execute(_PAIRS, {"snapshot_hash": snapshot_hash, "object": object_name, "objects": members})
