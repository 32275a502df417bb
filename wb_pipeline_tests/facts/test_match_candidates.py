"""Which records a proposal may mean, by exact keys."""

from __future__ import annotations

from typing import Any

import pytest

from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.identity_statements import write_identity_statements
from wb_pipeline.facts.match_candidates import write_match_candidates
from wb_pipeline.facts.prepared_records import CANDIDATES_PER_KEY, MERGE_TRAIL_DEPTH, write_prepared_records
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline_tests.facts.factories import World, likeness_by_shipped_models

WRITERS = (
    write_field_names,
    write_prepared_records,
    write_proposal_keys,
    write_identity_statements,
    likeness_by_shipped_models,
    write_match_candidates,
)


def candidates(world: World, key: str) -> list[tuple[Any, ...]]:
    """Return (record_id, method, is_key_shared, probability) by rank."""
    world.run(*WRITERS)
    return found(world, key)


def found(world: World, key: str) -> list[tuple[Any, ...]]:
    """Return the same of facts that stand."""
    return world.con.execute(
        "select record_id, match_method, is_key_shared, match_probability from facts.match_candidates "
        "where proposal_key = ? order by candidate_rank",
        [key],
    ).fetchall()


@pytest.fixture
def world() -> World:
    """A world with a few records and rules."""
    return small_world()


def small_world() -> World:
    """Return a world with a few records and rules."""
    made = World()
    made.record("contact", "con-1", email="Ana@Acme.com", external_id=" X1 ")
    made.record("contact", "con-2", email="bo@acme.com")
    made.record("company", "com-1", domain="www.acme.com", additional_domains=["acme.de", 7, None])
    made.record("lead", "lead-1", email="ana@acme.com")
    return made


def test_given_id_finds_the_record_of_its_object(world: World) -> None:
    """IDN-9: a known target id is the record itself."""
    assert candidates(world, world.proposal(target_id="con-1")) == [("con-1", "given_id", False, 1.0)]


_UNKNOWN_IDS = ("con-99", "com-1", "", "CON-1", None)
_MATCHES: list[tuple[str, Any, list[tuple[Any, ...]]]] = [
    ("contact", {"email": " ANA@acme.com "}, [("con-1", "exact_email", False, 1.0)]),
    ("contact", {"Email": "ana@acme.com"}, [("con-1", "exact_email", False, 1.0)]),
    ("contact", {"external_id": "X1"}, [("con-1", "exact_external_id", False, 1.0)]),
    ("contact", {"external_id": "x1"}, []),
    ("company", {"domain": "https://acme.com/about"}, [("com-1", "exact_domain", False, 1.0)]),
    ("company", {"domain": "acme.de"}, [("com-1", "exact_domain", False, 1.0)]),
    ("company", {"domain": "acme.co"}, []),
    ("company", {"email": "ana@acme.com"}, []),
    ("contact", {"domain": "acme.com"}, []),
    ("contact", {"email": ["ana@acme.com"]}, []),
    ("contact", {"email": ""}, []),
    ("contact", {"name": "Ana"}, []),
    ("contact", "ana@acme.com", []),
    ("lead", {"email": "ana@acme.com"}, [("lead-1", "exact_email", False, 1.0)]),
]


@pytest.fixture(scope="module")
def by_key() -> tuple[World, list[str], list[str]]:
    """A world in which `_UNKNOWN_IDS` and `_MATCHES` were looked for, a proposal each, and the keys of these."""
    world = small_world()
    ids = [world.proposal(target_id=target_id) for target_id in _UNKNOWN_IDS]
    matches = [world.proposal(object_name=object_name, match=match) for object_name, match, _ in _MATCHES]
    world.run(*WRITERS)
    return world, ids, matches


@pytest.mark.parametrize("number", range(len(_UNKNOWN_IDS)))
def test_given_id_finds_nothing_when_unknown_or_of_another_object(
    by_key: tuple[World, list[str], list[str]], number: int
) -> None:
    """IDN-9: an unknown id, or one of another object, is not found."""
    assert found(by_key[0], by_key[1][number]) == [], _UNKNOWN_IDS[number]


@pytest.mark.parametrize("number", range(len(_MATCHES)))
def test_match_finds_the_record_that_carries_the_key(by_key: tuple[World, list[str], list[str]], number: int) -> None:
    """IDN-1: email identifies a contact or lead, domain a company, external id any record; nothing else does."""
    object_name, match, expected = _MATCHES[number]
    assert found(by_key[0], by_key[2][number]) == expected, (object_name, match)


def test_create_finds_the_record_that_is_there_already(world: World) -> None:
    """IDN-1, IDN-3: a create is matched by its payload, under whatever name the field is written (CON-5)."""
    key = world.proposal("create", payload={" EMAIL ": "ana@ACME.com", "first_name": "Ana"})
    assert candidates(world, key) == [("con-1", "exact_email", False, 1.0)]


