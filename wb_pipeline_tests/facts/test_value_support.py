"""What does each cited item say of each value?"""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.evidence.support.model import SETTING
from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.support_claims import MAX_CITATIONS
from wb_pipeline.facts.value_facts import write_value_facts
from wb_pipeline.facts.value_support import write_value_support
from wb_pipeline_tests.facts.factories import World

QUERY = "select field, evidence_id, verdict from facts.value_support join named_changes using (change_id) order by 1, 2"
_MORE = """
create table policy.stage_signs (policy_hash varchar, sign varchar, stage varchar);
insert into policy.stage_signs values ('p', 'interested', 'discovery'), ('other', 'interested', 'proposal');
create schema facts;
create table facts.match_candidates (manifest_id varchar, proposal_key varchar, record_id varchar,
    candidate_rank bigint);
"""
_PROFILE = {"name": "Ana Ruiz", "url": "https://www.linkedin.com/in/ana", "past": []}
_NORTHWIND = {"company": "Northwind", "company_domain": "northwind.example"}


def _world() -> World:
    world = World()
    world.con.execute(_MORE)
    for name, fields in {
        "contact": {"title": "text", "company_id": "id"},
        "deal": {"stage": "picklist", "close_date": "date", "owner": "id"},
    }.items():
        for field, format_name in fields.items():
            world.format(name, field, format_name)
    world.record("company", "com-1", name="Northwind", domain="northwind.example")
    world.record("contact", "con-1", first_name="Ana", last_name="Ruiz", company_id="com-1", title="Head of IT")
    world.record("deal", "deal-1", company_id="com-1", stage="prospecting")
    return world


def _profile(world: World, evidence_id: str, title: str, **other: Any) -> None:
    world.evidence(
        evidence_id, "linkedin_profile", "", **{**_PROFILE, **other, "current": {"title": title, **_NORTHWIND}}
    )


def _mail(world: World, evidence_id: str, body: str) -> None:
    sender = {"name": "Ana Ruiz", "email": "ana@northwind.example"}
    world.evidence(evidence_id, body=body, direction="inbound", sent_at="2026-02-25T10:00:00Z", **{"from": sender})


def _write(world: World, *quotes: str) -> None:
    """Write the facts, the citations having these quotes in their order."""
    if "quote" not in {name for (name, *_) in world.rows("describe raw.proposal_citations")}:
        world.con.execute("alter table raw.proposal_citations add column quote varchar")
    for ordinal, quote in enumerate(quotes):
        world.con.execute("update raw.proposal_citations set quote = ? where citation_ordinal = ?", [quote, ordinal])
    world.run(write_field_names, write_value_facts, write_value_support)


def _found(world: World) -> list[tuple[Any, ...]]:
    _write(world)
    return world.rows(QUERY)


def test_each_value_is_held_against_each_cited_item() -> None:
    """EVD-7: one row per change and citation; an id is nothing that evidence could support."""
    world = _world()
    _profile(world, "yes", "VP IT")
    _profile(world, "no", "Buyer")
    _profile(world, "namesake", "VP IT", name="Berta Lind")
    cites = ["yes", "no", "namesake", "missing"]
    world.proposal(target_id="con-1", changes=[("title", "VP IT"), ("company_id", "com-1")], cites=cites)
    assert _found(world) == [
        *(("company_id", each, "silent") for each in sorted(cites)),
        ("title", "missing", "silent"),
        ("title", "namesake", "silent"),
        ("title", "no", "contradicts"),
        ("title", "yes", "supports"),
    ]


def test_create_is_held_against_what_it_says_of_itself() -> None:
    """EVD-7: a new person has no record yet; its own name and company tell whose profile it is."""
    world = _world()
    _profile(world, "yes", "VP IT")
    payload = {"first_name": "Ana", "last_name": "Ruiz", "company_id": "com-1", "title": "VP IT"}
    world.proposal("create", payload=payload, cites=["yes"])
    assert ("title", "yes", "supports") in _found(world)


def test_quoted_passage_is_judged_and_not_the_whole_item() -> None:
    """EVD-6, EVD-7: what stands elsewhere in the mail is not what is cited."""
    world = _world()
    _mail(world, "mail", "We sign on 27 March.\n\nThe weather is fine.")
    world.proposal("update", "deal", target_id="deal-1", changes=[("close_date", "2026-03-27")], cites=["mail", "mail"])
    _write(world, "The weather is fine.", "We sign on 27 March")
    assert world.rows("select is_quoted, verdict from facts.value_support order by citation_ordinal") == [
        (True, "silent"),
        (True, "supports"),
    ]


