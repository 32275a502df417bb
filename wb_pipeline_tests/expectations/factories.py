"""Small DuckDB tables for the expectation suites: one sound run, from which each test breaks or bends one thing."""

from __future__ import annotations

from typing import Any

import duckdb

RUN, MANIFEST, POLICY, BATCH = "run-1", "m-1", "policy-1", "b1"
LOCKED_GATE = "gate_policy__field_locked"

_TABLES = """
create schema raw;
create schema facts;
create schema policy;
create schema checks;
create table raw.run_manifests (run_id varchar, manifest_id varchar, policy_hash varchar);
create table raw.run_batches (
    run_id varchar, manifest_id varchar, batch_key varchar, is_readable boolean, problem varchar, line_count bigint
);
create table raw.proposal_lines (
    batch_key varchar, line_number bigint, proposal_key varchar, is_readable boolean, quarantine_reasons varchar,
    action varchar, object varchar, actor_type varchar, actor_id varchar, confidence double
);
create table raw.proposal_changes (
    batch_key varchar, proposal_key varchar, change_id varchar, ordinal bigint, is_action_row boolean,
    field_as_given varchar
);
create table facts.field_names (manifest_id varchar, object varchar, field_as_given varchar, field varchar);
create table policy.settings (policy_hash varchar, auto_confidence_from double, suggest_confidence_from double);
create table policy.fields (
    policy_hash varchar, object varchar, action varchar, field varchar, class varchar, is_required boolean,
    suggestion_field varchar, is_high_impact boolean
);
create table policy.actions (
    policy_hash varchar, object varchar, action varchar, class varchar, is_high_impact boolean
);
create table policy.gates (policy_hash varchar, gate varchar, verdict varchar);
create table checks.expectation_objections (
    manifest_id varchar, proposal_id varchar, change_id varchar, gate varchar, reason varchar, details varchar
);
create table main.gate_policy__field_locked (
    manifest_id varchar, proposal_id varchar, change_id varchar, reason varchar, details varchar
);
create table main.int_changes_with_context (
    manifest_id varchar, proposal_key varchar, proposal_id varchar, change_id varchar, is_action_row boolean,
    effective_action varchar, has_suggestion_field boolean, effective_confidence double, citation_count bigint,
    missing_citation_count bigint, missing_evidence varchar, has_required_evidence boolean, is_activity_text boolean,
    is_already_so boolean
);
create table main.int_changes_decided (
    manifest_id varchar, batch_key varchar, proposal_key varchar, change_id varchar, lane varchar,
    effective_action varchar, field varchar, suggestion_field varchar, effective_confidence double,
    repeats_change_id varchar
);
insert into policy.settings values ('policy-1', 80, 50);
insert into policy.fields values
    ('policy-1', 'contact', 'update', 'title', 'safe', false, null, false),
    ('policy-1', 'contact', 'update', 'phone', 'safe', false, 'phone_suggestion', false),
    ('policy-1', 'contact', 'update', 'email', 'locked', false, null, false),
    ('policy-1', 'contact', 'update', 'owner', 'sensitive', false, null, true),
    ('policy-1', 'contact', 'create', 'email', 'safe', true, null, false),
    ('policy-1', 'contact', 'create', 'title', 'safe', false, null, false);
insert into policy.actions values
    ('policy-1', 'contact', 'update', 'safe', false),
    ('policy-1', 'contact', 'create', 'safe', false);
insert into policy.gates values ('policy-1', 'gate_policy__field_locked', 'deny');
"""

# What each line proposes and where it ends: line, action, confidence, fields with their lanes, lane of the action.
_PROPOSALS: tuple[tuple[int, str, float, dict[str, str], str], ...] = (
    (1, "update", 91, {"title": "auto"}, "auto"),
    (2, "update", 60, {"phone": "suggest"}, "auto"),
    (3, "create", 95, {"email": "auto", "title": "auto"}, "auto"),
    (5, "update", 90, {"title": "noop"}, "noop"),
    (6, "update", 99, {"email": "deny", "title": "auto"}, "auto"),
    (7, "update", 85, {"owner": "review"}, "auto"),
)
QUARANTINED_LINE = 4


def change(line: int, ordinal: int = 0) -> str:
    """Return the id of a change of the one batch."""
    return f"{BATCH}:{line}:{ordinal}"


def sound_run() -> duckdb.DuckDBPyConnection:
    """Return a warehouse that holds one run, read, judged and decided as it should be.

    Lines: 1 automatic, 2 a suggestion, 3 a create, 4 unreadable, 5 already so, 6 a locked field beside a safe one,
    7 a field of high impact in review.
    """
    con = duckdb.connect()
    con.execute(_TABLES)
    insert(con, "raw.run_manifests", run_id=RUN, manifest_id=MANIFEST, policy_hash=POLICY)
    insert(
        con,
        "raw.run_batches",
        run_id=RUN,
        manifest_id=MANIFEST,
        batch_key=BATCH,
        is_readable=True,
        line_count=len(_PROPOSALS) + 1,
    )
    for proposal in _PROPOSALS:
        _add_proposal(con, *proposal)
    _add_quarantined_line(con, QUARANTINED_LINE)
    insert(
        con, f"main.{LOCKED_GATE}", manifest_id=MANIFEST, change_id=change(6, 1), reason="field_locked", details="{}"
    )
    con.execute("update main.int_changes_with_context set is_already_so = true where change_id = ?", [change(5, 1)])
    return con


