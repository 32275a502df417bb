"""A made-up CRM: the same for the same seed, as large as asked, refused where it cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from wb_pipeline.canonical import file_hash
from wb_pipeline.errors import InputError
from wb_pipeline.synthetic import GeneratedCrm, Rates, generate_crm, varied_rates
from wb_pipeline.synthetic.emphasis import KINDS
from wb_pipeline_tests.synthetic.conftest import CONTACTS, PROPOSALS, Crm

SMALL = {"contacts": 400, "proposals": 60}
IN_ANOTHER_PROCESS = """
from pathlib import Path
from wb_pipeline.synthetic import generate_crm
generate_crm(Path({folder!r}), contacts=400, proposals=60)
"""


def hashes(folder: Path) -> dict[str, str]:
    """The content of every file below a folder."""
    return {path.name: file_hash(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def test_generate_crm_writes_the_same_bytes_for_the_same_seed_in_any_process(tmp_path):
    """Whoever measures, measures the same, whatever order Python gives to its sets that day."""
    generate_crm(tmp_path / "here", **SMALL)
    for seed in ("1", "2"):
        script = IN_ANOTHER_PROCESS.format(folder=str(tmp_path / seed))
        subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        assert hashes(tmp_path / seed) == hashes(tmp_path / "here")


def test_generate_crm_writes_the_same_bytes_after_another_crm_was_made(tmp_path):
    """Nothing is kept from one generation to the next."""
    generate_crm(tmp_path / "first", **SMALL)
    generate_crm(tmp_path / "between", contacts=50, seed=9, rates=varied_rates(9))
    generate_crm(tmp_path / "second", **SMALL)
    assert hashes(tmp_path / "second") == hashes(tmp_path / "first")


def test_generate_crm_writes_another_crm_for_another_seed(tmp_path):
    """The seed reaches every file."""
    generate_crm(tmp_path / "1", **SMALL)
    generate_crm(tmp_path / "2", **SMALL, seed=2)
    first, second = hashes(tmp_path / "1"), hashes(tmp_path / "2")
    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())


def test_generate_crm_writes_as_many_rows_as_asked_and_says_so(crm: Crm):
    """The report tells the true sizes."""
    assert crm.made.rows["crm_contacts"] == crm.made.rows["truth_contacts"] == CONTACTS
    assert crm.made.rows["proposals"] == crm.made.rows["truth_proposals"] == PROPOSALS
    assert crm.made.rows["crm_companies"] == crm.made.rows["truth_companies"]
    for name, rows in crm.made.rows.items():
        assert pq.read_metadata(crm.made.folder / f"{name}.parquet").num_rows == rows
    assert 0.7 < crm.made.rows["crm_companies"] * crm.made.rates.contacts_per_company / CONTACTS < 1.3


@pytest.mark.parametrize(("contacts", "proposals"), [(1, 0), (1, 5), (2, 3), (17, 40)])
def test_generate_crm_makes_tiny_crms_too(tmp_path, contacts, proposals):
    """Tests can use one record, or more proposals than records."""
    made = generate_crm(tmp_path, contacts=contacts, proposals=proposals)
    assert made.rows["crm_contacts"] == contacts
    assert made.rows.get("proposals", 0) == proposals


@pytest.mark.parametrize(
    "sizes", [{"contacts": 0}, {"contacts": -5}, {"contacts": 10**9}, {"contacts": 5, "proposals": -1}]
)
def test_generate_crm_refuses_sizes_out_of_range(tmp_path, sizes):
    """A number that makes no sense is refused before anything is written."""
    with pytest.raises(InputError, match="cannot be made"):
        generate_crm(tmp_path / "new", **sizes)
    assert not (tmp_path / "new").exists()


def test_generate_crm_refuses_a_folder_that_cannot_be_made(tmp_path):
    """A folder below a file is refused with a message for people."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        generate_crm(tmp_path / "file" / "crm", contacts=5)


def test_rates_change_what_is_made(tmp_path):
    """A CRM without repeats and look-alikes can be asked for."""
    clean = Rates(contact_duplicates=0, company_duplicates=0, contact_lookalikes=0, company_lookalikes=0)
    made = generate_crm(tmp_path, contacts=500, rates=clean)
    truth = pq.read_table(tmp_path / "truth_contacts.parquet")
    assert len(set(truth["entity_id"].to_pylist())) == 500
    assert made.rows["hard_negative_groups"] == 0


def test_varied_rates_differ_by_seed_and_stay_possible():
    """Training sees many kinds of CRM, none of them absurd."""
    drawn = [varied_rates(seed) for seed in range(60)]
    assert varied_rates(3) == drawn[3]
    assert len({rates.contact_duplicates for rates in drawn}) == len(drawn)
    for rates in drawn:
        assert 0 < rates.contact_duplicates <= 0.6
        assert 0 < rates.target_wrong <= 0.6
        assert 1.5 <= rates.contacts_per_company <= 40
        assert set(rates.emphasis) == set(KINDS)


@pytest.mark.parametrize("seed", range(4))
def test_generate_crm_works_with_varied_rates(tmp_path, seed):
    """No drawn mix of rates gets the generator stuck."""
    made: GeneratedCrm = generate_crm(tmp_path, contacts=600, proposals=80, seed=seed, rates=varied_rates(seed))
    assert made.rows["crm_contacts"] == 600
    assert made.rows["proposals"] == 80
