"""Tiny labelled sets in each of the forms that the bench reads, written by the tests themselves."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_CONTACT_COLUMNS = (
    "contact_id", "first_name", "last_name", "email", "phone", "mobile", "job_title", "city", "country",
    "linkedin_url", "company_name", "company_id",
)  # fmt: skip
_COMPANY_COLUMNS = (
    "company_id", "name", "domain", "phone", "street", "city", "region", "postal_code", "country", "industry",
)  # fmt: skip
_PROPOSAL_COLUMNS = (
    "proposal_id", "kind", *_CONTACT_COLUMNS[1:-1], *(name for name in _COMPANY_COLUMNS[1:] if name not in
    ("phone", "city", "country")), "source", "ai_target_id",
)  # fmt: skip

_Row = dict[str, object]


def _write(folder: Path, name: str, rows: list[_Row], text: tuple[str, ...], **others: pa.DataType) -> None:
    types = dict.fromkeys(text, pa.string()) | others
    columns = {column: pa.array([row.get(column) for row in rows], kind) for column, kind in types.items()}
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(columns), folder / f"{name}.parquet")


def write_crm(folder: Path) -> Path:
    """Four contacts of three people, one company, one look-alike group and two proposals."""
    people = (
        ("ct_1", "Ana", "Ruiz", "ana.ruiz@north.example", "P1"),
        ("ct_2", "A.", "Ruiz", "aruiz@north.example", "P1"),
        ("ct_3", "Ana", "Ruiz", "ana@south.example", "P2"),
        ("ct_4", "Bo", "Lund", "", "P3"),
    )
    rows: list[_Row] = [
        {"contact_id": key, "first_name": first, "last_name": last, "email": email, "job_title": "Buyer",
         "created_at": 1_700_000_000, "updated_at": None}
        for key, first, last, email, _ in people
    ]  # fmt: skip
    times, names = {"created_at": pa.int64(), "updated_at": pa.int64()}, pa.list_(pa.string())
    _write(folder, "crm_contacts", rows, _CONTACT_COLUMNS, **times)
    truths: list[_Row] = [
        {"contact_id": key, "entity_id": entity, "variants": ["initial"] if key == "ct_2" else [],
         "hn_types": [] if entity == "P3" else ["same_name"]}
        for key, *_, entity in people
    ]  # fmt: skip
    lists = {"variants": names, "hn_types": names}
    _write(folder, "truth_contacts", truths, ("contact_id", "entity_id"), **lists)
    company: _Row = {"company_id": "co_1", "name": "North Ltd", "employees": 12, "created_at": 0}
    _write(folder, "crm_companies", [company], _COMPANY_COLUMNS, employees=pa.int64(), **times)
    firm: _Row = {"company_id": "co_1", "entity_id": "C1", "variants": [], "hn_types": []}
    _write(folder, "truth_companies", [firm], ("company_id", "entity_id"), **lists)
    group: list[_Row] = [{"group_id": 7, "entity_id": entity, "hn_type": "same_name"} for entity in ("P1", "P2")]
    _write(folder, "hard_negative_groups", group, ("entity_id", "hn_type"), group_id=pa.int64())
    _write_proposals(folder, lists)
    return folder


def _write_proposals(folder: Path, lists: dict[str, pa.DataType]) -> None:
    proposals: list[_Row] = [
        {"proposal_id": "pr_1", "kind": "contact", "first_name": "Ana", "last_name": "Ruiz", "job_title": "Head",
         "ai_target_id": "ct_3"},
        {"proposal_id": "pr_2", "kind": "company", "name": "West Ltd"},
    ]  # fmt: skip
    _write(folder, "proposals", proposals, _PROPOSAL_COLUMNS, employees=pa.int64())
    truths: list[_Row] = [
        {"proposal_id": "pr_1", "kind": "contact", "true_entity_id": "P1", "in_crm": True, "case_type": "variant",
         "true_record_ids": ["ct_1", "ct_2"], "trap_record_ids": ["ct_3"], "ai_target_wrong": True, "ambiguous": False},
        {"proposal_id": "pr_2", "kind": "company", "true_entity_id": "C9", "in_crm": False, "case_type": "new",
         "true_record_ids": [], "trap_record_ids": ["co_1"], "ai_target_wrong": False, "ambiguous": False},
    ]  # fmt: skip
    for truth in truths:
        truth |= {"variants": [], "hn_types": []}
    more = {name: pa.list_(pa.string()) for name in ("true_record_ids", "trap_record_ids")}
    flags = dict.fromkeys(("in_crm", "ai_target_wrong", "ambiguous"), pa.bool_())
    _write(folder, "truth_proposals", truths, ("proposal_id", "kind", "true_entity_id", "case_type"),
           **lists, **more, **flags)  # fmt: skip


def write_sites(folder: Path) -> Path:
    """Three rows of sites, two of them one site; a line break inside a name, as in the real file."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        '"True Id","Id","Source","Site name","Address","Zip","Phone","Website"',
        '1,10,"a.csv"," Bright\nStart ","1 Oak St ","60601","5550101",',
        '1,11,"b.csv","Bright Start Inc","1 Oak Street",,"5550101","www.bright.example"',
        '2,12,"a.csv","Little Elm","2 Elm St","60602",,',
    ]
    (folder / "sites_with_true_ids.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def write_senzing(folder: Path) -> Path:
    """Two persons who are one, with the names in different columns, and one organisation."""
    folder.mkdir(parents=True, exist_ok=True)
    common = "DATA_SOURCE,RECORD_ID,RECORD_TYPE,PRIMARY_NAME_FULL,NATIVE_NAME_FULL,PRIMARY_NAME_LAST"
    common += ",PRIMARY_NAME_FIRST,DATE_OF_BIRTH,EMAIL_ADDRESS,ADDR_LINE1,ADDR_CITY,ADDR_STATE,ADDR_POSTAL_CODE"
    common += ",ADDR_COUNTRY,PHONE_NUMBER"
    files = {
        "customers": [
            f"{common},PRIMARY_NAME_MIDDLE,PRIMARY_NAME_ORG,SECONDARY_NAME_ORG,ADDR_FULL",
            "CUSTOMERS,1,PERSON,,,Ruiz,Ana,,ana@north.example,1 Oak St,Reno,NV,89501,,,M,,,",
        ],
        "reference": [
            f"{common},EMPLOYER,PRIMARY_NAME_ORG,SECONDARY_NAME_ORG,ADDR_FULL",
            'REFERENCE,1,PERSON,"Ruiz, Ana",,,,,,,,,,,,North Ltd,,,',
            "REFERENCE,2,ORGANIZATION,North Ltd,,,,,,,,,,,,,,North,9 Elm St Reno",
        ],
        "watchlist": [f"{common},EMPLOYER,PRIMARY_NAME_MIDDLE"],
        "actual_truthset_key": [
            "TEST_GROUP,CLUSTER_ID,DATA_SOURCE,RECORD_ID", "1,5,CUSTOMERS,1", "1,5,REFERENCE,1", "1,6,REFERENCE,2",
        ],
    }  # fmt: skip
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
