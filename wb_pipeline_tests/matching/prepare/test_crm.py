"""Tests of prepare_crm: what is prepared again, what is kept, and what is left after a kill."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.matching.prepare import DomainLists
from wb_pipeline.matching.prepare.version import preparation_version
from wb_pipeline_tests.matching.prepare.factories import prepared, record, rows_of, warehouse, write_snapshot

TABLES = ("contacts", "companies", "domains", "frequencies")
LISTS = DomainLists(
    free=frozenset({"gmail.com"}),
    disposable=frozenset({"mailinator.com"}),
    own=frozenset({"us.com"}),
    aliases={"acme.io": "acme.com"},
)

_WORD = st.sampled_from(["Anna", "Bill", "J\u00fcrgen", "Smith", "van Dyke", "", "x" * 300])
_CONTACT = st.fixed_dictionaries({}, optional={
    "first_name": _WORD, "last_name": _WORD, "title": st.sampled_from(["CTO", "VP Sales", "***"]),
    "email": st.sampled_from(["a@acme.com", "info@acme.io", "b@gmail.com", "nothing", "c@x.mailinator.com"]),
    "phone": st.sampled_from(["+1 202 555 0143", "030 901820", "12"]),
    "company_name": st.sampled_from(["Acme Inc", "Acme Germany", "Northwind II"]),
    "linkedin_url": st.sampled_from(["linkedin.com/in/anna-1a2b", "https://linkedin.com/in/bill"]),
    "domain": st.sampled_from(["acme.com", "b\u00fccher.de"]),
})  # fmt: skip
_COMPANY = st.fixed_dictionaries({}, optional={
    "name": st.sampled_from(["Acme Inc", "Acme Germany", "Northwind II", "***"]),
    "domain": st.sampled_from(["acme.com", "www.northwind.co.uk", "gmail.com"]),
    "additional_domains": st.sampled_from([["acme.io"], ["acme.com", "wind.de"], "wind.de"]),
    "phone": st.sampled_from(["+1 202 555 0143", "030 901820"]),
    "street": st.sampled_from(["12 Main St", "Hauptstr. 5"]),
})  # fmt: skip
_LIFE = st.sampled_from([(False, None), (False, None), (False, None), (True, None), (False, "9")])
_CRM = st.dictionaries(
    st.tuples(st.sampled_from(["contact", "lead", "company"]), st.sampled_from("123456789")),
    st.tuples(_CONTACT, _COMPANY, _LIFE),
    max_size=12,
)


def _records(crm: dict) -> list[tuple]:
    return [
        (kind, name, json.dumps(company if kind == "company" else contact), None, None, *life)
        for (kind, name), (contact, company, life) in crm.items()
    ]


def _all(con: duckdb.DuckDBPyConnection) -> dict[str, list]:
    return {table: rows_of(con, f"prepared.{table}") for table in TABLES}


def _in_full(records: list[tuple]) -> dict[str, list]:
    con = warehouse()
    write_snapshot(con, "only", records)
    prepared(con, "only", LISTS)
    found = _all(con)
    con.close()
    return found


@settings(max_examples=10, deadline=None)
@given(st.lists(_CRM, min_size=2, max_size=3))
def test_a_changed_crm_is_prepared_as_if_it_were_new(crms):
    """OPS-4: what is derived depends on the snapshot alone, not on the ones before it."""
    con = warehouse()
    for i, crm in enumerate(crms):
        # Enough that stays the same: else all is prepared anew, which proves nothing here.
        same = [record("contact", f"same{n}", first_name="Anna", email=f"a{n}@acme.com") for n in range(60)]
        write_snapshot(con, str(i), same + _records(crm))
        report = prepared(con, str(i), LISTS)
        assert (report.kept["contact"] >= len(same)) is (i > 0)
        assert _all(con) == _in_full(same + _records(crm))
    con.close()


def test_only_what_changed_is_prepared_again():
    """New, changed, archived and gone records are told from those that stayed."""
    con = warehouse()
    first = [record("contact", str(n), first_name="Anna", last_name=str(n)) for n in range(20)]
    first += [record("company", str(n), name=f"Acme {n}") for n in range(20)]
    write_snapshot(con, "a", first)
    assert prepared(con, "a").changed == {"contact": 20, "company": 20}
    second = [
        *first[2:20],
        record("contact", "1", first_name="Bill"),
        record("lead", "1", first_name="Carla"),
        *first[20:39],
        record("company", "19", name="Acme 19", archived=True),
    ]
    write_snapshot(con, "b", second)
    report = prepared(con, "b")
    assert (report.records, report.changed) == ({"contact": 20, "company": 20}, {"contact": 2, "company": 1})
    assert report.kept == {"contact": 18, "company": 19}
    assert _all(con) == _in_full(second) | {"domains": []}
    assert prepared(con, "b").changed == {"contact": 0, "company": 0}


@pytest.mark.parametrize(
    "damage",
    [
        "drop table prepared.contacts",
        "drop table prepared.frequencies",
        "drop table prepared.domain_parts",
        "drop table prepared.state",
        "alter table prepared.companies drop column phones",
        "delete from prepared.contacts where record_id = '1'",
        "update prepared.state set version = 'another'",
        "insert into prepared.state from prepared.state",
        "drop schema prepared cascade",
    ],
)
def test_damaged_tables_are_written_anew(damage):
    """OPS-4: a damaged preparation is never built upon."""
    con = warehouse()
    records = [record("contact", str(n), first_name="Anna", email="a@acme.com") for n in range(9)]
    write_snapshot(con, "a", [*records, record("company", "1", name="Acme", domain="acme.com")])
    prepared(con, "a")
    sound = _all(con)
    con.execute(damage)
    assert prepared(con, "a").changed == {"contact": 9, "company": 1}
    assert _all(con) == sound


def test_an_empty_crm_and_one_without_companies_have_all_tables():
    """No records give empty tables, before and after others."""
    con = warehouse()
    write_snapshot(con, "b", [record("contact", "1", first_name="Anna")])
    for snapshot, contacts in (("nothing", 0), ("b", 1), ("nothing", 0)):
        report = prepared(con, snapshot)
        assert report.records == {"contact": contacts, "company": 0}
        assert {table: len(rows) for table, rows in _all(con).items() if table != "frequencies"} == {
            "contacts": contacts, "companies": 0, "domains": 0,
        }  # fmt: skip
        assert bool(_all(con)["frequencies"]) is bool(contacts)


def test_the_order_of_records_does_not_matter():
    """Rows in another order give the same tables."""
    records = [
        record("contact", str(n), first_name="Anna", email=f"a@acme{n % 7}.com", phone="+49 30 90182" + str(n % 5))
        for n in range(50)
    ]
    records += [record("company", str(n), name=f"Acme {n}", additional_domains=[f"acme{n % 7}.com"]) for n in range(10)]
    mixed = records.copy()
    random.Random(1).shuffle(mixed)
    assert _in_full(mixed) == _in_full(records)


def test_a_failure_leaves_what_was_there(monkeypatch):
    """An error on the way takes everything back."""
    con = warehouse()
    write_snapshot(con, "a", [record("contact", "1", first_name="Anna")])
    write_snapshot(con, "b", [record("contact", "1", first_name="Bill")])
    prepared(con, "a")
    before = _all(con)
    monkeypatch.setattr("wb_pipeline.matching.prepare.crm.write_domains", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        prepared(con, "b")
    assert _all(con) == before
    assert con.sql("select snapshot_hash from prepared.state").fetchall() == [("a",)]


_CHILD = """
import sys
from wb_pipeline_tests.matching.prepare.factories import prepared, warehouse
con = warehouse(sys.argv[1])
print("ready", flush=True)
while True:
    for snapshot in ("a", "b"):
        prepared(con, snapshot)
