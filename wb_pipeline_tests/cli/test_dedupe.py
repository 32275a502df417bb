"""`wb dedupe`: the job from the command line, a cluster in words, a person's judgement and what it does next time."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.dedupe.judgements import judged_pairs
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.steps import deduplicating
from wb_pipeline.steps.publishing import DEDUPE_TABLES, dedupe_folder, reports_folder
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.dedupe.scoring import Scorer
from wb_pipeline_tests.dedupe.world import record

HOSTILE = "=cmd|' /C calc'!A0\x1b[31m"


def person(record_id: str, day: int, **fields: Any) -> dict[str, Any]:
    """Return a contact with these fields."""
    return record(record_id, day, fields={"first_name": "Ana", "last_name": "Ruiz", **fields})


CRM = [
    person("con-1", 1, email="ana@acme.example", title="CTO", city="Lyon"),
    person("con-2", 2, email="ANA@acme.example", title="Chief Technology Officer"),
    person("con-3", 3, email="ben@acme.example", suffix="Jr"),
    person("con-4", 4, email="ben@acme.example", suffix="Sr"),
    record("lead-1", 5, "lead", fields={"email": "ana@acme.example", "note": HOSTILE}),
    record("com-1", 1, "company", fields={"name": "Acme", "domain": "acme.example"}),
    record("com-2", 2, "company", fields={"name": "Acme Inc", "domain": "acme.example"}),
]


@pytest.fixture
def scorer(monkeypatch: pytest.MonkeyPatch) -> Scorer:
    """Put the stand-in into the place of the matching."""
    made = Scorer()
    monkeypatch.setattr(deduplicating, "_score_pairs", made)
    return made


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    """Return a folder with the CRM above."""
    return write(tmp_path / "crm", CRM)


def write(folder: Path, records: list[dict[str, Any]]) -> Path:
    """Write records as a CRM folder."""
    folder.mkdir(exist_ok=True)
    (folder / "crm.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records), encoding="utf-8")
    return folder


def test_dedupe_tells_what_it_found_and_where_to_look(
    wb: Callable[..., CommandRun], home: Home, crm: Path, scorer: Scorer
) -> None:
    """IDN-10, RPT-1: counts in words, files for people; nothing is merged."""
    done = wb("dedupe", "--crm", crm, "--home", home.root, "--quiet")
    assert done.exit_code == 0, done.err
    assert "5 contacts and leads stand for 3: 2 are surplus (40.0%)." in done.out
    assert "2 companies stand for 1: 1 are surplus (50.0%)." in done.out
    assert "5 pairs are likely one; 1 of them are kept apart" in done.out
    assert "3 records would end in a merge. Each waits for a person: nothing was merged." in done.out
    assert {path.stem for path in dedupe_folder(home).glob("*.parquet")} == set(DEDUPE_TABLES)
    with (reports_folder(home) / "report_duplicate_rate.csv").open(encoding="utf-8") as stream:
        rates = {(row["object"], row["scope"]): row["duplicate_rate"] for row in csv.DictReader(stream)}
    assert rates == {("contact", "crm"): "0.4", ("company", "crm"): "0.5"}
    assert scorer.asked == [False]
    assert verify_books(home).is_intact


def test_full_scores_every_pair_again(wb: Callable[..., CommandRun], home: Home, crm: Path, scorer: Scorer) -> None:
    """IDN-10: and without --crm the latest snapshot stands."""
    assert wb("dedupe", "--crm", crm, "--home", home.root).exit_code == 0
    assert wb("dedupe", "--full", "--home", home.root).exit_code == 0
    assert scorer.asked == [False, True]


def test_show_explains_a_cluster_by_its_id_or_a_records(
    wb: Callable[..., CommandRun], home: Home, crm: Path, scorer: Scorer
) -> None:
    """IDN-10: members, each pair with its weights, each surviving value with its record and rule; nothing hostile."""
    assert wb("dedupe", "--crm", crm, "--home", home.root, "--quiet").exit_code == 0
    done = wb("dedupe", "show", "contact-entity-1", "--home", home.root)
    assert done.exit_code == 0
    assert "contact-entity-1: 3 records are held to be one: con-1, con-2, lead-1" in done.out
    assert "A merge would keep con-1. It waits for a person." in done.out
    assert "97.0%  con-1 and con-2: the same email" in done.out
    assert "email +9.5, name +2.0" in done.out
    assert "title: Chief Technology Officer of con-2 (complete), not CTO" in done.out
    assert "city: Lyon of con-1 (only value)" in done.out
    assert "\x1b" not in done.out
    assert wb("dedupe", "show", "lead-1", "--home", home.root).out == done.out
    missing = wb("dedupe", "show", "con-3", "--home", home.root)
    assert (missing.exit_code, missing.out) == (2, "")
    assert "no cluster 'con-3'" in missing.err


def test_sheets_hold_no_formula(wb: Callable[..., CommandRun], home: Home, crm: Path, scorer: Scorer) -> None:
    """Law 7: a value from the CRM does not run in a spreadsheet."""
    assert wb("dedupe", "--crm", crm, "--home", home.root, "--quiet").exit_code == 0
    for path in dedupe_folder(home).glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r"))] == []


def test_judged_pair_stays_away_next_time(wb: Callable[..., CommandRun], home: Home, crm: Path, scorer: Scorer) -> None:
    """HYG-3: a person says that two records differ; they come back when a compared field changed."""
    dedupe = ("dedupe", "--crm", crm, "--home", home.root, "--quiet")
    assert wb(*dedupe).exit_code == 0
    judge = ("dedupe", "judge", "com-2", "com-1", "--different", "--by", "Kim", "--reason", "two firms")
    done = wb(*judge, "--home", home.root)
    assert (done.exit_code, done.err) == (0, "")
    assert "com-2 and com-1 are different, says Kim (ledger event" in done.out
    assert judged_pairs(Ledger.open(home)).select(["left_id", "right_id", "is_same", "judged_by"]).to_pylist() == [
        {"left_id": "com-1", "right_id": "com-2", "is_same": False, "judged_by": "Kim"}
    ]
    assert "2 companies stand for 2" in wb(*dedupe).out
    write(crm, [*CRM[:-1], record("com-2", 2, "company", fields={"name": "Acme GmbH", "domain": "acme.example"})])
    assert "2 companies stand for 1" in wb(*dedupe).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("con-1", "con-9", "--same"), "no live record 'con-9'"),
        (("con-1", "con-1", "--same"), "compared with itself"),
        (("con-1", "com-1", "--same"), "not two people or two companies"),
    ],
)
def test_judge_refuses_what_is_no_pair(
    wb: Callable[..., CommandRun], home: Home, crm: Path, scorer: Scorer, arguments: tuple[str, ...], said: str
) -> None:
    """HYG-3: and notes nothing."""
    assert wb("dedupe", "--crm", crm, "--home", home.root, "--quiet").exit_code == 0
    done = wb("dedupe", "judge", *arguments, "--by", "Kim", "--reason", "x", "--home", home.root)
    assert done.exit_code == 2
    assert said in done.err
    assert judged_pairs(Ledger.open(home)).num_rows == 0


def test_judge_and_show_need_a_run(wb: Callable[..., CommandRun], home: Home) -> None:
    """HYG-3: without books, without a run, without a name, without a verdict: a plain sentence."""
    assert "there is no snapshot" in wb("dedupe", "--home", home.root).err
    assert "no books" in wb("dedupe", "show", "x", "--home", home.root).err
    Ledger.open(home)
    judge = ("dedupe", "judge", "con-1", "con-2", "--home", home.root, "--reason", "x")
    assert "run `wb dedupe` first" in wb(*judge, "--same", "--by", "Kim").err
    assert "Missing option '--by'" in wb(*judge, "--same").err
    assert "--same or --different" in wb(*judge, "--by", "Kim").err
    assert "run `wb dedupe` first" in wb("dedupe", "show", "x", "--home", home.root).err


def test_warehouse_can_go_and_comes_back(wb: Callable[..., CommandRun], home: Home, crm: Path, scorer: Scorer) -> None:
    """Law 5, IDN-11: `wb rebuild` brings back the tables of the last dedupe run from the books alone."""
    assert wb("dedupe", "--crm", crm, "--home", home.root, "--quiet").exit_code == 0
    before = {table: rows(home, table) for table in DEDUPE_TABLES}
    for path in dedupe_folder(home).iterdir():
        path.unlink()
    assert wb("rebuild", "--home", home.root).exit_code == 0
    assert {table: rows(home, table) for table in DEDUPE_TABLES} == before


def rows(home: Home, table: str) -> list[tuple[Any, ...]]:
    """Return the rows of a published table."""
    with duckdb.connect() as con:
        path = str(dedupe_folder(home) / f"{table}.parquet")
        return con.execute("select * from read_parquet(?) order by all", [path]).fetchall()
