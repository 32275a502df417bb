"""Does cited evidence exist?"""

from __future__ import annotations

from wb_pipeline_tests.facts.factories import World

QUERY = "select evidence_id, is_found, evidence_type, evidence_state from facts.citation_facts order by 1, 2"


def test_citation_is_found_when_the_store_has_it() -> None:
    """EVD-2: type and state come from the store, not from the proposal."""
    world = World()
    world.evidence("ev-1", "order_form", "signed")
    world.proposal(cites=["ev-1", "ev-2", " ev-1", "EV-1", ""])
    assert len(world.look_up_citations()) == 5
    assert world.rows(QUERY) == [
        ("", False, None, None),
        (" ev-1", False, None, None),
        ("EV-1", False, None, None),
        ("ev-1", True, "order_form", "signed"),
        ("ev-2", False, None, None),
    ]


def test_citation_without_an_id_is_not_found() -> None:
    """EVD-2: a NULL id meets no item, also not one without an id."""
    world = World()
    world.con.execute("insert into raw.evidence_items values ('e', null, 'email', '', null, '{}', false)")
    world.proposal(cites=["x"])
    world.con.execute("update raw.proposal_citations set evidence_id = null")
    world.look_up_citations()
    assert world.rows(QUERY) == [(None, False, None, None)]


def test_citation_meets_the_store_of_its_own_manifest_only() -> None:
    """EVD-2, OPS-2: another day's evidence does not count."""
    world = World()
    world.con.execute("insert into raw.evidence_items values ('other', 'ev-1', 'email', '', null, '{}', false)")
    world.proposal(cites=["ev-1"])
    world.look_up_citations()
    assert world.rows(QUERY) == [("ev-1", False, None, None)]


def test_citation_is_not_found_when_its_id_stands_on_items_that_differ() -> None:
    """EVD-2, EVD-4, law 4: signed and voided under one id prove nothing, whichever comes first in the file."""
    world = World()
    world.evidence("ev-1", "order_form", "signed", note="b")
    world.evidence("ev-1", "order_form", "voided", note="a")
    world.evidence("ev-2", "order_form", "signed")
    world.proposal(cites=["ev-1", "ev-2"])
    world.look_up_citations()
    first = world.rows(QUERY)
    world.shuffled()
    world.look_up_citations()
    assert world.rows(QUERY) == first == [("ev-1", False, None, None), ("ev-2", True, "order_form", "signed")]
