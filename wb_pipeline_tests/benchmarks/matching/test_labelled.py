"""Labelled data in its three forms becomes a CRM in the contract's names, with its truth."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wb_pipeline.benchmarks.matching.labelled import load_labelled
from wb_pipeline.errors import InputError
from wb_pipeline_tests.benchmarks.matching.labelled_files import write_crm, write_senzing, write_sites


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    return con.execute(query).fetchall()


def fields_of(con: duckdb.DuckDBPyConnection, record_id: str) -> dict[str, Any]:
    """A record's fields as JSON gives them."""
    found = con.execute("select fields from raw.crm_records where record_id = ?", [record_id]).fetchall()
    return json.loads(found[0][0])


def test_a_labelled_crm_becomes_crm_records_in_the_contracts_names(tmp_path: Path) -> None:
    """Titles, times and custom fields arrive; empty values are left out rather than given as ''."""
    with duckdb.connect() as con:
        data = load_labelled(con, write_crm(tmp_path))
        assert (data.records, data.proposals) == ({"company": 1, "contact": 4}, 2)
        wanted = {"email": "ana.ruiz@north.example", "first_name": "Ana", "last_name": "Ruiz", "title": "Buyer"}
        assert fields_of(con, "ct_1") == wanted
        assert fields_of(con, "ct_4") == {"first_name": "Bo", "last_name": "Lund", "title": "Buyer"}
        assert fields_of(con, "co_1") == {"employees": "12", "name": "North Ltd"}
        times = "select distinct snapshot_hash, created_at::varchar, updated_at from raw.crm_records"
        assert rows(con, f"{times} where object = 'contact'") == [(data.snapshot_hash, "2023-11-14 22:13:20", None)]


def test_a_labelled_crm_brings_its_truth_along(tmp_path: Path) -> None:
    """Entities, variants, look-alike groups and what is true of the proposals."""
    with duckdb.connect() as con:
        load_labelled(con, write_crm(tmp_path))
        truth = "select entity_id, variants, look_alike_types from labelled.truth where record_id = 'ct_2'"
        assert rows(con, truth) == [("P1", ["initial"], ["same_name"])]
        groups = "select object, group_id, entity_id, look_alike_type from labelled.look_alikes order by all"
        assert rows(con, groups) == [("contact", "7", "P1", "same_name"), ("contact", "7", "P2", "same_name")]
        proposals = "select fields, target_id from labelled.proposals order by proposal_id"
        first, second = rows(con, proposals)
        assert json.loads(first[0]) == {"first_name": "Ana", "last_name": "Ruiz", "title": "Head"}
        assert (first[1], second[1]) == ("ct_3", None)
        meant = "select entity_id, is_in_crm, case_type, trap_record_ids, is_target_wrong from labelled.proposal_truth"
        assert rows(con, f"{meant} order by proposal_id") == [
            ("P1", True, "variant", ["ct_3"], True),
            ("C9", False, "new", ["co_1"], False),
        ]


def test_truth_may_lie_in_a_folder_of_its_own(tmp_path: Path) -> None:
    """Who is judged must not see the truth."""
    crm, truth = write_crm(tmp_path / "crm"), tmp_path / "truth"
    truth.mkdir()
    for name in ("truth_contacts", "truth_companies", "truth_proposals", "hard_negative_groups"):
        (crm / f"{name}.parquet").rename(truth / f"{name}.parquet")
    with duckdb.connect() as con:
        load_labelled(con, crm, truth=truth)
        assert rows(con, "select count(*) from labelled.truth") == [(5,)]


def test_sites_become_companies(tmp_path: Path) -> None:
    """Name, address, phone and website; equal true ids are one entity."""
    with duckdb.connect() as con:
        assert load_labelled(con, write_sites(tmp_path), kind="sites").records == {"company": 3}
        assert fields_of(con, "site-11") == {
            "country": "US", "name": "Bright Start Inc", "phone": "5550101", "street": "1 Oak Street",
            "website": "www.bright.example",
        }  # fmt: skip
        assert fields_of(con, "site-10")["name"] == "Bright\nStart"
        same = "select list(record_id order by record_id) from labelled.truth group by entity_id order by 1"
        assert rows(con, same) == [(["site-10", "site-11"],), (["site-12"],)]


