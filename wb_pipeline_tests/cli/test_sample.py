"""`wb sample`: a CRM in which the truth is known, written where nothing stands yet."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wb_pipeline_tests.conftest import CommandRun

Wb = Callable[..., CommandRun]


def test_sample_writes_a_crm_and_says_what(wb: Wb, tmp_path):
    """Issue 3, item 9: one command makes a CRM with its truth and lists the files."""
    done = wb("sample", "--contacts", "200", "--proposals", "20", "--seed", "3", "--varied", "--out", tmp_path / "crm")
    assert done.exit_code == 0
    assert "200  crm_contacts" in done.out
    assert "20  truth_proposals" in done.out
    assert {path.name for path in (tmp_path / "crm").iterdir()} == {
        "crm_companies.parquet", "crm_contacts.parquet", "hard_negative_groups.parquet", "proposals.parquet",
        "truth_companies.parquet", "truth_contacts.parquet", "truth_proposals.parquet",
    }  # fmt: skip


def test_sample_writes_records_that_a_run_can_read(wb: Wb, tmp_path):
    """The contract's form is one option away."""
    done = wb("sample", "--contacts", "30", "--format", "records", "--out", tmp_path / "crm")
    assert done.exit_code == 0
    assert len((tmp_path / "crm" / "crm" / "contacts.jsonl").read_text(encoding="utf-8").splitlines()) == 30


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--contacts", "0"], "0 contacts cannot be made"),
        (["--contacts", "-3"], "-3 contacts cannot be made"),
        (["--contacts", "9999999999"], "ask for 1 to 5000000"),
        (["--contacts", "10", "--proposals", "-1"], "-1 proposals cannot be made"),
        (["--contacts", "many"], "not a valid integer"),
        (["--contacts", "10", "--format", "xlsx"], "'xlsx' is not one of"),
        ([], "Missing option '--contacts'"),
    ],
)
def test_sample_explains_bad_input(wb: Wb, tmp_path, arguments, message):
    """Each mistake gets a sentence and exit code 2, and nothing is written."""
    done = wb("sample", *arguments, "--out", tmp_path / "crm")
    assert done.exit_code == 2
    assert message in done.err
    assert not (tmp_path / "crm").exists()


def test_sample_does_not_write_over_anything(wb: Wb, tmp_path):
    """A folder with something in it, or a file, is refused and left as it was."""
    (tmp_path / "mine.txt").write_text("keep me", encoding="utf-8")
    done = wb("sample", "--contacts", "10", "--out", tmp_path)
    assert done.exit_code == 2
    assert "is not empty" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert wb("sample", "--contacts", "10", "--out", tmp_path / "mine.txt").exit_code == 2
