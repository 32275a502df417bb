"""Made-up records and proposals are read by the road without a reject."""

from __future__ import annotations

import json

import pyarrow.parquet as pq

from wb_pipeline.connectors.files import FilesConnector
from wb_pipeline.contract.parse import parse_batch
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


def test_proposals_are_read_by_the_road_without_a_reject(tmp_path):
    """Each proposal is one line of a batch: an update where the agent names a record, else a create."""
    generate_crm(tmp_path, contacts=800, proposals=200, form="records")
    batch = tmp_path / "batches" / "proposals.jsonl"
    parsed = parse_batch(batch, batch_key="k", file_name=batch.name)
    assert parsed.is_readable
    assert parsed.line_count == 200
    assert set(parsed.lines["quarantine_reasons"].to_pylist()) == {"[]"}
    said = pq.read_table(tmp_path / "proposals.parquet").to_pylist()
    for line, row in zip(batch.read_text(encoding="utf-8").splitlines(), said, strict=True):
        proposal = json.loads(line)
        assert proposal["proposal_id"] == row["proposal_id"]
        assert (proposal["action"] == "update") == (row["ai_target_id"] is not None)
        values = proposal.get("payload") or {each["field"]: each["value"] for each in proposal["changes"]}
        assert values.get("email") == row["email"]
        assert values.get("name") == row["name"]


def test_records_say_the_same_as_the_tables(tmp_path):
    """One seed, one CRM, in two forms."""
    generate_crm(tmp_path / "records", contacts=50, form="records")
    generate_crm(tmp_path / "tables", contacts=50)
    lines = (tmp_path / "records" / "crm" / "contacts.jsonl").read_text(encoding="utf-8").splitlines()
    rows = pq.read_table(tmp_path / "tables" / "crm_contacts.parquet").to_pylist()
    for line, row in zip(lines, rows, strict=True):
        record = json.loads(line)
        assert record["id"] == row["contact_id"]
        assert record["fields"].get("title") == row["job_title"]
        assert record["fields"].get("company_id") == row["company_id"]
        assert record["fields"].get("email") == row["email"]
        assert None not in record["fields"].values()
