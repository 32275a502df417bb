"""A scorer that stands in for the matching: records with one email or domain are one, unless their suffixes differ.

It lets the job be tested apart from models; what the models find is tested where they are.
"""

from __future__ import annotations

import duckdb

from wb_pipeline.dedupe.live_records import OBJECTS
from wb_pipeline.matching.bundle import Bundle
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
    """Stands for the step that scores; remembers how it was asked."""

    def __init__(self) -> None:
        self.asked: list[bool] = []

    def __call__(self, con: duckdb.DuckDBPyConnection, snapshot_hash: str, bundle: Bundle, *, is_full: bool) -> None:
        """Replace matching.scored_pairs."""
        assert set(bundle.models) == {"contact", "company"}
        self.asked.append(is_full)
        con.execute(SCORED_PAIRS)
        for name, members in OBJECTS.items():
            con.execute(_PAIRS, {"snapshot_hash": snapshot_hash, "object": name, "objects": list(members)})
