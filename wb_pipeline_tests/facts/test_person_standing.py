"""Who must not be written to, and what a proposal has to do with them."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline.canonical import canonical_json
from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.match_candidates import write_match_candidates
from wb_pipeline.facts.opt_outs import write_opt_outs
from wb_pipeline.facts.person_standing import write_person_standing
from wb_pipeline.facts.prepared_records import write_prepared_records
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline_tests.facts.factories import World, no_likeness


def standing(world: World, key: str) -> tuple[bool, bool, bool, bool]:
    """Return (is_opted_out, is_opt_out_pending, is_like_opted_out, is_opt_out_split) of a proposal."""
    world.run(
        write_field_names,
        write_prepared_records,
        write_proposal_keys,
        no_likeness,
        write_match_candidates,
        write_opt_outs,
        write_person_standing,
    )
    query = "select is_opted_out, is_opt_out_pending, is_like_opted_out, is_opt_out_split from facts.person_standing"
    (found,) = world.con.execute(f"{query} where proposal_key = ?", [key]).fetchall()
    return found


OUT, PENDING, LIKE, NOTHING = (
    (True, False, False, False),
    (False, True, False, False),
    (False, False, True, False),
    (False, False, False, False),
)


@pytest.mark.parametrize(
    "fields",
    [
        {"do_not_contact": True},
        {"email_opt_out": "yes"},
        {"hs_email_optout": "true"},
        {"Subscription status": "unsubscribed"},
        {"lawful_basis": "consent withdrawn"},
    ],
)
def test_opt_out_of_a_record_is_seen(fields: dict[str, Any]) -> None:
    """HIA-2: in whatever field the CRM keeps it."""
    world = World()
    world.record("contact", "con-1", email="ana@northwind.example", **fields)
    world.record("contact", "con-2", email="ben@northwind.example", do_not_contact=False, email_opt_out="")
    assert standing(world, world.proposal(target_id="con-1")) == OUT
    assert standing(world, world.proposal(target_id="con-2")) == NOTHING


@pytest.mark.parametrize(
    "address",
    ["ana@northwind.example", "Ana+news@Northwind.example", "a.na.x@googlemail.com", "old@home.example"],
)
def test_person_who_opted_out_is_known_by_any_address(address: str) -> None:
    """HIA-2: by plus-tags, dots at Google, a second address; also where the record is archived or merged away."""
    world = World()
    world.record("contact", "con-1", archived=True, email="ana@northwind.example", do_not_contact=True)
    world.record("lead", "lead-1", email="anax@gmail.com", email_opt_out=True)
    world.record("contact", "con-2", merged_into="con-3", second_email=["old@home.example"], email_opt_out=True)
    world.record("contact", "con-3", email="new@home.example")
    assert standing(world, world.proposal("create", payload={"email": address})) == OUT
    assert standing(world, world.proposal(target_id="con-3")) == OUT


def test_suppressed_address_and_domain_are_seen() -> None:
    """HIA-2, TRG-1: the suppression list holds for every record with the mailbox, or at the domain."""
    world = World()
    world.record("suppression", "sup-1", email="Umar@Northwind.example")
    world.record("suppression", "sup-2", email="@never.example")
    world.record("suppression", "sup-3", email="lifted@northwind.example", archived=True)
    world.record("contact", "con-1", email="umar+x@northwind.example")
    for address, wanted in (
        ("umar@northwind.example", OUT),
        ("a@never.example", OUT),
        ("lifted@northwind.example", NOTHING),
    ):
        assert standing(world, world.proposal("create", payload={"email": address})) == wanted
    assert standing(world, world.proposal("trigger", target_id="con-1")) == OUT


def test_name_at_the_same_firm_is_like_who_opted_out() -> None:
    """HIA-2: another address of the same firm does not make another person; free mail says nothing."""
    world = World()
    world.mail_domains("personal", "gmail.com")
    world.record(
        "contact", "con-1", first_name="Ana", last_name="Ruiz", email="ana@northwind.example", do_not_contact=1
    )
    world.record("contact", "con-2", first_name="Ben", last_name="Ode", email="ben.ode@gmail.com", do_not_contact=1)
    world.record("suppression", "sup-1", email="umar.siddiqui@northwind.example")

    def create(first: str, last: str, email: str) -> tuple[bool, ...]:
        return standing(
            world, world.proposal("create", payload={"first_name": first, "last_name": last, "email": email})
        )

    assert create("Ana", "Ruiz", "a.ruiz@northwind.example") == LIKE
    assert create("Umar", "Siddiqui", "usiddiqui@northwind.example") == LIKE
    assert create("Ana", "Ruiz", "ana@halcyon.example") == NOTHING
    assert create("Ben", "Ode", "bode@gmail.com") == NOTHING


def test_opt_out_that_is_only_proposed_holds_for_others() -> None:
    """HIA-2: from this batch or an open earlier one, whatever becomes of it; not against its own proposal."""
    world = World()
    world.record("contact", "con-1", email="ana@northwind.example")
    world.record("contact", "con-2", email="ben@northwind.example")
    world.record("lead", "lead-1", email="ana+x@northwind.example")
    asked = world.proposal(target_id="con-1", changes=[("Do_Not_Contact", True)])
    started = world.proposal("trigger", target_id="con-1")
    assert standing(world, asked) == NOTHING
    assert standing(world, started) == PENDING
    assert standing(world, world.proposal("trigger", "lead", target_id="lead-1")) == PENDING
    about = {"effective_action": "update", "object": "contact", "record_id": "con-2", "proposal_key": "x"}
    world.decided(**about, field="email_opt_out", new_value="true", lane="review")
    assert standing(world, world.proposal("trigger", target_id="con-2")) == PENDING


def test_queued_create_with_an_opt_out_holds_for_its_mailbox() -> None:
    """HIA-2: a person whose record is still queued is left alone as well."""
    world = World()
    about = {"effective_action": "create", "object": "lead", "proposal_key": "x", "lane": "review"}
    world.decided(**about, field="email", new_value=canonical_json("Noa@fjord.example"))
    world.decided(**about, field="do_not_contact", new_value="true")
    assert standing(world, world.proposal("create", payload={"email": "noa+1@fjord.example"})) == PENDING


def test_merge_of_one_who_opted_out_is_seen() -> None:
    """HIA-2: a merge could lose the opt-out of either; where both have one, nothing is lost."""
    world = World()
    for number, out in ((1, True), (2, False), (3, True)):
        world.record("contact", f"con-{number}", email=f"p{number}@northwind.example", do_not_contact=out)

    def merge(survivor: str, loser: str) -> bool:
        payload = {"survivor": survivor, "loser": loser}
        return standing(world, world.proposal("merge", target_id=survivor, payload=payload))[3]

    assert [merge("con-1", "con-2"), merge("con-2", "con-1"), merge("con-1", "con-3")] == [True, True, False]


def test_primary_contact_stands_for_a_deal() -> None:
    """TRG-1: a workflow on a deal writes to its primary contact."""
    world = World()
    world.record("contact", "con-1", email="ana@northwind.example", do_not_contact=True)
    world.record("deal", "deal-1", primary_contact_id="con-1")
    assert standing(world, world.proposal("trigger", "deal", target_id="deal-1")) == OUT