def test_update_of_a_key_field_does_not_make_a_candidate(world: World) -> None:
    """IDN-1: the new value of an update says nothing about who is meant."""
    key = world.proposal(target_id="con-2", changes=[("email", "ana@acme.com")])
    assert [row[0] for row in candidates(world, key)] == ["con-2"]


def test_both_keys_of_one_kind_count_when_a_payload_names_two(world: World) -> None:
    """IDN-1: a second spelling of a field cannot hide the first."""
    key = world.proposal("create", payload={"email": "ana@acme.com", "Email": "bo@acme.com"})
    assert {row[0] for row in candidates(world, key)} == {"con-1", "con-2"}


def test_key_is_shared_when_two_live_records_carry_it(world: World) -> None:
    """IDN-1: a switchboard or franchise domain identifies no one company."""
    world.record("company", "com-2", domain="acme.com")
    assert candidates(world, world.proposal(object_name="company", match={"domain": "acme.com"})) == [
        ("com-1", "exact_domain", True, 0.5),
        ("com-2", "exact_domain", True, 0.5),
    ]


def test_key_is_shared_when_the_address_is_a_role_mailbox(world: World) -> None:
    """IDN-1: info@ identifies nobody, also where one record carries it."""
    world.record("contact", "con-3", email="info@acme.com")
    assert candidates(world, world.proposal(match={"email": "info@acme.com"})) == [("con-3", "exact_email", True, 0.5)]


def test_archived_carrier_does_not_make_a_key_shared(world: World) -> None:
    """IDN-1: of two carriers the live one is meant."""
    world.record("contact", "con-0", email="ana@acme.com", archived=True)
    assert candidates(world, world.proposal(match={"email": "ana@acme.com"})) == [("con-1", "exact_email", False, 1.0)]


def test_archived_carrier_is_an_unsure_candidate_when_no_live_record_has_the_key(world: World) -> None:
    """IDN-1, IDN-9: a recycled address may be somebody else's by now."""
    world.record("contact", "con-0", email="old@acme.com", archived=True)
    assert candidates(world, world.proposal(match={"email": "old@acme.com"})) == [("con-0", "exact_email", False, 0.5)]


def test_merged_target_leads_along_the_trail_to_the_survivor(world: World) -> None:
    """IDN-9: the merge trail is followed to its live end, and the named record stays in view."""
    world.record("contact", "old-1", merged_into="old-2", email="gone@acme.com")
    world.record("contact", "old-2", merged_into="con-1", archived=True)
    assert candidates(world, world.proposal(target_id="old-1")) == [
        ("old-1", "given_id", False, 1.0),
        ("con-1", "merge_trail", False, 0.9),
    ]
    assert candidates(world, world.proposal(match={"email": "gone@acme.com"})) == [("con-1", "merge_trail", False, 0.9)]


@pytest.mark.parametrize("end", ["ring", "archived", "missing", "itself"])
def test_merge_trail_leads_nowhere_when_it_has_no_live_end(world: World, end: str) -> None:
    """IDN-9: rings and dead ends re-point nothing."""
    target = {"ring": "b", "archived": "c", "missing": "nowhere", "itself": "a"}[end]
    world.record("contact", "a", merged_into=target)
    world.record("contact", "b", merged_into="a")
    world.record("contact", "c", archived=True)
    assert candidates(world, world.proposal(target_id="a")) == [("a", "given_id", False, 1.0)]


@pytest.mark.parametrize(("length", "is_followed"), [(MERGE_TRAIL_DEPTH, True), (MERGE_TRAIL_DEPTH + 1, False)])
def test_merge_trail_is_followed_to_a_limited_depth(world: World, length: int, is_followed: bool) -> None:
    """IDN-9, CON-7: an endless trail does not slow the run."""
    for step in range(length):
        world.record("contact", f"t-{step}", merged_into=f"t-{step + 1}" if step < length - 1 else "con-2")
    found = candidates(world, world.proposal(target_id="t-0"))
    assert (("con-2", "merge_trail", False, 0.9) in found) is is_followed


def test_candidates_of_one_key_are_bounded_but_all_counted(world: World) -> None:
    """CON-7, IDN-1: a key on thousands of records names a few of them and says how many there are."""
    for number in range(50):
        world.record("company", f"com-x{number:02}", domain="franchise.com")
    key = world.proposal(object_name="company", match={"domain": "franchise.com"})
    found = candidates(world, key)
    assert len(found) == CANDIDATES_PER_KEY
    assert {row[3] for row in found} == {1 / 50}
    assert "50 records" in world.rows("select match_reason from facts.match_candidates where candidate_rank = 1")[0][0]


