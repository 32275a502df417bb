"""facts.proposal_keys: the identifying values that a proposal names, in key form (IDN-1, IDN-4). Matches nothing."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.facts.current_run import count_rows, open_named_changes
from wb_pipeline.facts.distinct_values import fetch_columns, lent, lent_keys
from wb_pipeline.matching.keys import NORMALIZERS, key_of_json, keys_of_match

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import duckdb

_CREATE_VALUES = """
create or replace temp view create_values as
select manifest_id, proposal_key, object, field as key_kind, new_value as given
from named_changes
where
    action = 'create'
    and (
        field = 'external_id'
        or (field = 'email' and object in ('contact', 'lead'))
        or (field = 'domain' and object = 'company')
    )
"""
_LONG = """
create or replace table facts.proposal_key_values as
select manifest_id, proposal_key, key_kind, key
from create_values
inner join (
    select 'email' as key_kind, * from email_keys
    union all
    select 'domain', * from domain_keys
    union all
    select 'external_id', * from external_id_keys
) using (key_kind, given)
union
select run_proposals.manifest_id, run_proposals.proposal_key, match_keys.key_kind, match_keys.key
from run_proposals
inner join match_keys
    on match_keys.object is not distinct from run_proposals.object and match_keys.given = run_proposals.target_match
-- A create names nobody but in its payload: a target beside it could lend it another's key.
where run_proposals.target_match is not null and run_proposals.action is distinct from 'create'
"""
_WIDE = """
create or replace table facts.proposal_keys as
with keys as (
    select
        manifest_id, proposal_key,
        min(key) filter (where key_kind = 'email') as email_key,
        min(key) filter (where key_kind = 'domain') as domain_key,
        min(key) filter (where key_kind = 'external_id') as external_id_key
    from facts.proposal_key_values
    group by all
)
select
    proposals.manifest_id,
    proposals.proposal_key,
    keys.email_key,
    keys.domain_key,
    keys.external_id_key,
    split_part(keys.email_key, '@', -1) as email_domain_key,
    case when proposals.action = 'create' then proposals.object || ':' || coalesce(
        'email:' || keys.email_key, 'domain:' || keys.domain_key, 'external_id:' || keys.external_id_key
    ) end as create_key
from run_proposals as proposals
left join keys on keys.manifest_id = proposals.manifest_id and keys.proposal_key = proposals.proposal_key
"""


def write_proposal_keys(con: duckdb.DuckDBPyConnection) -> int:
    """Write facts.proposal_keys, and beside it facts.proposal_key_values; return the proposals.

    Reads facts.field_names.
    proposal_keys grain: readable proposal: manifest_id, proposal_key, email_key, domain_key, external_id_key,
      email_domain_key, create_key (`contact:email:ana@acme.com`; NULL for other actions and without a key).
    proposal_key_values grain: (proposal, key_kind, key): all keys, where a proposal names more than one of a kind.
    Keys come from the payload of a create, and from `target.match` of any other action.
    """
    open_named_changes(con)
    con.execute(_CREATE_VALUES)
    with ExitStack() as stack:
        for kind in NORMALIZERS:
            query = f"select distinct given from create_values where key_kind = '{kind}'"  # noqa: S608 - kinds are ours
            stack.enter_context(lent_keys(con, f"{kind}_keys", query, partial(key_of_json, kind)))
        stack.enter_context(_lent_match_keys(con))
        con.execute(_LONG)
    con.execute("drop view create_values")
    con.execute(_WIDE)
    return count_rows(con, "facts.proposal_keys")


def _lent_match_keys(con: duckdb.DuckDBPyConnection) -> AbstractContextManager[None]:
    matches = fetch_columns(
        con, "select distinct object, target_match as given from run_proposals where target_match is not null"
    )
    rows = [
        (name, given, *key)
        for name, given in zip(matches["object"], matches["given"], strict=True)
        for key in keys_of_match(name if isinstance(name, str) else None, str(given))
    ]
    names = ("object", "given", "key_kind", "key")
    return lent(con, "match_keys", {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(names)})
