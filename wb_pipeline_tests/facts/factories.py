"""A small world in DuckDB: raw.* and policy.* tables of one run, with harmless defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from wb_pipeline.canonical import canonical_json
from wb_pipeline.facts.citation_facts import write_citation_facts
from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.identity_statements import write_identity_statements
from wb_pipeline.facts.likeness import write_likeness
from wb_pipeline.facts.match_candidates import write_match_candidates
from wb_pipeline.facts.payload_references import write_payload_references
from wb_pipeline.facts.prepared_records import write_prepared_records
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline.matching.bundle import shipped_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BATCH = "b" * 64
NOW, SUBMITTED = "2026-03-02 10:00:00", "2026-03-02 09:00:00"
_TABLES = """
create schema raw;
create schema policy;
create schema books;
create table raw.run_manifests (run_id varchar, manifest_id varchar, snapshot_hash varchar, evidence_hash varchar,
    policy_hash varchar, model_hash varchar, ledger_sequence bigint, clock_at timestamp);
create table books.sealed_decisions (sealed_sequence bigint, manifest_id varchar, is_action_row boolean,
    effective_action varchar, proposal_lane varchar, deed_key varchar, object varchar, new_value varchar,
    proposal_key varchar, proposal_id varchar, action varchar, record_id varchar, field varchar, lane varchar,
    causation varchar, workflow_id varchar, decided_at timestamp, change_id varchar);
create table books.change_standings (sequence bigint, change_id varchar, standing varchar, fields varchar[]);
create table policy.matching_costs (policy_hash varchar, object varchar, review_cost double, wrong_match_cost double,
    duplicate_cost double, least_match_probability double);
create table raw.run_batches (run_id varchar, manifest_id varchar, batch_key varchar);
create table raw.proposal_lines (batch_key varchar, proposal_key varchar, is_readable boolean, action varchar,
    object varchar, target_id varchar, target_match varchar, payload varchar, submitted_at timestamp,
    proposal_id varchar, workflow_id varchar, causation_root varchar, causation_parent varchar, causation_depth bigint,
    causation_path varchar);
create table raw.proposal_changes (batch_key varchar, proposal_key varchar, change_id varchar, ordinal bigint,
    is_action_row boolean, field_as_given varchar, operation varchar, new_value varchar);
create table raw.proposal_citations (batch_key varchar, proposal_key varchar, citation_ordinal bigint,
    evidence_id varchar, quote varchar, cited_offset varchar);
create table raw.crm_records (snapshot_hash varchar, object varchar, record_id varchar, fields varchar,
    is_archived boolean, merged_into_id varchar, created_at timestamp, updated_at timestamp, field_writers varchar,
    history varchar);
create table raw.evidence_items (evidence_hash varchar, evidence_id varchar, evidence_type varchar,
    evidence_state varchar, happened_at timestamp, payload varchar, is_duplicated_id boolean);
create table policy.fields (policy_hash varchar, object varchar, action varchar, field varchar);
create table policy.field_formats (policy_hash varchar, object varchar, field varchar, format varchar,
    max_length bigint);
