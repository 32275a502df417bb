"""facts.payload_references: which CRM records the values of a proposal point at, and whether they exist (IDN-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.current_run import count_rows, open_named_changes
from wb_pipeline.facts.distinct_values import lent

if TYPE_CHECKING:
    import duckdb

REFERENCED_OBJECTS = {
    "company_id": "company",
    "contact_id": "contact",
    "primary_contact_id": "contact",
    "deal_id": "deal",
    "owner": "user",
    "account_owner": "user",
    "workflow_id": "workflow",
}
"""Fields whose value is the id of a record, and of which object. Other ids (message_id) point outside the CRM."""

# survivor and loser of a merge, workflow_id of a trigger: they stand in the payload of the action row.
_REFERENCES = """
create or replace table facts.payload_references as
with given as (
    select
        changes.manifest_id, changes.snapshot_hash, changes.change_id, referring.referenced_object as object,
        changes.field, try_cast(changes.new_value as json) as value
    from named_changes as changes
    inner join referring_fields as referring on referring.field = changes.field
    union all
    select
        proposals.manifest_id, proposals.snapshot_hash, changes.change_id,
        if(entry.name = 'workflow_id', 'workflow', proposals.object),
        entry.name, json_extract(try_cast(proposals.payload as json), '$.' || entry.name)
    from run_proposals as proposals
    inner join raw.proposal_changes as changes
        on
            changes.batch_key = proposals.batch_key
            and changes.proposal_key = proposals.proposal_key
            and changes.is_action_row is true
    inner join (values ('trigger', 'workflow_id'), ('merge', 'survivor'), ('merge', 'loser')) as entry (action, name)
        on entry.action = proposals.action
),
referenced as (
    select *, trim(json_extract_string(value, '$')) as referenced_id
    from given
    where value is not null and json_type(value) <> 'NULL'
)
select
    referenced.manifest_id,
    referenced.change_id,
    referenced.object,
    referenced.referenced_id,
    records.record_id is not null as is_found,
    coalesce(records.is_archived or records.merged_into_id is not null, false) as is_archived,
    referenced.field
from referenced
left join facts.prepared_records as records
    on
        records.snapshot_hash = referenced.snapshot_hash
        and records.object = referenced.object
        and records.record_id = referenced.referenced_id
where referenced.referenced_id <> ''
"""


def write_payload_references(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.payload_references and return its rows. Reads facts.field_names, facts.prepared_records.

    Grain: (change, field): manifest_id, change_id, object (referred to), referenced_id, is_found, is_archived (archived
    or merged away), field. Empty values refer to nothing and have no row; a list or object is never found.
    """
    open_named_changes(con)
    columns = {
        "field": (pa.string(), list(REFERENCED_OBJECTS)),
        "referenced_object": (pa.string(), list(REFERENCED_OBJECTS.values())),
    }
    with lent(con, "referring_fields", columns):
        con.execute(_REFERENCES)
    return count_rows(con, "facts.payload_references")