"""


def test_a_killed_process_leaves_one_snapshot_or_the_other(tmp_path: Path):
    """OPS-4: kill -9 at any moment leaves the tables of one snapshot, whole."""
    path = str(tmp_path / "warehouse.duckdb")
    crms = {
        name: [record("contact", str(n), first_name=first, email=f"{first}{n}@acme.com".lower()) for n in range(300)]
        for name, first in (("a", "Anna"), ("b", "Bill"))
    }
    con = warehouse(path)
    for name, records in crms.items():
        write_snapshot(con, name, records)
    con.close()
    whole = {name: _in_full(records)["contacts"] for name, records in crms.items()}
    for after in (0.4, 0.9, 1.3):
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, path], stdout=subprocess.PIPE, cwd=Path(__file__).parents[3]
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(after)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        con = warehouse(path)
        stated = con.execute("select table_name from duckdb_tables() where schema_name = 'prepared'").fetchall()
        if stated:
            ((snapshot,),) = con.sql("select snapshot_hash from prepared.state").fetchall()
            assert rows_of(con, "prepared.contacts") == whole[snapshot]
        prepared(con, "b", LISTS)
        assert rows_of(con, "prepared.contacts") == whole["b"]
        con.close()


def test_field_names_are_part_of_the_version():
    """Other field names mean that all is prepared anew."""
    assert preparation_version(None, None) == preparation_version({}, {})
    assert preparation_version({"title": ["job_title"]}, None) != preparation_version(None, None)
