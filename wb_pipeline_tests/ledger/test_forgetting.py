"""Erasing a person's values: found by record or by text, gone for good, on the books, and the chain still verifies."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.forgetting import Wanted, forget, kept_digests
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_writes import KeptValuesErased, WriteSettled
from wb_pipeline.ledger.sealed_changes import sealed_changes
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.ledger.factories import small_books
from wb_pipeline_tests.ledger.people import decide, plan_write, settle_write, write


@pytest.fixture
def books(tmp_path: Path) -> tuple[Home, Ledger]:
    """Return books with an edit and a write on con-0, and a write on con-1."""
    home, ledger = small_books(tmp_path / "small", batches=1)
    first = next(each for each in sealed_changes(home, ledger) if each.row["record_id"] == "con-0")
    decide(ledger, first.change_id, edited={"title": "VP IT of Ana"})
    write(ledger, first.change_id)
    other = plan_write(ledger, "x:1:1", record_id="con-1", fields={"email": "Ana.Ruiz@northwind.example"})
    settle_write(ledger, other, after={"email": "b@northwind.example"}, record_id="con-1")
    return home, ledger


def test_record_is_forgotten_with_what_people_wrote_and_writes_read(books) -> None:
    """AUD-6: edits, planned values, values before and after; of another record nothing. The chain verifies."""
    home, ledger = books
    kinds = kept_digests(home, ledger, Wanted("contact", "con-0"))
    assert sorted(kinds.values()) == ["item_decided", "write_planned", "write_settled", "write_settled"]
    before = len(kept_digests(home, ledger, Wanted("contact", "con-1")))
    assert before == 2
    forget(ledger, kinds, by="dana", reason="case 7")
    assert ledger.kept(kinds) == {}
    assert kept_digests(home, ledger, Wanted("contact", "con-0")) == {}
    assert len(kept_digests(home, ledger, Wanted("contact", "con-1"))) == before
    [erased] = ledger.events(KeptValuesErased.kind)
    assert (erased.recorded_by, set(erased.payload["digests"])) == ("dana", set(kinds))
    assert not [each for each in verify_books(home).findings if "kept value" in each.what]


def test_text_is_found_whatever_its_capitals_and_however_json_writes_it(books) -> None:
    """AUD-6: an address, a name with accents; nothing that would match everything."""
    home, ledger = books
    with ledger.writing("pipeline") as book:
        accented = book.keep('{"name": "Zo\\u00eb \\"Z\\" Ang"}')
        plain = book.keep('{"name": "ZOË"}')
    assert len(kept_digests(home, ledger, Wanted(texts=("ana.ruiz@NORTHWIND.example",)))) == 1
    assert set(kept_digests(home, ledger, Wanted(texts=("Zoë",)))) == {accented, plain}
    for texts in ((), ("ab",), ("   ",)):
        with pytest.raises(InputError):
            Wanted(texts=texts)


def test_all_is_erased_or_nothing(books) -> None:
    """AUD-6: what somebody else erased meanwhile stops it before anything is gone."""
    home, ledger = books
    found = list(kept_digests(home, ledger, Wanted("contact", "con-0")))
    forget(ledger, found[:1], by="dana", reason="case 7")
    with pytest.raises(InputError, match="erased meanwhile"):
        forget(ledger, found, by="dana", reason="case 8")
    assert len(ledger.kept(found)) == len(found) - 1
    for by, reason in (("", "case"), ("dana", " ")):
        with pytest.raises(InputError, match="named person"):
            forget(ledger, found[1:], by=by, reason=reason)


def test_answer_of_an_older_event_still_reads(books) -> None:
    """AUD-6, OPS-6: what the CRM said before it was kept beside the chain stands in its event."""
    _, ledger = books
    settled = [payload_of(event, WriteSettled) for event in ledger.events(WriteSettled.kind)]
    assert {(each.answer, each.answer_digest) for each in settled} == {("ok", None)}
    event = ledger.events(WriteSettled.kind)[0]
    older = {name: value for name, value in event.payload.items() if name != "answer_digest"}
    assert WriteSettled.model_validate(older).answer_digest is None


def test_command_counts_first_and_says_what_stays(books, wb) -> None:
    """AUD-6: without --yes nothing is erased; files that hold the text are named, with what can be done."""
    home, ledger = books
    (home.published / "batch").mkdir(parents=True)
    (home.published / "batch" / "rows.csv").write_text("con-0,VP IT\n", "utf-8")
    given = ("forget", "--home", home.root, "--record", "contact:con-0")
    shown = wb(*given)
    assert "4 values would be erased. Nothing is erased" in shown.out
    assert "1 files in published: may be deleted, and is made anew" in shown.out
    assert "1 files in values: stays; the ledger cites it by its hash" in shown.out
    assert ledger.events(KeptValuesErased.kind) == []
    assert wb(*given, "--yes").exit_code == 2
    named = ("forget", "--home", home.root, "--value", "VP IT of Ana", "--yes", "--by", "dana")
    assert "the reason says what is to be forgotten" in wb(*named, "--reason", "no vp it of ana any more").err
    assert ledger.events(KeptValuesErased.kind) == []
    assert "4 values are erased for good" in wb(*given, "--yes", "--by", "dana", "--reason", "case 7").out
    assert "No kept value is about it." in wb(*given).out
    assert wb("forget", "--home", home.root, "--record", "con-0").exit_code == 2
