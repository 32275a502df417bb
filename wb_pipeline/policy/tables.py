"""A policy as tables, and their place in DuckDB (schema `policy`). Rows: `table_rows`; columns: `table_columns`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.policy import table_rows, table_rows_matching, table_rows_people, table_rows_triggers
from wb_pipeline.policy.load import Policy
from wb_pipeline.policy.models import PolicyDocument
from wb_pipeline.policy.table_columns import TABLE_COLUMNS
from wb_pipeline.policy.table_rows import Row

if TYPE_CHECKING:
    import duckdb

SCHEMA_NAME = "policy"
_ROWS: dict[str, Callable[[PolicyDocument], Iterator[Row]]] = {
    "settings": table_rows.settings,
    "fields": table_rows.fields,
    "unlocks": table_rows.unlocks,
    "field_formats": table_rows.field_formats,
    "actions": table_rows.actions,
    "actors": table_rows_people.actors,
    "actor_rights": table_rows_people.actor_rights,
    "sources": table_rows_people.sources,
    "source_rights": table_rows_people.source_rights,
    "source_precedence": table_rows_people.source_precedence,
    "gates": table_rows.gates,
    "evidence_kinds": table_rows_people.evidence_kinds,
    "stage_signs": table_rows_people.stage_signs,
    "evidence_void_states": table_rows_people.evidence_void_states,
    "evidence_requirements": table_rows_people.evidence_requirements,
    "picklists": table_rows.picklist_values,
    "picklist_mappings": table_rows.picklist_mappings,
    "deal_stages": table_rows_triggers.deal_stages,
    "workflow_audiences": table_rows_triggers.workflow_audiences,
    "sequence_stages": table_rows_triggers.sequence_stages,
    "basis_free_countries": table_rows_triggers.basis_free_countries,
    "exchange_rates": table_rows.exchange_rates,
    "field_aliases": table_rows.field_aliases,
    "mail_domains": table_rows_people.mail_domains,
    "domain_aliases": table_rows_people.domain_aliases,
    "matching_costs": table_rows_matching.matching_costs,
    "survivorship_rules": table_rows_matching.survivorship_rules,
    "reviewers": table_rows_people.reviewers,
    "reviewer_rights": table_rows_people.reviewer_rights,
    "notification_routes": table_rows_people.notification_routes,
}


def policy_tables(policy: Policy) -> dict[str, pa.Table]:
    """Return every policy table by name, as `TABLE_COLUMNS` describes them, with leads expanded."""
    return {name: _table(name, policy.policy_hash, rows(policy.document)) for name, rows in _ROWS.items()}


def load_policy_tables(con: duckdb.DuckDBPyConnection, policies: Iterable[Policy]) -> None:
    """Make schema `policy` anew from some policies. All tables exist afterwards, also when there is no policy."""
    distinct = {policy.policy_hash: policy_tables(policy) for policy in policies}
    con.execute(f"create schema if not exists {SCHEMA_NAME}")
    for name in TABLE_COLUMNS:
        rows = pa.concat_tables([_schema(name).empty_table(), *(tables[name] for tables in distinct.values())])
        view = f"policy_rows_{name}"
        con.register(view, rows)
        # Names come from TABLE_COLUMNS, never from outside.
        con.execute(f'create or replace table {SCHEMA_NAME}."{name}" as select * from {view}')  # noqa: S608 - our own names; values are parameters
        con.unregister(view)


def _table(name: str, policy_hash: str, rows: Iterable[Row]) -> pa.Table:
    schema = _schema(name)
    listed = list(rows)
    columns = list(zip(*listed, strict=True)) if listed else [()] * len(TABLE_COLUMNS[name])
    arrays = [pa.array(column, field.type) for column, field in zip(columns, list(schema)[1:], strict=True)]
    return pa.table([pa.repeat(policy_hash, len(listed)), *arrays], schema=schema)


def _schema(name: str) -> pa.Schema:
    columns = (("policy_hash", "string"), *TABLE_COLUMNS[name])
    return pa.schema([pa.field(column, pa.type_for_alias(kind)) for column, kind in columns])