create table policy.picklists (policy_hash varchar, object varchar, field varchar, value varchar);
create table policy.picklist_mappings (policy_hash varchar, object varchar, field varchar, word varchar, value varchar);
create table policy.mail_domains (policy_hash varchar, kind varchar, domain varchar);
create table policy.domain_aliases (policy_hash varchar, alias_domain varchar, domain varchar);
create table policy.field_aliases (policy_hash varchar, object varchar, alias varchar, field varchar);
"""


class World:
    """One run with one manifest `m` (snapshot `s`, evidence `e`, policy `p`) and one batch; add rows, run writers."""

    def __init__(self) -> None:
        self.con = duckdb.connect(config={"threads": 1})
        self.con.execute(_TABLES)
        self.manifest("m", BATCH)
        self._lines = 0

    def manifest(self, manifest_id: str, batch_key: str, *, snapshot: str = "s", policy: str = "p") -> None:
        """Add a manifest that judges a batch."""
        self._insert("raw.run_manifests", "run", manifest_id, snapshot, "e", policy, "", 100, NOW)
        self._insert("raw.run_batches", "run", manifest_id, batch_key)

    def _insert(self, table: str, *values: Any) -> None:
        self.con.execute(f"insert into {table} values ({', '.join('?' * len(values))})", values)

    def record(
        self,
        object_name: str,
        record_id: str,
        *,
        archived: bool = False,
        merged_into: str | None = None,
        snapshot: str = "s",
        **fields: Any,
    ) -> None:
        """Add a CRM record."""
        row = (snapshot, object_name, record_id, canonical_json(fields), archived, merged_into, None, None, "{}", "[]")
        self._insert("raw.crm_records", *row)

    def writes(self, record_id: str, field_writers: dict[str, Any], history: Sequence[dict[str, Any]] = ()) -> None:
        """Say who wrote a record's fields last, and what its history is."""
        self.con.execute(
            "update raw.crm_records set field_writers = ?, history = ? where record_id = ?",
            [canonical_json(field_writers), canonical_json(list(history)), record_id],
        )

    def proposal(  # noqa: PLR0913 - every argument has a harmless default
        self,
        action: str = "update",
        object_name: str = "contact",
        *,
        target_id: str | None = None,
        match: Any = None,
        payload: dict[str, Any] | None = None,
        changes: Sequence[tuple[str, Any]] = (),
        operation: str = "set",
        cites: Sequence[str | tuple[str, str, str | None]] = (),
        is_readable: bool = True,
        proposal_id: str | None = None,
        causation: dict[str, Any] | None = None,
    ) -> str:
        """Add a proposal and return its key; a create's or log's payload becomes its changes.

        It cites ids, or (id, quote, `hh:mm:ss` or None).
        """
        self._lines += 1
        key = f"{BATCH[:16]}:{self._lines}"
        match_text = None if match is None else canonical_json(match)
        line = (BATCH, key, is_readable, action, object_name, target_id, match_text, canonical_json(payload or {}))
        cause = causation or {}
        path = canonical_json(cause["path"]) if "path" in cause else None
        caused = (cause.get("root"), cause.get("parent"), cause.get("depth"), path)
        self._insert("raw.proposal_lines", *line, SUBMITTED, proposal_id or f"p-{self._lines}", None, *caused)
        wanted = list(changes) or list((payload or {}).items() if action in ("create", "log") else ())
        self._insert("raw.proposal_changes", BATCH, key, f"{key}:0", 0, True, None, None, None)
        for ordinal, (field, value) in enumerate(wanted, 1):
            change = (BATCH, key, f"{key}:{ordinal}", ordinal, False, field, operation, canonical_json(value))
            self._insert("raw.proposal_changes", *change)
        for ordinal, cited in enumerate(cites):
            citation = (cited, None, None) if isinstance(cited, str) else cited
            self._insert("raw.proposal_citations", BATCH, key, ordinal, *citation)
        return key

    def evidence(self, evidence_id: str, evidence_type: str = "email", state: str = "inbound", **payload: Any) -> None:
        """Add an item to the evidence store, from some days ago unless `happened_at` says otherwise."""
        happened_at = payload.pop("happened_at", "2026-02-26 09:00:00")
        row = ("e", evidence_id, evidence_type, state, happened_at, canonical_json(payload), False)
        self._insert("raw.evidence_items", *row)

    def format(self, object_name: str, field: str, format_name: str, max_length: int | None = None) -> None:
        """Give a field its format in policy `p`."""
        self._insert("policy.field_formats", "p", object_name, field, format_name, max_length)

    def picklist(self, object_name: str, field: str, *values: str) -> None:
        """Give a field its picklist in policy `p`."""
        for value in values:
            self._insert("policy.picklists", "p", object_name, field, value)

    def word(self, object_name: str, field: str, word: str, value: str) -> None:
        """Let a word stand for a value of a picklist in policy `p`."""
        self._insert("policy.picklist_mappings", "p", object_name, field, word, value)

    def alias(self, object_name: str, alias: str, field: str) -> None:
        """Give a field another name in policy `p`."""
        self._insert("policy.field_aliases", "p", object_name, alias, field)

    def mail_domains(self, kind: str, *domains: str, policy: str = "p") -> None:
        """List mail domains of a kind (own, personal, disposable)."""
        for domain in domains:
            self._insert("policy.mail_domains", policy, kind, domain)

    def domain_alias(self, alias_domain: str, domain: str) -> None:
        """Give a company's domain another one in policy `p`."""
        self._insert("policy.domain_aliases", "p", alias_domain, domain)

    def earlier_create(self, object_name: str, key: str, payload: dict[str, Any], *, lane: str = "auto") -> None:
        """Add a create that an earlier batch decided."""
        self.decided(
            effective_action="create",
            proposal_lane=lane,
            deed_key=f"create|{object_name}:{key}",
            object=object_name,
            new_value=canonical_json(payload),
        )

    def decided(self, **columns: Any) -> None:
        """Add a change that an earlier batch decided: an action row unless a field is named."""
        row = {"sealed_sequence": 1, "manifest_id": "earlier", "is_action_row": "field" not in columns, **columns}
        names, places = ", ".join(row), ", ".join("?" * len(row))
        self.con.execute(f"insert into books.sealed_decisions ({names}) values ({places})", [*row.values()])

    def costs(self, object_name: str, review: float, wrong: float, duplicate: float, least: float = 0.9) -> None:
        """Say in policy `p` what errors of matching cost."""
        self._insert("policy.matching_costs", "p", object_name, review, wrong, duplicate, least)

    def look_up_citations(self) -> list[dict[str, Any]]:
        """Run the writers that facts.citation_facts needs, and it; return its rows by proposal and ordinal."""
        before = (write_field_names, write_prepared_records, write_proposal_keys, no_likeness, write_match_candidates)
        self.run(*before, write_payload_references, write_citation_facts)
        query = "select * from facts.citation_facts order by proposal_key, citation_ordinal"
        found: list[dict[str, Any]] = self.con.sql(query).to_arrow_table().to_pylist()
        return found

    def run(self, *writers: Callable[[duckdb.DuckDBPyConnection], int]) -> None:
        """Run writers in order."""
        for write in writers:
            write(self.con)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        return self.con.execute(query).fetchall()

    def shuffled(self) -> None:
        """Reverse the physical order of every raw and policy table."""
        names = self.rows(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('raw', 'policy')"
        )
        for (name,) in names:
            self.con.execute(f"create or replace table {name} as select * from {name} order by rowid desc")


def likeness_by_shipped_models(con: duckdb.DuckDBPyConnection) -> int:
    """Run `write_likeness` with the models that ship."""
    return write_likeness(con, lambda _model_hash: shipped_bundle())


def no_likeness(con: duckdb.DuckDBPyConnection) -> int:
    """Make the tables of likeness, empty: nothing was compared. Reads facts.field_names."""
    write_identity_statements(con)
    con.execute("delete from facts.identity_statements")
    return likeness_by_shipped_models(con)
