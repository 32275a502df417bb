"""Which logs tell of one activity."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wb_pipeline.canonical import canonical_json
from wb_pipeline.facts.activity_twins import write_activity_twins
from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline.facts.same_activity import Report, plain_words, same_activities
from wb_pipeline_tests.facts.factories import World

CALL = {
    "activity_type": "call",
    "contact_id": "con-1",
    "occurred_at": "2026-02-26T15:00:00Z",
    "subject": "Roll-out",
    "body": "They plan on paper, Femi owns the decision, Greta checks the shop floor.",
}
NOTE = {"activity_type": "note", "contact_id": "con-1", "body": "Left a voicemail"}
EMAIL = {**CALL, "activity_type": "email"}
LATER = {"occurred_at": "2026-02-26T16:06:00+01:00"}


def keys_of(world: World, *logs: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """Return (activity_key, crm_activity_id) of each log."""
    made = [world.proposal("log", "activity", payload=dict(said)) for said in logs]
    world.run(write_field_names, write_proposal_keys, write_activity_twins)
    found = {
        row[0]: row[1:]
        for row in world.rows("select proposal_key, activity_key, crm_activity_id from facts.activity_twins")
    }
    return [found[key] for key in made]


def without(said: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Return what a log says without some of it."""
    return {name: value for name, value in said.items() if name not in names}


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        (CALL, CALL, True),
        (CALL, {**without(CALL, "body"), "Body ": CALL["body"]}, True),
        (CALL, {**without(CALL, "activity_type"), "type": "Meeting"}, True),
        (CALL, {**CALL, **LATER, "body": CALL["body"].upper() + "!"}, True),
        (CALL, {**without(CALL, "subject", "body"), **LATER}, True),
        (CALL, {**CALL, "occurred_at": "2026-02-26T15:30:00Z"}, False),
        (CALL, {**CALL, "contact_id": "con-2"}, False),
        (CALL, {**CALL, "body": "Marco asked for the price and hung up."}, False),
        (CALL, {**CALL, "activity_type": "note"}, False),
        (CALL, {**CALL, "occurred_at": None}, False),
        ({**EMAIL, "message_id": "<M-1@x.example>"}, {"activity_type": "email", "message_id": "m-1@X.example"}, True),
        ({**EMAIL, "message_id": "m-1"}, {**EMAIL, "message_id": "m-2"}, False),
        ({**CALL, "calendar_event_id": "cal-1"}, {"activity_type": "meeting", "calendar_event_id": "CAL-1"}, True),
        ({**CALL, "recording_id": "rec-1"}, {"activity_type": "call", "recording_id": "rec-1"}, True),
        ({**CALL, "recording_id": "rec-1"}, {**NOTE, "recording_id": "rec-1"}, False),
        ({**NOTE, "recording_id": "rec-1"}, {**NOTE, "recording_id": "rec-1", "body": "Ask legal"}, False),
        (NOTE, NOTE, True),
        (NOTE, {**NOTE, "body": "left a voice mail for Ben"}, False),
        (without(NOTE, "body"), without(NOTE, "body"), True),
        ({**NOTE, "attachments": ["a.pdf"]}, {**NOTE, "attachments": ["quote b.pdf"]}, False),
        ({"activity_type": "note", "deal_id": "deal-1", "body": "x y"}, {**NOTE, "body": "x y"}, False),
    ],
)
def test_reports_of_one_activity_share_a_key(one: dict[str, Any], other: dict[str, Any], *, is_one: bool) -> None:
    """LOG-1: by id, or by person, time and words; under whatever field names."""
    for pair in ((one, other), (other, one)):
        (first, _), (second, _) = keys_of(World(), *pair)
        assert (first == second) is is_one


def test_report_between_two_meetings_joins_only_one() -> None:
    """LOG-1: a report without an id does not make one meeting of two."""
    logs = [{**CALL, "calendar_event_id": "cal-1"}, CALL, {**CALL, "calendar_event_id": "cal-2"}]
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        keys = [key for key, _ in keys_of(World(), *(logs[place] for place in order))]
        assert len(set(keys)) == 2
        assert keys[order.index(0)] != keys[order.index(2)]


def test_activity_of_the_crm_is_found() -> None:
    """LOG-1: against the CRM too, archived activities included."""
    world = World()
    world.record("activity", "act-1", **{**without(CALL, "activity_type"), "type": "call"})
    world.record("activity", "act-2", archived=True, type="email", message_id="<m-1@x.example>")
    found = keys_of(world, CALL, {"activity_type": "email", "message_id": "M-1@x.example"}, NOTE)
    assert [crm for _, crm in found] == ["act-1", "act-2", None]


def test_log_of_an_earlier_batch_lends_its_key() -> None:
    """LOG-1: across batches, from approved or queued logs; stopped ones lend nothing."""
    world = World()
    for lane, message in (("auto", "m-1"), ("review", "m-2"), ("deny", "m-3")):
        about = {"proposal_key": message, "effective_action": "log", "lane": lane, "deed_key": f"log|{message}"}
        world.decided(**about)
        for field, value in (("activity_type", "email"), ("message_id", f"<{message}>")):
            world.decided(**about, field=field, new_value=canonical_json(value))
    found = keys_of(world, *({"activity_type": "email", "message_id": f"m-{number}"} for number in (1, 2, 3)))
    assert [key for key, _ in found[:2]] == ["m-1", "m-2"]
    assert found[2][0].startswith("activity:")
    assert world.rows("select create_key from facts.proposal_keys order by 1")[-1] == ("m-2",)


def test_key_of_a_log_does_not_depend_on_its_place() -> None:
    """LOG-1: the same log has the same key on any day and in any batch."""
    first, second = World(), World()
    second.proposal("update")
    assert keys_of(first, CALL) == keys_of(second, CALL)


def _reports(chance: random.Random, count: int) -> list[Report]:
    start = datetime(2026, 2, 26, 15, tzinfo=UTC)
    words = ["", "Roll-out of phase two", "Roll-out of phase three", "Voicemail"]
    return [
        Report(
            chance.choice(["call", "meeting", "email", "note"]),
            frozenset([(chance.choice(["message", "event"]), f"id-{chance.randrange(9)}")][: chance.randrange(2)]),
            frozenset({("contact", f"con-{chance.randrange(3)}")}),
            start + timedelta(minutes=chance.randrange(60)) if chance.random() < 0.8 else None,
            plain_words(chance.choice(words)),
        )
        for _ in range(count)
    ]


def _classes(reports: Sequence[Report], order: Sequence[int]) -> set[frozenset[str]]:
    heads = same_activities([reports[place] for place in order])
    groups: dict[int, set[str]] = {}
    for place, head in zip(order, heads, strict=True):
        groups.setdefault(head, set()).add(reports[place].content_key)
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("seed", range(20))
def test_order_of_reports_does_not_matter(seed: int) -> None:
    """LOG-1, OVW-6: shuffled, the same reports tell of the same activities."""
    chance = random.Random(seed)
    reports = _reports(chance, 60)
    order = list(range(60))
    wanted = _classes(reports, order)
    chance.shuffle(order)
    assert _classes(reports, order) == wanted


def test_burst_of_reports_about_one_person_ends_soon() -> None:
    """CON-7: 20,000 reports of one minute are compared with their neighbours only."""
    reports = [
        Report("note", frozenset(), frozenset({("contact", "con-1")}), None, plain_words(f"word {number} " * 20))
        for number in range(20_000)
    ]
    assert len(set(same_activities(reports))) == 20_000
