"""Budgets and breakers on the whole road (TRG-3): what is over a budget waits as one case, until a person resets it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.breakers import breaker_events, open_breakers, reset_breaker
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.road.harness import Outcome, Road, World
from wb_pipeline_tests.road.world import Row, change, policy_with, update, with_records

SELLER, ENRICHER = ({"type": "ai_agent", "id": name} for name in ("agent-sales-1", "agent-enrich-1"))
KEY = "actor:ai_agent:agent-sales-1"
_ACTOR_HOUR = ("writes_per_actor_per_hour: 500", "writes_per_actor_per_hour: 3")


def _world(*edits: tuple[str, str], now: str = "2026-03-02T10:00:00Z") -> World:
    return replace(with_records(policy=policy_with(*edits)), now=now)


def _notes(count: int, first: int = 1, **said: object) -> list[Row]:
    """Return harmless updates of one record; each adds a word of its own, so nothing but a budget can hold them."""
    return [
        update("com-1", change("tech_stack_tags", [f"tool-{each}"], op="append"), proposal_id=f"p-{each}", **said)
        for each in range(first, first + count)
    ]


def _held(outcome: Outcome) -> set[str]:
    gates = {gate for row in outcome.decisions for gate in outcome.gates(row["line_number"], row["field"])}
    return {gate for gate in gates if gate.startswith("gate_trigger__b")}


def _opened(road: Road) -> set[str]:
    return set(open_breakers(Ledger.open(road.home)))


def test_burst_waits_as_one_case(road: Road) -> None:
    """TRG-3: above the budget all of the actor's changes of the run wait as one case; another actor's pass."""
    other = update("con-1", change("phone", "+14155550199", seen="+14155550132"), proposal_id="o-1", actor=ENRICHER)
    outcome = road.run(_world(_ACTOR_HOUR), *_notes(4), other, with_suites=True)
    assert [outcome.lane(line, "tech_stack_tags") for line in range(1, 5)] == ["review"] * 4
    assert outcome.lane(5, "phone") == "auto"
    cases = {row["case_id"] for row in outcome.decisions if row["line_number"] <= 4}
    assert len(cases) == 1
    assert None not in cases
    assert _opened(road) == {KEY}


def test_budget_that_lasts_holds_nobody(road: Road) -> None:
    """TRG-3: exactly the budget passes, and no breaker opens."""
    outcome = road.run(_world(_ACTOR_HOUR), *_notes(3))
    assert outcome.lane(1, "tech_stack_tags") == "auto"
    assert _held(outcome) == set()
    assert _opened(road) == set()


def test_breaker_stays_open_until_a_person_resets_it(road: Road) -> None:
    """TRG-3: days later it is still open; after the reset the count starts anew, and the earlier burst is forgotten."""
    road.run(_world(_ACTOR_HOUR), *_notes(4))
    days_later = _world(_ACTOR_HOUR, now="2026-03-03T09:00:00Z")
    later = update("con-1", change("phone", "+14155550199", seen="+14155550132"), proposal_id="later")
    outcome = road.run(days_later, later)
    assert outcome.lane(1, "phone") == "review"
    assert _held(outcome) == {"gate_trigger__breaker_open"}
    reset_breaker(Ledger.open(road.home), KEY, "Dana Ops", "the import was meant")
    again = road.run(_world(_ACTOR_HOUR), {**later, "proposal_id": "after", "rationale": "again"})
    assert _held(again) == set()
    assert _opened(road) == set()
    assert [event.is_open for event in breaker_events(Ledger.open(road.home))] == [True, False]


def test_breaker_opens_again_as_another_case(road: Road) -> None:
    """TRG-3: what is held after a reset is a new case."""
    world = _world(_ACTOR_HOUR)
    first = road.run(world, *_notes(4))
    reset_breaker(Ledger.open(road.home), KEY, "Dana Ops", "seen")
    second = road.run(world, *_notes(4, first=10))
    cases = {outcome.row(1)["case_id"] for outcome in (first, second)}
    assert len(cases) == 2
    assert None not in cases


def test_budget_spans_batches_within_the_hour(road: Road) -> None:
    """TRG-3: what other batches brought within the hour counts, denied or not; what is older does not."""
    denied = [{**each, "evidence": [{"ref": "made-up"}]} for each in _notes(3)]
    assert road.run(_world(_ACTOR_HOUR), *denied).lane(1) == "deny"
    within = road.rehearse(_world(_ACTOR_HOUR, now="2026-03-02T10:59:00Z"), *_notes(1, first=20))
    behind = road.rehearse(_world(_ACTOR_HOUR, now="2026-03-02T11:00:00Z"), *_notes(1, first=30))
    assert _held(within) == {"gate_trigger__budget_spent"}
    assert _held(behind) == set()


def test_stated_time_spreads_no_burst(road: Road) -> None:
    """TRG-3: the clock is ours: proposals that say they are from different days are still one burst."""
    spread = [{**each, "submitted_at": f"2026-02-{day:02}T09:00:00Z"} for day, each in enumerate(_notes(4), 10)]
    assert _held(road.run(_world(_ACTOR_HOUR), *spread)) == {"gate_trigger__budget_spent"}


def test_replay_and_rerun_spend_nothing(road: Road) -> None:
    """TRG-3, CON-4: the same proposals word for word again are no second use, in one file or another."""
    world = _world(_ACTOR_HOUR)
    road.run(world, *_notes(3))
    assert _held(road.run(world, *_notes(3), *_notes(3))) == set()


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("writes_per_actor_per_day: 5000", "writes_per_actor_per_day: 3"), {}),
        (("writes_per_workflow_per_hour: 500", "writes_per_workflow_per_hour: 3"), {"workflow_id": "w-1"}),
        (("writes_per_workflow_per_day: 5000", "writes_per_workflow_per_day: 3"), {"workflow_id": "w-1"}),
        (("writes_per_record_per_hour: 30", "writes_per_record_per_hour: 3"), {}),
    ],
)
def test_each_budget_is_kept(edit: tuple[str, str], said: Row, road: Road) -> None:
    """TRG-3: per actor, workflow and record, per hour and per day."""
    outcome = road.run(_world(edit), *_notes(4, **said))
    assert _held(outcome) == {"gate_trigger__budget_spent"}
    assert {outcome.lane(line) for line in range(1, 5)} == {"review"}


def test_record_budget_counts_every_actor(road: Road) -> None:
    """TRG-3: two agents that fight over one record share its budget, and both are held there only."""
    world = _world(("writes_per_record_per_hour: 30", "writes_per_record_per_hour: 3"))
    elsewhere = update("con-1", change("phone", "+14155550199", seen="+14155550132"), proposal_id="o-1")
    outcome = road.run(world, *_notes(2), *_notes(2, first=10, actor=ENRICHER), elsewhere)
    assert [outcome.lane(line, "tech_stack_tags") for line in range(1, 5)] == ["review"] * 4
    assert outcome.lane(5, "phone") == "auto"


def test_order_of_lines_opens_nothing(road: Road) -> None:
    """TRG-3, OVW-6: whichever line comes first, the same proposals are held."""
    burst = [*_notes(4), *_notes(2, first=20, actor=ENRICHER)]
    shuffled = list(burst)
    Random(7).shuffle(shuffled)
    found = []
    for lines in (burst, shuffled):
        outcome = road.rehearse(_world(_ACTOR_HOUR), *lines)
        found.append({(row["proposal_id"], row["field"]): row["lane"] for row in outcome.decisions})
    assert found[0] == found[1]
    assert set(found[0].values()) == {"review", "auto"}


def test_denying_one_frees_no_other(road: Road) -> None:
    """TRG-3, OVW-6: a budget counts what was proposed; a stricter verdict on some of it frees none of the rest."""
    bad = [{**each, "evidence": [{"ref": "made-up"}]} for each in _notes(2)]
    outcome = road.rehearse(_world(_ACTOR_HOUR), *bad, *_notes(2, first=10))
    assert [outcome.lane(line) for line in range(1, 5)] == ["deny", "deny", "review", "review"]


def test_reset_needs_an_open_breaker_a_name_and_a_reason(road: Road) -> None:
    """TRG-3, AUD-1: nothing is reset ahead of time, by nobody or for no reason."""
    ledger = Ledger.open(road.home)
    with pytest.raises(InputError, match="no breaker"):
        reset_breaker(ledger, KEY, "Dana Ops", "just in case")
    road.run(_world(_ACTOR_HOUR), *_notes(4))
    for by, reason in ((" ", "why"), ("Dana Ops", "")):
        with pytest.raises(InputError, match="needs the name"):
            reset_breaker(ledger, KEY, by, reason)
    assert _opened(road) == {KEY}


def test_rerun_of_a_burst_opens_nothing_again(road: Road) -> None:
    """TRG-3, OPS-4: the same batch judged again is held the same, and its breaker opened once."""
    batch = road.write_batch(_notes(4))
    for _ in range(2):
        run_id = road.begin(_world(_ACTOR_HOUR), batch)
        road.decide(run_id)
        assert _held(road.seal(run_id)) == {"gate_trigger__budget_spent"}
    assert [event.is_open for event in breaker_events(Ledger.open(road.home))] == [True]
