"""Temporary table people_mailboxes: every mailbox of every contact and lead, also in fields of the CRM's own making."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.facts.current_run import open_run
from wb_pipeline.facts.distinct_values import lent_keys
from wb_pipeline.normalize.emails import mailbox_key

if TYPE_CHECKING:
    import duckdb

MOST_ADDRESS_FIELDS = 30
"""A CRM has two or three fields with an address; so many are read, by name."""
_FIELDS = """
select distinct name
from (
    select unnest(json_keys(try_cast(fields as json))) as name from raw.crm_records
    where object in ('contact', 'lead') and snapshot_hash in (select snapshot_hash from run_inputs)
)
where name ilike '%mail%'
order by name <> 'email', name
limit $most
"""
_ADDRESSES = """
insert into people_addresses
select snapshot_hash, object, record_id, unnest(
    case
        when json_type(value) = 'ARRAY' then json_extract_string(value, '$[*]')
        else [json_extract_string(value, '$')]
    end
)
from (
    select snapshot_hash, object, record_id, json_extract(try_cast(fields as json), $pointer) as value
    from raw.crm_records
    where object in ('contact', 'lead') and snapshot_hash in (select snapshot_hash from run_inputs)
)
where json_type(value) in ('ARRAY', 'VARCHAR')
"""


def open_people(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary table people_mailboxes of the run's snapshots, archived and merged records included.

    Grain: (record, mailbox): snapshot_hash, object, record_id, mailbox (in key form, see `mailbox_key`).
    """
    open_run(con)
    con.execute(
        "create or replace temp table people_addresses "
        "(snapshot_hash varchar, object varchar, record_id varchar, address varchar)"
    )
    for (name,) in con.execute(_FIELDS, {"most": MOST_ADDRESS_FIELDS}).fetchall():
        con.execute(_ADDRESSES, {"pointer": json_pointer(name)})
    addresses = "select distinct address as given from people_addresses where address like '%@%'"
    with lent_keys(con, "mailbox_keys", addresses, mailbox_key):
        con.execute(
            """
            create or replace temp table people_mailboxes as
            select distinct snapshot_hash, object, record_id, key as mailbox
            from people_addresses inner join mailbox_keys on given = address
            """
        )
    con.execute("drop table people_addresses")


def json_pointer(name: str) -> str:
    """Return the JSON pointer to a member, so that no name can become a path."""
    return "/" + name.replace("~", "~0").replace("/", "~1")
