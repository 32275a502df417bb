"""From approved changes to writes: what goes together, in which order, under which key. Pure."""

from __future__ import annotations

from itertools import permutations

import pytest

from wb_pipeline.apply.compare import is_same
from wb_pipeline.apply.plan import plan_writes
from wb_pipeline.normalize.fields import FieldRule
from wb_pipeline_tests.apply.factories import approved, change, made, sealed_change


def granted(rows, approvals=()):
    """Return rows as approved changes."""
    return approved([sealed_change(row) for row in rows], approvals)


def test_fields_of_one_proposal_go_together_and_no_others():
    """SYN-2: one write per proposal and record; another proposal about the record is a write of its own."""
    rows = [
        change(1, "title", "A"),
        change(1, "phone", "+1", ordinal=2),
        change(2, "persona", "champion", record_id="con-1"),
    ]
    writes = plan_writes(granted(rows))
    assert [[part.field for part in write.parts] for write in writes] == [["title", "phone"], ["persona"]]


def test_order_respects_what_points_to_what():
    """SYN-2: company, then contact and lead, then deal, then activity, then sequences, merges last."""
    by_kind = [
        [change(1, None, {"survivor": "con-1", "loser": "con-2"}, action="merge")],
        [change(2, None, {"workflow_id": "wf-1"}, action="trigger")],
        made(3, {"activity_type": "note"}, action="log", object="activity"),
        made(4, {"name": "Big"}, object="deal"),
        made(5, {"email": "a@b.example"}, object="lead"),
        made(6, {"name": "Acme"}, object="company"),
    ]
    planned = plan_writes(granted([row for rows in by_kind for row in rows]))
    assert [write.object for write in planned] == ["company", "lead", "deal", "activity", "contact", "contact"]
    assert [write.action for write in planned][-2:] == ["trigger", "merge"]


def test_key_is_the_same_for_ever_and_another_for_anything_else():
    """SYN-2: the key covers changes, approvals and values, and nothing that differs from run to run."""
    [first] = plan_writes(granted([change(1, "title", "A")]))
    [again] = plan_writes(granted([change(1, "title", "A", effective_confidence=50.0)]))
    [edited] = plan_writes(granted([change(1, "title", "B")]))
    [approved_now] = plan_writes(granted([change(1, "title", "A")], (7,)))
    [approved_later] = plan_writes(granted([change(1, "title", "A")], (9,)))
    assert first.key == again.key
    assert len({first.key, edited.key, approved_now.key, approved_later.key}) == 4


def test_order_of_input_does_not_matter():
    """Law 4: whatever the order of approvals, the same writes with the same keys."""
    rows = [change(1, "title", "A"), change(2, "title", "B"), *made(3, {"name": "Acme"}, object="company")]
    changes = granted(rows)
    keys = {frozenset(write.key for write in plan_writes(order)) for order in permutations(changes)}
    assert len(keys) == 1


def test_accepted_suggestion_clears_its_own_field():
    """RVW-6: a suggestion writes its field only; once accepted it writes the real one and empties its own."""
    row = change(1, "title", "VP IT", "Head of IT", lane="suggest", suggestion_field="ai_suggested_title")
    [noted] = plan_writes(granted([row]))
    [accepted] = plan_writes(granted([row], (7,)))
    assert (noted.parts[0].field, noted.parts[0].checked) == ("ai_suggested_title", "title")
    assert (accepted.parts[0].field, accepted.parts[0].clears) == ("title", ("ai_suggested_title", "VP IT"))


def test_create_without_any_field_makes_nothing():
    """FLD-1: an empty record is no record."""
    assert plan_writes(granted([change(1, None, {}, action="create")])) == []


@pytest.mark.parametrize(
    ("left", "right", "form", "expected"),
    [
        ("VP IT", " VP  IT ", "text", True),
        ("Ana@B.example", "ana@b.example", "email", True),
        (1, 1.0, "number", True),
        (1, True, None, False),
        (None, "", "text", True),
        (None, 0, "number", False),
        ("+44 20 7946 0188", "+442079460188", "phone", True),
        (["a", "b"], ["b", "a"], "list", False),
        ({"a": 1}, {"a": 1}, None, True),
        ({"a": 1}, "x", None, False),
    ],
)
def test_values_are_compared_in_normal_form(left, right, form, expected):
    """OVW-1, FLD-8: another spelling is no other value; true is no number, and nothing is no zero."""
    assert is_same(left, right, FieldRule(form)) is expected
    assert is_same(right, left, FieldRule(form)) is expected
