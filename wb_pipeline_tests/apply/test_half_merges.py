"""A merge that is cut off between its two records, while somebody writes into the one that is missing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete

from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.apply.run import apply_approved
from wb_pipeline.connectors import files_journal
from wb_pipeline.connectors.files_writing import WritableFiles
from wb_pipeline.connectors.postgres_writing import WritablePostgres
from wb_pipeline.connectors.writing import KEY_FIELD, WritableCrm
from wb_pipeline.home import Home
from wb_pipeline.ledger import tables
from wb_pipeline.ledger.store import Book, Ledger
from wb_pipeline_tests.apply.memory_crm import QUICK, KilledError, StillClock, crm_with
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import decided, desk_at, merge, queue, take_crm

if TYPE_CHECKING:
    from wb_pipeline_tests.postgres_server import Server

SURVIVOR, LOSER = {"name": "Northwind Outdoor"}, {"name": "Northwind Outdoors", "domain": "northwind.example"}


@pytest.fixture(scope="module")
def approved_once(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which two people approved the merge of com-2 into com-1, which lacks a domain. To be copied."""
    root = tmp_path_factory.mktemp("approved")
    home, ledger = queue(root, merge())
    take_crm(home, ledger, root, {"com-2": LOSER})
    approve(home, ledger)
    return home


@pytest.fixture
def approved(approved_once: Home, home: Home) -> tuple[Home, Ledger]:
    """Return a copy of those books."""
    shutil.copytree(approved_once.root, home.root)
    return home, Ledger.open(home, clock=lambda: CLOCK)


def approve(home: Home, ledger: Ledger) -> None:
    """Let two people approve what waits."""
    desk = desk_at(home, ledger)
    for by in ("u-ops-1", "u-sales-1"):
        for item in desk.items():
            assert decided(desk, item, by=by).is_done


def apply(approved: tuple[Home, Ledger], crm: WritableCrm) -> ApplyReport:
    """Write what is approved, by a clock that nobody waits for."""
    return apply_approved(*approved, crm, CLOCK, limits=QUICK, timing=StillClock(CLOCK).timing)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a CRM that keeps the two companies in two files."""
    made = tmp_path / "two-files"
    made.mkdir()
    for name, fields in (("com-1", SURVIVOR), ("com-2", LOSER)):
        write(made, name, fields)
    return made


def write(folder: Path, record_id: str, fields: dict[str, Any]) -> None:
    """Let somebody write a record's row anew."""
    row = {"object": "company", "id": record_id, "fields": fields}
    (folder / f"{record_id}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")