def test_stages_are_those_of_its_own_policy() -> None:
    """EVD-7, law 4: which intent is enough for a stage says the policy of the manifest, no other."""
    world = _world()
    _mail(world, "mail", "We are interested, let us talk.")
    for stage in ("discovery", "proposal"):
        world.proposal("update", "deal", target_id="deal-1", changes=[("stage", stage)], cites=["mail"])
    _write(world)
    assert world.rows("select verdict, intent from facts.value_support order by change_id") == [
        ("supports", "interested"),
        ("silent", "interested"),
    ]


def test_spelling_is_its_own_evidence() -> None:
    """FLD-8: what differs in capitals only needs nobody to say it."""
    world = _world()
    _profile(world, "other", "Buyer")
    world.proposal(target_id="con-1", changes=[("title", "HEAD OF IT")], cites=["other"])
    assert _found(world) == [("title", "other", "supports")]


def test_value_is_judged_as_it_is_written() -> None:
    """EVD-7, FLD-5: a word that the policy maps is judged as the value that it stands for, and as no other."""
    world = _world()
    world.format("company", "industry", "picklist")
    world.picklist("company", "industry", "Software", "Retail")
    world.con.execute("insert into policy.picklist_mappings values ('p', 'company', 'industry', 'saas', 'Software')")
    world.evidence("software", "enrichment", "", subject={}, attributes={"industry": "Software"})
    world.evidence("retail", "enrichment", "", subject={}, attributes={"industry": "Retail"})
    cites = ["retail", "software"]
    world.proposal(object_name="company", target_id="com-1", changes=[("industry", "SaaS")], cites=cites)
    assert _found(world) == [("industry", "retail", "contradicts"), ("industry", "software", "supports")]


def test_domain_is_supported_with_and_without_www() -> None:
    """EVD-7, IDN-4: `www.` names no other company, `shop.` and a longer name do."""
    world = _world()
    world.format("company", "domain", "domain")
    world.evidence("about", "enrichment", "", subject={"company_domain": "initech.example"}, attributes={})
    for domain in ("www.initech.example", "WWW.Initech.example", "wwwinitech.example", "www.initech.example.test"):
        world.proposal("create", "company", payload={"domain": domain}, cites=["about"])
    _write(world)
    verdicts = world.rows("select verdict from facts.value_support order by change_id")
    assert verdicts == [("supports",), ("supports",), ("contradicts",), ("contradicts",)]


def test_item_whose_id_stands_twice_says_nothing() -> None:
    """EVD-2, law 4: nobody knows which of the two was meant."""
    world = _world()
    _profile(world, "twice", "VP IT")
    _profile(world, "twice", "Buyer")
    world.proposal(target_id="con-1", changes=[("title", "VP IT")], cites=["twice"])
    assert _found(world) == [("title", "twice", "silent")]


def test_citations_beyond_the_limit_stay_unread() -> None:
    """CON-7, law 1: 10,000 citations cost no time, and what was not read is no support."""
    world = _world()
    _profile(world, "yes", "VP IT")
    world.proposal(target_id="con-1", changes=[("title", "VP IT")], cites=["yes"] * 200)
    _write(world)
    counts = world.rows("select verdict, count(*) from facts.value_support group by 1 order by 1")
    assert counts == [("supports", MAX_CITATIONS), ("unread", 200 - MAX_CITATIONS)]


def test_order_of_rows_does_not_matter() -> None:
    """Law 4: the same rows in another order give the same facts."""
    world = _world()
    _profile(world, "yes", "VP IT")
    _mail(world, "mail", "I am the Head of Data now.")
    world.proposal(target_id="con-1", changes=[("title", "VP IT")], cites=["yes", "mail"])
    first = _found(world)
    world.shuffled()
    assert _found(world) == first


def disbelieving(*_: Any) -> Support:
    """Be a model that believes nothing."""
    return Support("silent", "I believe nothing")


def test_plugged_in_model_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """EVD-7: a team's own model makes a verdict stricter, and is named in the reason."""
    world = _world()
    _profile(world, "yes", "VP IT")
    world.proposal(target_id="con-1", changes=[("title", "VP IT")], cites=["yes"])
    monkeypatch.setenv(SETTING, f"{__name__}:disbelieving")
    _write(world)
    found = world.rows("select verdict, reason from facts.value_support")
    assert found == [("silent", "the support model: I believe nothing")]
