"""The CRM's identifying values in key form."""

from __future__ import annotations

from wb_pipeline.facts.prepared_records import write_prepared_records
from wb_pipeline_tests.facts.factories import World


def test_prepared_records_carry_normalized_keys() -> None:
    """IDN-1: email, domain and external id in one form; what is no key is NULL."""
    world = World()
    world.record("contact", "c-1", email=" Ana@Acme.com ", external_id=17, domain="acme.com")
    world.record("contact", "c-2", email={"a": 1}, external_id="", archived=True)
    world.record("company", "m-1", domain="https://WWW.Acme.com/", merged_into="m-2")
    assert write_prepared_records(world.con) == 3
    assert world.rows("from facts.prepared_records order by record_id") == [
        ("s", "contact", "c-1", "ana@acme.com", None, "17", "acme.com", False, None),
        ("s", "contact", "c-2", None, None, None, None, True, None),
        ("s", "company", "m-1", None, "acme.com", None, None, False, "m-2"),
    ]


def test_prepared_records_count_every_record_when_fields_are_broken() -> None:
    """CON-7: rows in = rows out, whatever a field holds; an unknown archive state counts as archived."""
    world = World()
    world.con.execute(
        "insert into raw.crm_records values ('s', 'contact', 'c-1', '{bad', null, '', null, null, '{}', '[]')"
    )
    assert write_prepared_records(world.con) == 1
    assert world.rows("select is_archived, merged_into_id from facts.prepared_records") == [(True, None)]


def test_prepared_records_hold_only_the_runs_snapshots() -> None:
    """OPS-2: what another run loaded is left alone."""
    world = World()
    world.record("contact", "c-1")
    world.record("contact", "c-1", snapshot="another")
    assert write_prepared_records(world.con) == 1
