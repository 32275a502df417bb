"""What a person wrote while they approved, once it is erased: found by the picked record too, shown nowhere (AUD-6)."""

from __future__ import annotations

from pathlib import Path

from wb_pipeline.ledger.forgetting import Wanted, forget, kept_digests
from wb_pipeline_tests.review.factories import decided, desk_at, objection, queue, update


def test_open_page_shows_nothing_of_what_was_erased(tmp_path: Path) -> None:
    """AUD-6, RVW-2: a desk that read the value before gives it up, and says that nothing can be written."""
    home, ledger = queue(tmp_path)
    desk = desk_at(home, ledger)
    (item,) = desk.items()
    assert decided(desk, item, edits={"title": "VP of Secrets"}).is_done
    assert desk.item(item.item_id).fields[0].new_value == '"VP of Secrets"'
    forget(ledger, kept_digests(home, ledger, Wanted(texts=("VP of Secrets",))), by="dana", reason="case 7")
    shown = desk.item(item.item_id)
    assert shown.is_erased
    assert "Secrets" not in repr(shown)


def test_record_that_a_person_picked_is_forgotten_with_what_they_wrote(tmp_path: Path) -> None:
    """AUD-6, IDN-1: the sealed change names no record; the decision does. Another object's record is another one."""
    two = [{"record_id": each, "match_method": "likeness", "match_probability": 0.5} for each in ("con-1", "con-2")]
    told = objection("gate_identity__target_ambiguous", candidates=two)
    home, ledger = queue(tmp_path, update("title", "VP IT", record_id=None, owner_id=None, objections=told))
    desk = desk_at(home, ledger)
    (item,) = desk.items()
    assert decided(desk, item, record_id="con-1", edits={"title": "VP of Secrets"}).is_done
    found = {name: len(kept_digests(home, ledger, Wanted(*name))) for name in _NAMES}
    assert found == {("contact", "con-1"): 1, ("contact", "con-2"): 0, ("company", "con-1"): 0}


_NAMES = (("contact", "con-1"), ("contact", "con-2"), ("company", "con-1"))
