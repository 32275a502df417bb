"""Proposals and the truth about them: in the CRM or not, which records, which traps."""

from __future__ import annotations

from wb_pipeline.synthetic import proposed_companies, proposed_contacts
from wb_pipeline_tests.synthetic.conftest import Crm

NEW = {"new", "new_lookalike", "new_repeat_in_batch"}


def entities(crm: Crm) -> dict[str, str]:
    """The entity of each record."""
    return {
        truth.get("contact_id") or truth["company_id"]: truth["entity_id"] for _, truth in crm.contacts + crm.companies
    }


def test_truth_stands_row_by_row_beside_the_proposals(crm: Crm):
    """Row n of the truth is about proposal n."""
    assert all(said["proposal_id"] == true["proposal_id"] for said, true in crm.proposals)
    assert all(said["kind"] == true["kind"] for said, true in crm.proposals)
    assert len({said["proposal_id"] for said, _ in crm.proposals}) == len(crm.proposals)


def test_true_records_are_exactly_those_of_the_entity(crm: Crm):
    """Whoever is in the CRM is named with every record; whoever is new, with none."""
    records: dict[str, set[str]] = {}
    for record, entity in entities(crm).items():
        records.setdefault(entity, set()).add(record)
    for _, true in crm.proposals:
        assert set(true["true_record_ids"]) == records.get(true["true_entity_id"], set())
        assert true["in_crm"] == bool(true["true_record_ids"]) == (true["case_type"] not in NEW)


def test_traps_are_records_of_other_entities_in_the_same_group(crm: Crm):
    """A trap looks like the true entity and is not it."""
    entity_of = entities(crm)
    groups: dict[str, set[int]] = {}
    for row in crm.groups:
        groups.setdefault(row["entity_id"], set()).add(row["group_id"])
    trapped = 0
    for _, true in crm.proposals:
        for trap in true["trap_record_ids"]:
            assert entity_of[trap] != true["true_entity_id"]
            assert groups[entity_of[trap]] & groups[true["true_entity_id"]]
        trapped += bool(true["trap_record_ids"])
    assert trapped > 0.15 * len(crm.proposals)


def test_new_lookalikes_have_a_trap_and_are_not_in_the_crm(crm: Crm):
    """The hardest case: nobody but a look-alike is in the CRM."""
    found = [true for _, true in crm.proposals if true["case_type"] == "new_lookalike"]
    assert {true["kind"] for true in found} == {"contact", "company"}
    assert all(true["trap_record_ids"] and true["hn_types"] and not true["in_crm"] for true in found)


def test_every_case_occurs(crm: Crm):
    """Each case is there for contacts and companies."""
    cases = {kind: {t["case_type"] for _, t in crm.proposals if t["kind"] == kind} for kind in ("contact", "company")}
    assert cases["contact"] == set(proposed_contacts.CASE_WEIGHTS)
    assert cases["company"] == set(proposed_companies.CASE_WEIGHTS)


def test_named_targets_are_wrong_exactly_when_the_truth_says_so(crm: Crm):
    """IDN: an agent's target may be a trap; the label tells."""
    named = [(said, true) for said, true in crm.proposals if said["ai_target_id"]]
    assert 0.08 < len(named) / len(crm.proposals) < 0.3
    known = entities(crm)
    for said, true in named:
        assert said["ai_target_id"] in known
        assert true["ai_target_wrong"] == (said["ai_target_id"] not in true["true_record_ids"])
    assert any(said["ai_target_id"] in true["trap_record_ids"] for said, true in named)
    assert not any(true["ai_target_wrong"] for said, true in crm.proposals if not said["ai_target_id"])


def test_bare_names_are_ambiguous_exactly_when_several_people_bear_them(crm: Crm):
    """A name alone is a question, if two people answer to it."""
    bearers: dict[tuple[str, str], set[str]] = {}
    names = {}
    for _, truth in crm.contacts:
        name = (truth["t_first"], truth["t_last"])
        bearers.setdefault(name, set()).add(truth["entity_id"])
        names[truth["entity_id"]] = name
    bare = [true for _, true in crm.proposals if true["case_type"] == "name_only" and true["kind"] == "contact"]
    assert {true["ambiguous"] for true in bare} == {True, False}
    assert all(true["ambiguous"] == (len(bearers[names[true["true_entity_id"]]]) > 1) for true in bare)


def test_a_newcomer_comes_twice_in_one_batch(crm: Crm):
    """A batch can repeat itself: the second proposal must not create a second record."""
    twice = [true["true_entity_id"] for _, true in crm.proposals if true["case_type"] == "new_repeat_in_batch"]
    assert any(twice.count(entity) == 2 for entity in twice)


def test_bare_proposals_say_no_more_than_the_name(crm: Crm):
    """Nothing but the name helps to find the record."""
    for said, true in crm.proposals:
        if true["case_type"] == "name_only":
            given = {name for name, value in said.items() if value is not None}
            assert given <= {"proposal_id", "kind", "source", "ai_target_id", "first_name", "last_name", "name"}