def test_best_method_is_kept_when_a_record_is_found_twice(world: World) -> None:
    """IDN-1: one row per (proposal, record); the id says more than the address."""
    key = world.proposal(target_id="con-1", match={"email": "ana@acme.com"})
    assert candidates(world, key) == [("con-1", "given_id", False, 1.0)]


def test_disagreeing_id_and_match_give_both_records(world: World) -> None:
    """IDN-1: a contradiction stays visible as two candidates."""
    key = world.proposal(target_id="con-1", match={"email": "bo@acme.com"})
    assert sorted(row[0] for row in candidates(world, key)) == ["con-1", "con-2"]


def test_id_does_not_identify_when_a_key_beside_it_is_nobodys(world: World) -> None:
    """IDN-1: an id and an address that its record does not carry contradict each other."""
    key = world.proposal(target_id="con-1", match={"email": "nobody@else.example"})
    query = f"select record_id, is_key_shared from facts.match_candidates where proposal_key = '{key}'"
    candidates(world, key)
    assert world.rows(query) == [("con-1", True)]


def test_create_takes_no_candidate_from_a_target_beside_its_payload(world: World) -> None:
    """IDN-1, EVD-1: a create is known by its payload; a target would lend it another person's key."""
    key = world.proposal(
        action="create", target_id="con-1", match={"email": "bo@acme.com"}, payload={"email": "new@acme.com"}
    )
    assert candidates(world, key) == []


def test_candidates_come_from_the_manifests_own_snapshot(world: World) -> None:
    """OPS-2, law 4: a record of another day's snapshot is not seen."""
    world.record("contact", "con-later", email="later@acme.com", snapshot="another")
    assert candidates(world, world.proposal(target_id="con-later")) == []
    assert candidates(world, world.proposal(match={"email": "later@acme.com"})) == []


def test_candidates_are_the_same_when_rows_come_in_another_order_or_again(world: World) -> None:
    """Law 4: row order never matters, and a rerun gives the same table."""
    for number in range(20):
        world.record("contact", f"dup-{number}", email=f"dup{number % 3}@acme.com", archived=number % 5 == 0)
        world.proposal(match={"email": f"dup{number % 3}@acme.com"})
    query = "select * from facts.match_candidates order by all"
    world.run(*WRITERS)
    first = world.rows(query)
    world.shuffled()
    world.run(*WRITERS)
    assert first
    assert world.rows(query) == first


@pytest.mark.parametrize("hostile", ["'; drop table raw.crm_records; --", "\x00", "{" * 300, "%s", "con-1' or 'a'='a"])
def test_hostile_ids_and_keys_are_only_data(world: World, hostile: str) -> None:
    """CON-7, law 7: text from outside never becomes SQL."""
    key = world.proposal(target_id=hostile, match={"email": hostile, "external_id": hostile, hostile: hostile})
    assert candidates(world, key) == []
    assert len(world.rows("from raw.crm_records")) == 4


def test_unreadable_lines_have_no_candidates(world: World) -> None:
    """CON-2: a quarantined line is not matched."""
    assert candidates(world, world.proposal(target_id="con-1", is_readable=False)) == []


def test_create_under_anothers_name_does_not_hit_by_its_address(world: World) -> None:
    """IDN-1: an address that was given to somebody else since identifies nobody."""
    world.record("contact", "con-5", first_name="Robert", last_name="Castellanos", email="r.c@acme.com")
    key = world.proposal("create", payload={"first_name": "Agnieszka", "last_name": "Wojcik", "email": "r.c@acme.com"})
    assert candidates(world, key) == [("con-5", "exact_email", True, 0.5)]


def test_create_whose_likeness_is_lost_does_not_hit_by_its_address(world: World) -> None:
    """Law 1, IDN-1: a key of a create that nobody compared does not identify."""
    key = world.proposal("create", payload={"email": "ana@acme.com"})
    assert candidates(world, key) == [("con-1", "exact_email", False, 1.0)]
    world.con.execute("delete from facts.likely_records")
    world.run(write_match_candidates)
    assert world.rows("select is_key_shared from facts.match_candidates") == [(True,)]


def test_lead_is_a_candidate_for_a_contact_that_only_a_person_may_take(world: World) -> None:
    """IDN-2: leads are matched with contacts; none is judged as an update of the other."""
    world.record("lead", "lead-9", first_name="Mirela", last_name="Dragomir", email="m@x.org", phone="+14155550188")
    key = world.proposal("create", payload={"first_name": "Mirela", "last_name": "Dragomir", "phone": "+14155550188"})
    assert [row[:3] for row in candidates(world, key)] == [("lead-9", "likeness", True)]
