"""What a label says was done to a record, was done."""

from __future__ import annotations

import pytest

from wb_pipeline.synthetic.companies import make_companies, new_company
from wb_pipeline.synthetic.company_lookalikes import company_group
from wb_pipeline.synthetic.company_records import CompanyRecorder
from wb_pipeline.synthetic.company_variants import COMPANY_VARIANT_WEIGHTS, apply_company_variant
from wb_pipeline.synthetic.contact_lookalikes import contact_group
from wb_pipeline.synthetic.contact_records import ContactRecorder
from wb_pipeline.synthetic.contact_variants import CONTACT_VARIANT_WEIGHTS, apply_contact_variant
from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.persons import new_person
from wb_pipeline.synthetic.phones import phone_text
from wb_pipeline.synthetic.rates import Rates
from wb_pipeline.synthetic.rows import CompanyRow, ContactRow
from wb_pipeline.synthetic.world import World

TRIES = 1_500


@pytest.fixture
def world() -> World:
    """A world with some firms."""
    world = World(Dice("test"), Rates())
    make_companies(world, 60)
    for number, company in enumerate(world.companies):
        company.record_ids.append(f"co_{number}")
    return world


def said(row: ContactRow | CompanyRow) -> list[object]:
    """What a record says, without what is true and what was done."""
    return [getattr(row, name) for name in row.__slots__ if name not in {"entity", "job", "variants"}]


@pytest.mark.parametrize("name", CONTACT_VARIANT_WEIGHTS)
def test_contact_variant_changes_the_record_exactly_when_it_is_written_down(world: World, name: str):
    """The labels of contact records can be trusted."""
    recorder, done = ContactRecorder(world), 0
    for _ in range(TRIES):
        person = new_person(world)
        row = recorder.observed(person, person.job)
        row.variants.clear()
        before = said(row)
        apply_contact_variant(world, row, name)
        assert (said(row) != before) == bool(row.variants)
        done += bool(row.variants)
    assert done > 0


@pytest.mark.parametrize("name", COMPANY_VARIANT_WEIGHTS)
def test_company_variant_changes_the_record_exactly_when_it_is_written_down(world: World, name: str):
    """The labels of company records can be trusted."""
    recorder, done = CompanyRecorder(world), 0
    for _ in range(TRIES):
        row = recorder.observed(new_company(world))
        before = said(row)
        apply_company_variant(world, row, name)
        assert (said(row) != before) == bool(row.variants)
        done += bool(row.variants)
    assert done > 0


def test_job_changer_keeps_the_name_and_changes_firm_and_address(world: World):
    """A job changer is one person with two employers."""
    recorder = ContactRecorder(world)
    for _ in range(100):
        person = new_person(world)
        row = recorder.job_changer(person)
        assert row.job.company is not person.job.company
        assert row.job.email != person.job.email
        assert (row.first_name, row.job) == (person.first, person.earlier)


@pytest.mark.parametrize(
    ("kind", "shared"),
    [
        ("same_name_same_company", lambda p: (p.first, p.last, p.job.company.entity_id)),
        ("same_name_other_company", lambda p: (p.first, p.last)),
        ("rare_name_other_company", lambda p: (p.first, p.last)),
        ("same_name_city_title", lambda p: (p.first, p.last, p.city, p.job.title)),
        ("family", lambda p: p.last),
        ("father_and_son", lambda p: (p.first, p.last)),
        ("siblings_same_initial", lambda p: (p.first[0], p.last)),
        ("shared_role_mailbox", lambda p: (p.shared_email, p.job.company.entity_id)),
        ("shared_switchboard", lambda p: p.shared_phone),
        ("assistant", lambda p: p.shared_phone),
        ("predecessor", lambda p: (p.job.direct, p.job.title)),
        ("recycled_mailbox", lambda p: p.shared_email),
        ("recycled_mobile", lambda p: p.mobile),
        ("similar_names", lambda p: p.job.company.entity_id),
        ("same_first_same_title", lambda p: (p.first, p.job.title, p.job.company.entity_id)),
        ("pattern_collision", lambda p: (p.job.company.entity_id, p.last)),
        ("placeholder_data", lambda p: (p.shared_phone, p.shared_email)),
    ],
)
def test_contact_lookalikes_share_what_their_type_says_and_are_different_people(world: World, kind, shared):
    """Each type is what its name says."""
    for _ in range(40):
        members = contact_group(world, new_person(world), kind)
        assert len({member.entity_id for member in members}) == len(members) > 1
        assert len({shared(member) for member in members}) == 1


@pytest.mark.parametrize("kind", ["same_name_other_company", "rare_name_other_company", "profile_namesakes"])
def test_namesakes_elsewhere_work_elsewhere(world: World, kind: str):
    """A type that says "other company" means it."""
    for _ in range(200):
        base, *others = contact_group(world, new_person(world), kind)
        assert all(other.job.company is not base.job.company for other in others)


def test_profile_namesakes_have_profiles_that_differ(world: World):
    """One has the plain profile, the other the one with a number."""
    first, second = contact_group(world, new_person(world), "profile_namesakes")
    assert second.linkedin.startswith(first.linkedin)
    assert second.linkedin != first.linkedin


@pytest.mark.parametrize(
    ("kind", "shared"),
    [
        ("same_name_other_country", lambda c: c.trade_name),
        ("same_name_other_city", lambda c: (c.trade_name, c.country.code)),
        ("same_name_other_industry", lambda c: c.trade_name),
        ("franchise", lambda c: c.country.code),
        ("shared_accountant_phone", lambda c: c.phone),
        ("placeholder_company_phone", lambda c: c.phone),
        ("registered_agent", lambda c: c.address),
        ("shared_building", lambda c: c.address.postal_code),
        ("same_acronym", lambda c: c.stem),
        ("brand_family", lambda c: c.stem),
        ("holding_operating", lambda c: (c.stem, c.address)),
        ("numbered_companies", lambda c: (c.stem, c.domain, c.phone)),
        ("departments", lambda c: (c.stem, c.domain)),
    ],
)
def test_company_lookalikes_share_what_their_type_says_and_are_different_firms(world: World, kind, shared):
    """Each type is what its name says."""
    for _ in range(40):
        members = company_group(world, new_company(world), kind)
        assert len({member.entity_id for member in members}) == len(members) > 1
        assert len({shared(member) for member in members}) == 1


@pytest.mark.parametrize("kind", ["one_token_differs", "lookalike_domain", "similar_spelling", "numbered_companies"])
def test_company_lookalikes_differ_in_name_or_domain(world: World, kind: str):
    """There is something that tells these apart."""
    for _ in range(40):
        members = company_group(world, new_company(world), kind)
        assert len({(member.trade_name, member.domain) for member in members}) == len(members)


def test_new_firms_have_domains_of_their_own(world: World):
    """Strangers share no domain by accident."""
    domains = [new_company(world).domain for _ in range(2_000)]
    assert len(set(domains)) == len(domains)


def test_new_people_have_addresses_of_their_own(world: World):
    """A firm gives an address once; who shares one is a look-alike on purpose."""
    firm = world.companies[0]
    addresses = [new_person(world, firm).job.email for _ in range(2_000)]
    assert len(set(addresses)) == len(addresses)


def test_phone_text_writes_one_number_in_many_ways(world: World):
    """Formats differ, digits do not."""
    number = world.companies[0].phone
    written = {phone_text(world.dice, number, style) for style in range(11)}
    digits = {"".join(mark for mark in text or "" if mark.isdigit())[-len(number.line) :] for text in written}
    assert len(written) > 6
    assert digits == {number.line}
