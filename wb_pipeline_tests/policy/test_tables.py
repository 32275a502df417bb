"""The policy as tables for SQL."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from wb_pipeline.policy.load import Policy, parse_policy
from wb_pipeline.policy.table_columns import TABLE_COLUMNS
from wb_pipeline.policy.tables import load_policy_tables, policy_tables
from wb_pipeline_tests.policy.permissiveness import Tables

# What makes a row of each table unique, beside policy_hash.
GRAINS = {
    "settings": (),
    "fields": ("object", "action", "field"),
    "unlocks": ("object", "action", "field", "kind"),
    "field_formats": ("object", "field"),
    "actions": ("object", "action"),
    "actors": ("actor_id",),
    "actor_rights": ("actor_id", "object", "action", "field"),
    "sources": ("source",),
    "source_rights": ("source", "object", "action", "field"),
    "source_precedence": ("object", "field", "source"),
    "gates": ("gate",),
    "evidence_kinds": ("kind", "evidence_type", "evidence_state"),
    "stage_signs": ("sign", "stage"),
    "evidence_void_states": ("evidence_type", "evidence_state"),
    "evidence_requirements": ("requirement", "object", "action", "field", "alternative_group", "kind"),
    "picklists": ("object", "field", "value"),
    "picklist_mappings": ("object", "field", "word"),
    "exchange_rates": ("currency",),
    "deal_stages": ("stage",),
    "workflow_audiences": ("workflow_id", "kind", "value"),
    "sequence_stages": ("object", "stage"),
    "basis_free_countries": ("country",),
    "field_aliases": ("object", "alias"),
    "mail_domains": ("kind", "domain"),
    "domain_aliases": ("alias_domain",),
    "matching_costs": ("object",),
    "survivorship_rules": ("object", "field", "position"),
    "reviewers": ("reviewer_id",),
    "reviewer_rights": ("reviewer_id", "object", "action", "field"),
    "notification_routes": ("event",),
}
MAY_BE_NULL = {
    "suggestion_field",
    "max_length",
    "evidence_state",
    "condition_field",
    "condition_value",
    "deal_amount_up_to",
}


@pytest.mark.parametrize("name", TABLE_COLUMNS)
def test_policy_tables_have_their_columns_and_grain(name: str, default_policy: Policy, default_tables: Tables):
    """FLD-1: one row per key, so that no join doubles a change, and no NULL where a gate does not expect one."""
    table = default_tables[name]
    assert table.column_names == ["policy_hash", *(column for column, _ in TABLE_COLUMNS[name])]
    keys = [tuple(row[column] for column in GRAINS[name]) for row in table.to_pylist()]
    assert len(set(keys)) == len(keys) > (0 if name != "domain_aliases" else -1)
    assert set(table["policy_hash"].to_pylist()) <= {default_policy.policy_hash}
    assert {column for column in table.column_names if table[column].null_count} <= MAY_BE_NULL


def test_policy_tables_state_evidence_for_whatever_is_classed(default_tables: Tables):
    """EVD-1: a granted field or action without a row about evidence would be denied for ever."""
    requirements = default_tables["evidence_requirements"].to_pylist()
    stated = {(row["object"], row["action"], row["field"]) for row in requirements if row["condition_field"] is None}
    assert {(row["object"], row["action"], row["field"]) for row in default_tables["fields"].to_pylist()} <= stated
    assert {(row["object"], row["action"], "*") for row in default_tables["actions"].to_pylist()} <= stated


def test_policy_tables_name_no_kind_that_cannot_be_held(default_tables: Tables):
    """EVD-1: a requirement asks for a listed kind, a derived one, or none."""
    kinds = {*default_tables["evidence_kinds"]["kind"].to_pylist(), "domain_match", "none"}
    assert set(default_tables["evidence_requirements"]["kind"].to_pylist()) <= kinds
    assert set(default_tables["unlocks"]["kind"].to_pylist()) <= kinds


def test_policy_tables_give_a_suspended_source_no_rights(edited: Callable[..., str]):
    """FLD-7: what a suspended source says is not written."""
    policy = parse_policy(edited(("  linkedin: {status: active,", "  linkedin: {status: suspended,")), "p")
    tables = policy_tables(policy)
    assert {"source": "linkedin", "status": "suspended"}.items() <= tables["sources"].to_pylist()[7].items()
    assert "linkedin" not in tables["source_rights"]["source"].to_pylist()


def test_policy_tables_rank_sources_of_one_step_equally(default_tables: Tables):
    """OVW-6: [email, call] on one step means that neither beats the other."""
    rows = default_tables["source_precedence"].to_pylist()
    ranks = {row["source"]: row["rank"] for row in rows if (row["object"], row["field"]) == ("deal", "next_step")}
    assert ranks["user"] == 1
    assert ranks["call"] == ranks["email"] == 2
    assert ranks["calendar"] == 3


def test_policy_tables_have_the_policys_own_currency_at_one(default_tables: Tables):
    """HIA-1: an amount in the policy's currency is compared as it is."""
    rates = {row["currency"]: row["rate"] for row in default_tables["exchange_rates"].to_pylist()}
    assert rates["USD"] == 1
    assert "SEK" not in rates


