"""The truth about the records: it has to be right, since models learn from it and are measured by it."""

from __future__ import annotations

from collections import Counter, defaultdict

from wb_pipeline.synthetic.company_lookalikes import COMPANY_LOOKALIKE_WEIGHTS
from wb_pipeline.synthetic.company_variants import COMPANY_VARIANT_WEIGHTS
from wb_pipeline.synthetic.contact_lookalikes import CONTACT_LOOKALIKE_WEIGHTS
from wb_pipeline.synthetic.contact_variants import CONTACT_VARIANT_WEIGHTS
from wb_pipeline_tests.synthetic.conftest import Crm


def test_truth_stands_row_by_row_beside_the_records(crm: Crm):
    """Row n of the truth is about record n, and no id comes twice."""
    for rows, key in ((crm.contacts, "contact_id"), (crm.companies, "company_id")):
        assert all(record[key] == truth[key] for record, truth in rows)
        assert len({record[key] for record, _ in rows}) == len(rows)


def test_every_entity_has_one_first_record_and_its_repeats_are_damaged(crm: Crm):
    """Two records of one entity share its id; what was done to a repeat is written down."""
    for rows in (crm.contacts, crm.companies):
        firsts = Counter(truth["entity_id"] for _, truth in rows if truth["is_primary"])
        assert set(firsts.values()) == {1}
        repeats = [truth for _, truth in rows if not truth["is_primary"]]
        assert {truth["entity_id"] for truth in repeats} <= set(firsts)
        assert all(truth["variants"] for truth in repeats)


def test_repeats_of_an_entity_differ_from_each_other_hardly_ever_not(crm: Crm):
    """A repeat is another record and not a copy."""
    contents = Counter(
        (
            truth["entity_id"],
            *(value for name, value in record.items() if name not in {"contact_id", "created_at", "updated_at"}),
        )
        for record, truth in crm.contacts
    )
    assert sum(count - 1 for count in contents.values()) < 0.002 * len(crm.contacts)


def test_lookalikes_are_different_entities(crm: Crm):
    """No group holds an entity twice, each has at least two, and its type stands at each record of its members."""
    members = defaultdict(list)
    for row in crm.groups:
        members[row["group_id"], row["hn_type"]].append(row["entity_id"])
    assert all(len(entities) == len(set(entities)) > 1 for entities in members.values())
    types = {truth["entity_id"]: set(truth["hn_types"]) for _, truth in crm.contacts + crm.companies}
    for (_, kind), entities in members.items():
        assert all(kind in types[entity] for entity in entities if entity in types)


def test_every_kind_of_damage_and_lookalike_occurs(crm: Crm):
    """Issue 3, item 9: whatever the generator can do, it does at 20,000 contacts."""
    contact_variants = {name for _, truth in crm.contacts for name in truth["variants"]}
    assert contact_variants == {*CONTACT_VARIANT_WEIGHTS, "p_job_change"}
    assert {name for _, truth in crm.companies for name in truth["variants"]} == set(COMPANY_VARIANT_WEIGHTS)
    assert {row["hn_type"] for row in crm.groups} == {*CONTACT_LOOKALIKE_WEIGHTS, *COMPANY_LOOKALIKE_WEIGHTS}


def test_rates_are_about_what_was_asked(crm: Crm):
    """Shares of repeats and look-alikes are those of the rates."""
    rates = crm.made.rates
    for rows, repeats, lookalikes in (
        (crm.contacts, rates.contact_duplicates, rates.contact_lookalikes),
        (crm.companies, rates.company_duplicates, rates.company_lookalikes),
    ):
        assert abs(sum(not truth["is_primary"] for _, truth in rows) / len(rows) - repeats) < 0.03
        assert abs(sum(bool(truth["hn_types"]) for _, truth in rows) / len(rows) - lookalikes) < 0.05


def test_clusters_have_one_to_five_records(crm: Crm):
    """Large clusters exist and are rarer than small ones."""
    sizes = Counter(Counter(truth["entity_id"] for _, truth in crm.contacts).values())
    assert set(sizes) == {1, 2, 3, 4, 5}
    assert sizes[1] > sizes[2] > sizes[3] > sizes[4] > sizes[5]


def test_contacts_point_to_records_of_the_firm_they_work_for(crm: Crm):
    """A link to a company record is never to another firm."""
    entity_of = {record["company_id"]: truth["entity_id"] for record, truth in crm.companies}
    linked = [(record, truth) for record, truth in crm.contacts if record["company_id"]]
    assert 0.3 < len(linked) / len(crm.contacts) < 0.9
    assert all(entity_of[record["company_id"]] == truth["t_company_entity"] for record, truth in linked)


def test_firms_are_of_all_sizes(crm: Crm):
    """Many firms with one contact, most contacts in middling firms, none with everybody."""
    people = Counter(company for company, _ in {(t["t_company_entity"], t["entity_id"]) for _, t in crm.contacts})
    assert sum(count == 1 for count in people.values()) > 0.2 * len(people)
    assert max(people.values()) > 50
    assert max(people.values()) < 0.05 * len(crm.contacts)


def test_namesakes_are_as_frequent_as_in_life(crm: Crm):
    """Some full names are borne by several people, most by one."""
    names = Counter(
        name
        for *name, _ in {(t["t_first"], t["t_last"], t["entity_id"]) for _, t in crm.contacts}
        for name in [tuple(name)]
    )
    shared = sum(count for count in names.values() if count > 1) / sum(names.values())
    assert 0.03 < shared < 0.35


def test_times_are_in_order(crm: Crm):
    """No record was changed before it was made."""
    assert all(record["created_at"] <= record["updated_at"] for record, _ in crm.contacts + crm.companies)