def wide_changes(*changes: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Return a warehouse whose one manifest has exactly these changes, each a harmless one with the given differences.

    Every change is the one field row of its own update unless it says otherwise.
    """
    con = duckdb.connect()
    con.execute(_TABLES)
    insert(con, "raw.run_manifests", run_id=RUN, manifest_id=MANIFEST, policy_hash=POLICY)
    insert(
        con,
        "raw.run_batches",
        run_id=RUN,
        manifest_id=MANIFEST,
        batch_key=BATCH,
        is_readable=True,
        line_count=len(changes),
    )
    for place, given in enumerate(changes, start=1):
        add_wide_change(con, place, **given)
    return con


def add_wide_change(con: duckdb.DuckDBPyConnection, place: int, **given: Any) -> None:
    """Add one change, harmless but for what is given, to what came in and to the wide table."""
    row = {
        "manifest_id": MANIFEST,
        "proposal_key": f"{BATCH}:{place}",
        "proposal_id": f"p-{place}",
        "change_id": change(place, 1),
        "is_action_row": False,
        "effective_action": "update",
        "has_suggestion_field": False,
        "effective_confidence": 90.0,
        "citation_count": 1,
        "missing_citation_count": 0,
        "missing_evidence": "",
        "has_required_evidence": True,
        "is_activity_text": False,
        "is_already_so": False,
    } | given
    insert(con, "main.int_changes_with_context", **row)
    insert(
        con,
        "raw.proposal_changes",
        batch_key=BATCH,
        proposal_key=row["proposal_key"],
        change_id=row["change_id"],
        ordinal=0 if row["is_action_row"] else 1,
        is_action_row=row["is_action_row"],
    )


def insert(con: duckdb.DuckDBPyConnection, table: str, **row: Any) -> None:
    """Insert one row; columns that are not named are NULL."""
    marks = ", ".join("?" for _ in row)
    con.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def _add_proposal(
    con: duckdb.DuckDBPyConnection, line: int, action: str, confidence: float, fields: dict[str, str], action_lane: str
) -> None:
    key = f"{BATCH}:{line}"
    insert(
        con,
        "raw.proposal_lines",
        batch_key=BATCH,
        line_number=line,
        proposal_key=key,
        is_readable=True,
        quarantine_reasons="[]",
        action=action,
        object="contact",
        actor_type="ai_agent",
        actor_id="agent-1",
        confidence=confidence,
    )
    for ordinal, (field, lane) in enumerate([(None, action_lane), *fields.items()]):
        judged = {"effective_action": action, "effective_confidence": confidence}
        _add_change(con, {"proposal_key": key, "change_id": change(line, ordinal)}, ordinal, field, lane, judged)
        if field:
            _name_field(con, field)


def _add_change(
    con: duckdb.DuckDBPyConnection,
    ids: dict[str, str],
    ordinal: int,
    field: str | None,
    lane: str,
    judged: dict[str, Any],
) -> None:
    """Insert a change as it came in, as the gates saw it and as it was decided."""
    given = {"ordinal": ordinal, "is_action_row": ordinal == 0, "field_as_given": field.upper() if field else None}
    insert(con, "raw.proposal_changes", **ids, batch_key=BATCH, **given)
    seen = {"manifest_id": MANIFEST, "is_action_row": ordinal == 0, "is_already_so": False}
    insert(con, "main.int_changes_with_context", **ids, **seen, **judged)
    suggested = f"{field}_suggestion" if lane == "suggest" else None
    decided = {"manifest_id": MANIFEST, "batch_key": BATCH, "lane": lane, "field": field, "suggestion_field": suggested}
    insert(con, "main.int_changes_decided", **ids, **decided, **judged)


def _name_field(con: duckdb.DuckDBPyConnection, field: str) -> None:
    """Let the CRM's field be known by its name in capitals, once."""
    if not con.execute("select count(*) from facts.field_names where field = ?", [field]).fetchall()[0][0]:
        named = {"object": "contact", "field_as_given": field.upper(), "field": field}
        insert(con, "facts.field_names", manifest_id=MANIFEST, **named)


def _add_quarantined_line(con: duckdb.DuckDBPyConnection, line: int) -> None:
    key = f"{BATCH}:{line}"
    insert(
        con,
        "raw.proposal_lines",
        batch_key=BATCH,
        line_number=line,
        proposal_key=key,
        is_readable=False,
        quarantine_reasons='[{"code":"confidence_not_a_number"}]',
    )
    insert(
        con,
        "main.int_changes_decided",
        manifest_id=MANIFEST,
        batch_key=BATCH,
        proposal_key=key,
        change_id=change(line),
        lane="quarantine",
    )
