"""Temporary tables of who is in a sequence already, and who would be twice (TRG-1, TRG-2). Stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

ENDED = (
    "bounced", "canceled", "cancelled", "completed", "ended", "exited", "failed", "finished", "inactive", "opted_out",
    "removed", "replied", "stopped", "unenrolled", "unsubscribed",
)  # fmt: skip
"""States of an enrolment that is over; in any other, and in none, somebody is in the sequence."""
# Whose record was merged away is enrolled as who is left; a lead and a contact with one mailbox are one person.
_ENROLLED = """
create or replace temp table enrolled as
with listed as (
    select distinct snapshot_hash, trim(fields ->> '$.workflow_id') as workflow_id, entry.object,
        trim(fields ->> entry.path) as person_id
    from (select * replace (try_cast(fields as json) as fields) from raw.crm_records where object = 'enrollment')
    cross join (values ('contact', '$.contact_id'), ('lead', '$.lead_id')) as entry (object, path)
    where is_archived is not true
        and snapshot_hash in (select snapshot_hash from starts)
        and coalesce(lower(trim(fields ->> '$.status')) not in (select unnest($ended)), true)
)
select * from listed
union
select listed.snapshot_hash, listed.workflow_id, listed.object, gone.merged_into_id
from listed
inner join raw.crm_records as gone
    on gone.snapshot_hash = listed.snapshot_hash and gone.object = listed.object and gone.record_id = listed.person_id
where gone.merged_into_id <> ''
"""
_ENROLLED_MAILBOXES = """
create or replace temp table enrolled_mailboxes as
select distinct enrolled.snapshot_hash, enrolled.workflow_id, people.mailbox
from enrolled
inner join people_mailboxes as people
    on people.snapshot_hash = enrolled.snapshot_hash and people.object = enrolled.object
        and people.record_id = enrolled.person_id
"""
# A sequence reaches a person, whichever record it is started on; any other workflow touches the record only.
_STARTED_TWICE = """
create or replace temp table started_twice as
with reached as (
    select manifest_id, proposal_key, object || '|' || record_id as reached, true as is_person from persons_meant
    union
    select manifest_id, proposal_key, mailbox, true from mailboxes_meant where mailbox like '_%@%'
    union
    select manifest_id, proposal_key, object || '|' || record_id, false from starts
),
each_start as (
    select starts.manifest_id, starts.proposal_key, started.started_id, reached.reached,
        to_json([starts.object, starts.record_id, starts.payload])::varchar as deed
    from starts
    inner join started
        on started.snapshot_hash = starts.snapshot_hash and started.workflow_id is not distinct from starts.workflow_id
    inner join stated on stated.effect is not distinct from starts.effect
        and stated.params is not distinct from starts.params
    inner join reached on reached.manifest_id = starts.manifest_id and reached.proposal_key = starts.proposal_key
    where reached.is_person <= (started.is_sequence or (started.is_started_directly and stated.is_sequence))
)
select distinct manifest_id, proposal_key, started_id
from each_start
semi join (
    select manifest_id, started_id, reached from each_start group by all having count(distinct deed) > 1
) as twice using (manifest_id, started_id, reached)
"""


def open_enrolled(con: duckdb.DuckDBPyConnection) -> None:
    """Make enrolled and enrolled_mailboxes. Needs `starts`, and what `write_opt_outs` leaves.

    enrolled            grain (snapshot, workflow, person in it): snapshot_hash, workflow_id, object, person_id
    enrolled_mailboxes  grain (snapshot, workflow, mailbox of such a person): snapshot_hash, workflow_id, mailbox
    """
    con.execute(_ENROLLED, {"ended": list(ENDED)})
    con.execute(_ENROLLED_MAILBOXES)


def open_started_twice(con: duckdb.DuckDBPyConnection) -> None:
    """Make started_twice. Needs `starts`, `started`, `stated`, and what `write_person_standing` leaves.

    Grain: (trigger, workflow that another trigger of the run starts too, on the same record, or as a sequence for the
    same person): manifest_id, proposal_key, started_id. Every readable trigger counts, whatever becomes of it; the same
    trigger word for word is one.
    """
    con.execute(_STARTED_TWICE)