def test_policy_tables_let_a_policy_except_a_built_in_mail_domain(edited: Callable[..., str]):
    """IDN-8: the built-in list is a floor that the policy adds to and excepts from."""
    text = edited(("personal: {more: [], except: []}", "personal: {more: [own-mail.example], except: [gmail.com]}"))
    rows = policy_tables(parse_policy(text, "p"))["mail_domains"].to_pylist()
    personal = {row["domain"] for row in rows if row["kind"] == "personal"}
    assert {"own-mail.example", "outlook.com"} <= personal
    assert "gmail.com" not in personal


def test_policy_tables_inherit_nothing_when_the_policy_says_so(edited: Callable[..., str]):
    """FLD-6: a lead that inherits nothing is granted only its own lists, which then have to be complete."""
    text = edited(
        ("inherits: contact ", "inherits: nothing "),
        ("lead_status: [new, open, attempted", "lead_state: [new, open, attempted"),
    )
    with pytest.raises(Exception, match="lead"):
        parse_policy(text, "p")


def test_load_policy_tables_keeps_several_policies_apart(default_policy: Policy, edited: Callable[..., str]):
    """OPS-2: an old batch is judged by the policy of its day, so several versions lie side by side."""
    other = parse_policy(edited(("review_above: 10000", "review_above: 20000")), "p")
    con = duckdb.connect()
    load_policy_tables(con, [default_policy, other, default_policy])
    found = con.execute("select policy_hash, deal_threshold from policy.settings order by deal_threshold").fetchall()
    assert found == [(default_policy.policy_hash, 10_000.0), (other.policy_hash, 20_000.0)]
    gates = con.execute("select count(*), count(distinct policy_hash) from policy.gates").fetchall()
    assert gates == [(2 * default_policy.document.gates.__len__(), 2)]


def test_load_policy_tables_makes_every_table_when_there_is_no_policy(default_policy: Policy):
    """FLD-1: SQL finds empty tables, and an empty policy means deny, not an error that somebody silences."""
    con = duckdb.connect()
    load_policy_tables(con, [default_policy])
    load_policy_tables(con, [])
    for name, columns in TABLE_COLUMNS.items():
        assert con.execute(f"select count(*) from policy.{name}").fetchall() == [(0,)]
        found = [row[0] for row in con.execute(f"describe policy.{name}").fetchall()]
        assert found == ["policy_hash", *(column for column, _ in columns)]


def test_load_policy_tables_is_the_same_for_any_order_of_policies(default_policy: Policy, edited: Callable[..., str]):
    """OVW-6: the order of input never matters."""
    other = parse_policy(edited(("review_above: 10000", "review_above: 20000")), "p")
    first, second = duckdb.connect(), duckdb.connect()
    load_policy_tables(first, [default_policy, other])
    load_policy_tables(second, [other, default_policy])
    for name in TABLE_COLUMNS:
        query = f"select * from policy.{name} order by all"
        assert first.execute(query).fetchall() == second.execute(query).fetchall()


def test_policy_tables_know_mail_providers_of_many_countries(default_tables: Tables):
    """IDN-8: thousands of providers are built in, ours beside those of the libraries."""
    domains = {(row["kind"], row["domain"]) for row in default_tables["mail_domains"].to_pylist()}
    known = {"gmail.com", "hey.com", "qq.com", "wp.pl", "web.de", "laposte.net", "t-online.de", "yahoo.co.jp"}
    assert {("personal", domain) for domain in known} <= domains
    thrown_away = {"mailinator.com", "yopmail.com", "tempmail.com", "guerrillamail.com", "10minutemail.com"}
    assert {("disposable", domain) for domain in thrown_away} <= domains
    assert not {domain for _, domain in domains if domain.endswith((".example", "github.com", "salesforce.com"))} - {
        "our-company.example"
    }
