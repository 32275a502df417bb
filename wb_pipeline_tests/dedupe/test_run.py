"""A whole dedupe run over a small CRM: links, ids and their trail, equal files for equal input."""

from __future__ import annotations

import shutil

import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.dedupe.judgements import SeenPair, SeenRecord, judge_pair
from wb_pipeline.dedupe.loading import load_dedupe
from wb_pipeline.dedupe.sealed_runs import latest_run, sealed_runs
from wb_pipeline.errors import AuditError
from wb_pipeline_tests.dedupe.world import World, record

THREE = [record("con-1", 1), record("con-2", 2), record("con-3", 3)]


def test_pairs_from_the_policys_probability_on_are_linked(world: World) -> None:
    """IDN-10: a likely pair is one entity, an unlikely one two; every live record has an entity."""
    world.run(THREE, [("con-1", "con-2", 0.97), ("con-2", "con-3", 0.3)])
    assert world.entities() == {
        "con-1": "contact-entity-1", "con-2": "contact-entity-1", "con-3": "contact-entity-2"
    }  # fmt: skip
    assert world.rows("select left_id, right_id, match_probability from books.dedupe_pairs") == [
        ("con-1", "con-2", 0.97)
    ]


def test_conflict_keeps_records_apart_through_a_third_one(world: World) -> None:
    """IDN-10: a conflict counts also where the pair's own score is low."""
    world.run(THREE, [("con-1", "con-2", 0.99), ("con-2", "con-3", 0.95)], [("con-1", "con-3", 0.1)])
    assert world.groups() == [["con-1", "con-2"]]
    world.run(THREE, [], [("con-1", "con-2", 0.99)])
    assert world.groups() == []


def test_archived_and_merged_records_are_no_duplicates(world: World) -> None:
    """IDN-10: only live records are deduplicated."""
    gone = [record("con-2", 2, archived=True), record("con-3", 3, merged_into="con-1")]
    world.run([record("con-1"), *gone], [("con-1", "con-2", 0.99), ("con-1", "con-3", 0.99)])
    assert world.entities() == {"con-1": "contact-entity-1"}


def test_leads_are_compared_with_contacts(world: World) -> None:
    """IDN-10: a lead and a contact may be one person; a company is never one."""
    records = [record("con-1", 1), record("lead-1", 2, "lead"), record("com-1", 3, "company")]
    world.run(records, [("con-1", "lead-1", 0.99)])
    assert world.entities() == {
        "con-1": "contact-entity-1", "lead-1": "contact-entity-1", "com-1": "company-entity-1"
    }  # fmt: skip


def test_ids_stay_and_every_change_is_on_the_trail(world: World) -> None:
    """IDN-11: growth, merge and end over four runs; the trail of all runs is on the books."""
    world.run(THREE, [("con-1", "con-2", 0.97)])
    four = [*THREE, record("con-0", 0)]
    world.run(four, [("con-1", "con-2", 0.97), ("con-0", "con-1", 0.97)])
    assert {world.entities()[name] for name in ("con-0", "con-1", "con-2")} == {"contact-entity-1"}
    world.run(four, [("con-1", "con-2", 0.97), ("con-0", "con-1", 0.97), ("con-0", "con-3", 0.97)])
    assert set(world.entities().values()) == {"contact-entity-1"}
    world.run(four[:2], [])
    assert world.entities() == {"con-1": "contact-entity-1", "con-2": "contact-entity-3"}
    trail = world.rows(
        "select run_id, event, entity_id, other_entity_id from books.dedupe_id_trail"
        " inner join books.dedupe_runs using (dedupe_sequence) order by dedupe_sequence, entity_id, event"
    )
    assert trail == [
        ("run-1", "born", "contact-entity-1", None),
        ("run-1", "born", "contact-entity-2", None),
        ("run-2", "grew", "contact-entity-1", None),
        ("run-3", "grew", "contact-entity-1", None),
        ("run-3", "merged_into", "contact-entity-2", "contact-entity-1"),
        ("run-4", "shrank", "contact-entity-1", None),
        ("run-4", "split_from", "contact-entity-3", "contact-entity-1"),
    ]


def test_equal_input_gives_equal_files(world: World) -> None:
    """IDN-11, OPS-4: a second run over the same picture changes nothing but the day; the same files are cited."""
    first, second = world, world
    first.run(THREE, [("con-1", "con-2", 0.97)])
    second.run(list(reversed(THREE)), [("con-1", "con-2", 0.97)])
    one, other = sealed_runs(world.ledger)
    assert one.seal.entity_ids == other.seal.entity_ids
    assert one.seal.pairs == other.seal.pairs
    assert other.seal.id_trail.rows == 0


def judge(world: World, left: str, right: str, *, is_same: bool) -> None:
    """Let a person judge two records as they stand in the warehouse."""
    from wb_pipeline.dedupe.compared_fields import compared_text  # noqa: PLC0415 - used here alone

    query = f"select record_id, {compared_text('contact', 'fields')} from raw.crm_records"
    seen = {record_id: SeenRecord(record_id, compared) for record_id, compared in world.rows(query)}
    pair = SeenPair("contact", seen[left], seen[right])
    judge_pair(world.ledger, pair, is_same=is_same, by="Kim", reason="I called both")