def test_senzing_becomes_persons_and_organisations(tmp_path: Path) -> None:
    """Ids are per source; a name that comes in one piece is the first name, as sloppy CRMs have it."""
    with duckdb.connect() as con:
        data = load_labelled(con, write_senzing(tmp_path), kind="senzing")
        assert data.records == {"company": 1, "contact": 2}
        assert fields_of(con, "reference-1") == {"company_name": "North Ltd", "first_name": "Ruiz, Ana"}
        assert fields_of(con, "customers-1")["middle_name"] == "M"
        wanted = {"name": "North Ltd", "second_name": "North", "street": "9 Elm St Reno"}
        assert fields_of(con, "reference-2") == wanted
        people = "select count(*), count(distinct entity_id) from labelled.truth where object = 'contact'"
        assert rows(con, people) == [(2, 1)]


def test_the_snapshot_is_named_by_its_content(tmp_path: Path) -> None:
    """Prepared rows are kept by that name: other data must not find them."""
    first, copy, other = (write_crm(tmp_path / name) for name in ("first", "copy", "other"))
    table = pq.read_table(other / "crm_contacts.parquet")
    pq.write_table(table.slice(0, 4).set_column(1, "first_name", pa.array(["x"] * 4)), other / "crm_contacts.parquet")
    with duckdb.connect() as con:
        names = [load_labelled(con, folder).snapshot_hash for folder in (first, copy, other)]
    assert names[0] == names[1] != names[2]


@pytest.mark.parametrize("missing", ["crm_contacts", "truth_contacts", "truth_proposals"])
def test_a_missing_table_is_named(tmp_path: Path, missing: str) -> None:
    """The message says which file and where."""
    (write_crm(tmp_path) / f"{missing}.parquet").unlink()
    with duckdb.connect() as con, pytest.raises(InputError, match=missing):
        load_labelled(con, tmp_path)


def test_records_without_truth_are_refused(tmp_path: Path) -> None:
    """A figure over the labelled part would be a figure of something else."""
    write_crm(tmp_path)
    path = tmp_path / "truth_contacts.parquet"
    pq.write_table(pq.read_table(path).slice(0, 3), path)
    with duckdb.connect() as con, pytest.raises(InputError, match="does not fit") as caught:
        load_labelled(con, tmp_path)
    assert "5 records, 4 of them with truth" in caught.value.hint


def test_a_table_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    """The database's own words say which column."""
    write_crm(tmp_path)
    path = tmp_path / "crm_contacts.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["email"]), path)
    with duckdb.connect() as con, pytest.raises(InputError, match="cannot be read") as caught:
        load_labelled(con, tmp_path)
    assert "email" in caught.value.hint


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    """The message names the kinds there are."""
    with duckdb.connect() as con, pytest.raises(InputError, match="nosuch") as caught:
        load_labelled(con, tmp_path, kind="nosuch")
    assert "sites" in caught.value.hint


@pytest.mark.parametrize(
    ("kind", "folder", "true_pairs"),
    [("sites", "chicago_sites", 6_608), ("senzing", "senzing", 108), ("crm", "crm_dev", 7_342)],
)
def test_the_real_sets_have_the_pairs_that_their_makers_count(kind: str, folder: str, true_pairs: int) -> None:
    """The readers lose no row and no label of the real files."""
    if "WB_LABELLED_DATA" not in os.environ:
        pytest.skip("WB_LABELLED_DATA names no folder with labelled data")
    with duckdb.connect() as con:
        load_labelled(con, Path(os.environ["WB_LABELLED_DATA"]) / folder, kind=kind)
        sizes = "select count(*) as size from labelled.truth group by object, entity_id"
        assert rows(con, f"select sum(size * (size - 1) // 2)::bigint from ({sizes})") == [(true_pairs,)]