def die_before_file(monkeypatch: pytest.MonkeyPatch, number: int) -> Callable[[], None]:
    """Let the process die before the n-th file is replaced; return how to bring it back to life."""
    real, left = files_journal._store, [number]

    def store(file: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise KilledError
        real(file)

    monkeypatch.setattr(files_journal, "_store", store)
    return lambda: monkeypatch.setattr(files_journal, "_store", real)


@pytest.mark.parametrize(("dies_before", "edited"), [(1, "com-2"), (2, "com-1")])
def test_half_merge_of_files_goes_back_to_a_person(
    approved: tuple[Home, Ledger], folder: Path, monkeypatch: pytest.MonkeyPatch, dies_before: int, edited: str
) -> None:
    """SYN-2, RVW-2: killed between two files, and somebody changes the row that is not written yet: what they wrote
    stands, the merge is not booked as written, and a person sees what is missing; seen anew, it is carried out.
    """
    live = die_before_file(monkeypatch, dies_before)
    with pytest.raises(KilledError):
        apply(approved, WritableFiles(folder))
    live()
    write(folder, edited, theirs := {"name": "Southwind"})
    assert apply(approved, WritableFiles(folder)).outcomes == {"conflict": 1}
    found = WritableFiles(folder).read("company", ["com-1", "com-2"])
    assert found[edited].fields == theirs
    assert found["com-2"].is_archived is (edited == "com-1")
    [item] = desk_at(*approved).items()
    assert item.state == "returned"
    assert "half done" in item.returned_because
    assert "Southwind" not in item.returned_because


def test_half_merge_of_which_all_was_erased_goes_back_to_a_person(
    approved: tuple[Home, Ledger], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SYN-2, AUD-6: what it was about was erased before anybody looked: it is not booked as written unseen."""
    live = die_before_file(monkeypatch, 2)
    with pytest.raises(KilledError):
        apply(approved, WritableFiles(folder))
    live()
    write(folder, "com-2", {"name": "Southwind"})
    with approved[1].unchained() as connection:
        connection.execute(delete(tables.kept_values))
    assert apply(approved, WritableFiles(folder)).outcomes == {"conflict": 1}
    [item] = desk_at(*approved).items()
    assert "what it was about is erased" in item.returned_because


def test_half_merge_is_finished_when_it_is_approved_anew(
    approved: tuple[Home, Ledger], folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """SYN-2: a loser that lived on is archived by the next approval, over what its approver saw."""
    live = die_before_file(monkeypatch, 1)
    with pytest.raises(KilledError):
        apply(approved, WritableFiles(folder))
    live()
    write(folder, "com-2", LOSER | {"name": "Southwind"})
    assert apply(approved, WritableFiles(folder)).outcomes == {"conflict": 1}
    stands = WritableFiles(folder).read("company", ["com-1", "com-2"])
    seen = {key: {k: v for k, v in each.fields.items() if not k.startswith("ai_")} for key, each in stands.items()}
    take_crm(*approved, tmp_path, seen)
    approve(*approved)
    assert apply(approved, WritableFiles(folder)).outcomes == {"written": 1}
    loser = WritableFiles(folder).read("company", ["com-2"])["com-2"]
    assert (loser.is_archived, loser.merged_into, loser.fields["name"]) == (True, "com-1", "Southwind")


def test_merge_that_was_cut_off_and_finished_is_written(
    approved: tuple[Home, Ledger], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SYN-2: where nobody wrote in between, the next reader finishes both halves, and reading tells it."""
    live = die_before_file(monkeypatch, 2)
    with pytest.raises(KilledError):
        apply(approved, WritableFiles(folder))
    live()
    report = apply(approved, WritableFiles(folder))
    assert report.outcomes == {"written": 1}
    assert report.settled[0].is_reconciled
    assert WritableFiles(folder).read("company", ["com-1"])["com-1"].fields["domain"] == LOSER["domain"]


def test_merge_that_others_made_meanwhile_is_so_already(approved: tuple[Home, Ledger]) -> None:
    """SYN-2: the call never arrived, and somebody merged the same two: nothing is lacking, nobody is asked."""
    crm = crm_with([("company", "com-1", SURVIVOR), ("company", "com-2", LOSER)], clock=StillClock(CLOCK))
    crm.script.append("dies_before")
    with pytest.raises(KilledError):
        apply(approved, crm)
    merged = crm.calls[-1]
    crm.put("company", "com-1", **{name: value for name, value in merged.fields.items() if name != KEY_FIELD})
    crm.records["company", "com-2"] = type(crm.records["company", "com-2"])(
        "company", "com-2", LOSER, is_archived=True, merged_into="com-1"
    )
    assert apply(approved, crm).outcomes == {"already_so": 1}


def test_half_merge_of_a_database_goes_back_to_a_person(
    approved: tuple[Home, Ledger], postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SYN-2: a transaction is never half done, but somebody may take the loser out again before we look."""
    url = postgres.new_database()
    columns = "id text primary key, name text, domain text, archived boolean default false, merged_into text"
    marks = ", ".join(f"ai_writeback_{name} text" for name in ("confidence", "evidence", "source", "fields", "labels"))
    rows = "('com-1', 'Northwind Outdoor', null), ('com-2', 'Northwind Outdoors', 'northwind.example')"
    postgres.run(
        f"create table company ({columns}, {KEY_FIELD} text unique, {marks})",
        f"insert into company (id, name, domain) values {rows}",
        url=url,
    )
    append, crm = Book.append, WritablePostgres(url)
    try:
        monkeypatch.setattr(Book, "append", _die_at_settling(append))
        with pytest.raises(KilledError):
            apply(approved, crm)
        monkeypatch.setattr(Book, "append", append)
        assert crm.read("company", ["com-2"])["com-2"].merged_into == "com-1"
        postgres.run("update company set archived = false, merged_into = null where id = 'com-2'", url=url)
        assert apply(approved, crm).outcomes == {"conflict": 1}
    finally:
        crm.close()
    [item] = desk_at(*approved).items()
    assert "half done" in item.returned_because


def _die_at_settling(append: Callable[..., Any]) -> Callable[..., Any]:
    def dying(book: Book, events: Any) -> Any:
        if any(event.kind == "write_settled" for event in events):
            raise KilledError
        return append(book, events)

    return dying