def test_pair_judged_different_stays_away(world: World) -> None:
    """HYG-3: neither linked nor shown, whatever the score; also not through a third record."""
    world.run(THREE, [("con-1", "con-2", 0.99)])
    judge(world, "con-2", "con-1", is_same=False)
    world.run(THREE, [("con-1", "con-2", 0.99), ("con-2", "con-3", 0.99), ("con-1", "con-3", 0.95)])
    assert world.groups() == [["con-2", "con-3"]]
    pairs = world.rows("select left_id, right_id from books.dedupe_pairs order by all")
    assert pairs == [("con-1", "con-3"), ("con-2", "con-3")]


@pytest.mark.parametrize(
    ("changed", "comes_back"),
    [
        ({"first_name": "Ana", "last_name": "Ruiz", "persona": "executive"}, False),
        ({"first_name": "ANA ", "last_name": "Ruíz"}, False),
        ({"first_name": "Ana", "last_name": "Ruiz-Lopez"}, True),
        ({"first_name": "Ana", "last_name": "Ruiz", "phone": "+14155550132"}, True),
    ],
)
def test_judged_pair_comes_back_when_a_compared_field_changed(
    world: World, changed: dict[str, str], comes_back: bool
) -> None:
    """HYG-3: another field, or another spelling of the same value, does not bring it back."""
    world.run(THREE, [("con-1", "con-2", 0.99)])
    judge(world, "con-1", "con-2", is_same=False)
    world.run([record("con-1", 1, fields=changed), *THREE[1:]], [("con-1", "con-2", 0.99)])
    assert world.groups() == ([["con-1", "con-2"]] if comes_back else [])


def test_pair_judged_same_is_linked_until_somebody_says_otherwise(world: World) -> None:
    """HYG-3: a person outvotes score and conflict; the latest judgement holds; both are labels for training."""
    world.run(THREE)
    judge(world, "con-1", "con-3", is_same=True)
    world.run(THREE, [], [("con-1", "con-3", 0.2)])
    assert world.groups() == [["con-1", "con-3"]]
    judge(world, "con-1", "con-3", is_same=False)
    world.run(THREE, [("con-1", "con-3", 0.99)])
    assert world.groups() == []
    labels = world.rows("select object, left_id, right_id, is_same, judged_by from books.judged_pairs")
    assert labels == [("contact", "con-1", "con-3", False, "Kim")]


def test_books_are_loaded_again_from_the_files_alone(world: World) -> None:
    """IDN-11, law 5: another warehouse gets the same tables; the books verify."""
    world.run(THREE, [("con-1", "con-2", 0.97)])
    world.run(THREE, [("con-1", "con-2", 0.97), ("con-1", "con-3", 0.97)])
    tables = ("dedupe_runs", "dedupe_entity_ids", "dedupe_id_trail", "dedupe_pairs", "dedupe_rates")
    before = {name: world.rows(f"select * from books.{name} order by all") for name in tables}
    world.con.execute("drop schema books cascade")
    assert load_dedupe(world.con, world.home, world.ledger) == 2
    assert {name: world.rows(f"select * from books.{name} order by all") for name in tables} == before
    assert verify_books(world.home).is_intact


def test_a_changed_file_is_found_and_not_loaded(world: World) -> None:
    """AUD-2: the ledger cites every file of a dedupe run byte for byte."""
    world.run(THREE, [("con-1", "con-2", 0.97)])
    run = latest_run(world.ledger)
    assert run is not None
    path = world.home.root / run.seal.entity_ids.path
    shutil.copy(world.home.root / run.seal.rates.path, path.with_name("other"))
    path.with_name("other").replace(path)
    assert [finding.file for finding in verify_books(world.home).findings] == [run.seal.entity_ids.path]
    world.con.execute("drop schema books cascade")
    with pytest.raises(AuditError, match="not the file that the ledger cites"):
        load_dedupe(world.con, world.home, world.ledger)


def test_an_empty_crm_has_no_duplicates(world: World) -> None:
    """IDN-10: nothing to compare is no error."""
    world.run([])
    assert world.entities() == {}
    assert world.rows("select * from books.dedupe_rates") == []


def test_rates_count_what_is_surplus(world: World) -> None:
    """RPT-1: of four records two are surplus; of the two that an agent created, one should not have been."""
    at = "2025-01-05T00:00:00+00:00"
    by_agent = {"meta": {"email": {"by": "agent:enricher", "at": at}}}
    records = [*THREE, record("con-4", 4, **by_agent), record("con-5", 4, **by_agent)]
    world.run(records, [("con-1", "con-2", 0.97), ("con-3", "con-4", 0.97)])
    rates = world.rows("select scope, name, records, surplus_records from books.dedupe_rates order by all")
    assert rates == [
        ("actor", "enricher", 2, 1),
        ("created_by_agents", "(all)", 2, 1),
        ("crm", "(all)", 5, 2),
        ("source", "(unknown)", 2, 1),
        ("workflow", "(unknown)", 2, 1),
    ]


def test_a_field_that_an_agent_wrote_later_makes_no_creator(world: World) -> None:
    """RPT-1: an agent that filled a field of an old record did not create it."""
    later = {"meta": {"title": {"by": "agent:enricher", "at": "2025-06-01T00:00:00+00:00"}}}
    world.run([record("con-1", 1, **later)])
    assert world.rows("select distinct scope from books.dedupe_rates") == [("crm",)]
