from __future__ import annotations

import json

from wb_pipeline.connectors.files import FilesConnector
from wb_pipeline.synthetic import generate_crm


def test_records_are_read_by_the_road_without_a_reject(tmp_path):
    """Issue 3, item 9: what is made is what `wb run --crm` reads."""
    made = generate_crm(tmp_path, contacts=1_500, proposals=30, form="records")
    pull = FilesConnector(tmp_path / "crm").pull_crm()
    assert pull.rejected.num_rows == 0
    assert dict(pull.notices) == {}
    objects = pull.rows["object"].to_pylist()
    assert objects.count("contact") == made.rows["crm/contacts.jsonl"] == 1_500
    assert objects.count("company") == made.rows["crm/companies.jsonl"]
    assert not (tmp_path / "crm_contacts.parquet").exists()
    assert (tmp_path / "truth_contacts.parquet").exists()


def test_records_say_the_same_as_the_tables(tmp_path):
    """One seed, one CRM, in two forms."""
    generate_crm(tmp_path / "records", contacts=50, form="records")
    generate_crm(tmp_path / "tables", contacts=50)
    import pyarrow.parquet as pq  # noqa: PLC0415 - only here

    lines = (tmp_path / "records" / "crm" / "contacts.jsonl").read_text(encoding="utf-8").splitlines()
    rows = pq.read_table(tmp_path / "tables" / "crm_contacts.parquet").to_pylist()
    for line, row in zip(lines, rows, strict=True):
        record = json.loads(line)
        assert record["id"] == row["contact_id"]
        assert record["fields"].get("title") == row["job_title"]
        assert record["fields"].get("company_id") == row["company_id"]
        assert record["fields"].get("email") == row["email"]
        assert None not in record["fields"].values()
