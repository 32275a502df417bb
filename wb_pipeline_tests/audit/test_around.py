"""Writes around us: what others wrote is put on the books once, what we wrote is not, an agent's own is an alarm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.audit.around import Comparison, look_around
from wb_pipeline.audit.snapshot_changes import SeenChange, changes_between
from wb_pipeline.audit.verify import verify_books
from wb_pipeline.connectors.writing import KEY_FIELD
from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger.erasures import erase_kept_values
from wb_pipeline.ledger.kinds_writes import ChangeSeenAround, SnapshotCompared, WritePlanned
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.paths import default_policy_file
from wb_pipeline.steps.intake import register_policy, take_snapshot
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.connectors.crm_folder import SENT, call, done, row, write_rows
from wb_pipeline_tests.ledger.people import plan_write, settle_write

AGENT = "agent-enrich-1"
LATER = "2026-03-02T12:00:00Z"


class _World:
    """A home, a CRM folder of two contacts, and what happens to it."""

    def __init__(self, root: Path) -> None:
        self.home, self.crm = Home(root / "home"), root / "crm"
        self.ledger = Ledger.open(self.home, clock=lambda: SENT)
        register_policy(self.home, self.ledger, default_policy_file())
        self.records: dict[str, dict[str, Any]] = {}
        for record_id in ("con-0", "con-1"):
            self.put(record_id, fields={"title": "CTO", "company_id": "com-2"})
        self.pull()

    def put(self, record_id: str, **more: Any) -> None:
        """Write a contact into the CRM as others would."""
        self.records[record_id] = {**self.records.get(record_id, row("contact", record_id)), **more}
        write_rows(self.crm / "contacts.jsonl", *self.records.values())

    def title(self, record_id: str, title: str, by: str, at: str = LATER) -> None:
        """Write a title as somebody else, with what the CRM says about it."""
        fields = {**self.records[record_id]["fields"], "title": title}
        self.put(record_id, fields=fields, meta={"title": {"by": by, "at": at}})

    def pull(self) -> None:
        """Take a snapshot."""
        take_snapshot(self.home, self.ledger, "crm", self.crm, SENT)

    def look(self) -> list[tuple[SeenChange, bool]]:
        """Take a snapshot and return what came around us."""
        self.pull()
        return [(each.change, each.is_alarm) for found in look_around(self.home, self.ledger) for each in found.seen]


@pytest.fixture
def world(tmp_path: Path) -> _World:
    """Return a world with one snapshot."""
    return _World(tmp_path)


def _told(found: list[tuple[SeenChange, bool]]) -> list[tuple[str, str, Any, str, bool]]:
    return [(change.record_id, change.field, change.new, change.by, is_alarm) for change, is_alarm in found]


def test_a_first_snapshot_raises_nothing_and_an_equal_one_neither(world: _World) -> None:
    """AUD-5: without a picture from before, nothing is known to have changed."""
    assert look_around(world.home, world.ledger) == []
    assert world.look() == []


def test_a_persons_change_is_audited_once_and_an_agents_is_an_alarm(world: _World) -> None:
    """AUD-5: by whom, of what, once; the alarm first; the books verify with them."""
    world.title("con-0", "CEO", "user:u-2")
    world.title("con-1", "COO", f"agent:{AGENT.upper()}")
    assert _told(world.look()) == [
        ("con-1", "title", "COO", f"agent:{AGENT.upper()}", True),
        ("con-0", "title", "CEO", "user:u-2", False),
    ]
    assert look_around(world.home, world.ledger) == []
    events = world.ledger.events(ChangeSeenAround.kind)
    assert [(event.subject, event.payload["at"]) for event in events] == [
        ('["contact","con-1","title"]', LATER),
        ('["contact","con-0","title"]', LATER),
    ]
    assert world.ledger.kept([events[0].payload["value_digest"]]) == {events[0].payload["value_digest"]: '"COO"'}
    (compared,) = world.ledger.events(SnapshotCompared.kind)
    assert (compared.payload["changes"], compared.payload["alarms"]) == (2, 1)
    assert verify_books(world.home).findings == ()


def test_an_agent_that_no_policy_knows_is_no_alarm_of_ours(world: _World) -> None:
    """AUD-5: other tools' agents are audited; the alarm is for those that were told to ask."""
    world.title("con-0", "CEO", "agent:somebody-elses")
    assert _told(world.look()) == [("con-0", "title", "CEO", "agent:somebody-elses", False)]


def _our_write(world: _World, *, is_settled: bool = True, **plan: Any) -> str:
    """Write a title through the outbox, as `wb apply` does: the CRM names the agent as its writer."""
    key = plan_write(world.ledger, fields={"title": "VP IT"}, base={"title": "CTO"}, actor_id=AGENT, **plan)
    fields = {"title": "VP IT", KEY_FIELD: key}
    done(world.crm, call("update", "con-0", key=key, fields=fields, by=f"agent:{AGENT}"))
    if is_settled:
        settle_write(world.ledger, key, before={"title": "CTO"}, after={"title": "VP IT"})
    return key


@pytest.mark.parametrize("is_settled", [True, False])
def test_what_we_wrote_is_not_around_us(world: _World, *, is_settled: bool) -> None:
    """AUD-5, SYN-2: our own writes are known by record, field, value and time, also one whose end nobody knows."""
    _our_write(world, is_settled=is_settled)
    assert world.look() == []


def test_the_same_value_written_again_later_by_the_agent_itself_is_an_alarm(world: _World) -> None:
    """AUD-5: a write of ours excuses no other one of the same value at another time."""
    _our_write(world)
    assert world.look() == []
    world.records["con-0"]["fields"] |= {"title": "CTO"}
    world.title("con-0", "CTO", "user:u-2")
    world.look()
    world.title("con-0", "VP IT", f"agent:{AGENT}", "2026-03-09T12:00:00Z")
    assert _told(world.look()) == [("con-0", "title", "VP IT", f"agent:{AGENT}", True)]


def test_a_refused_write_excuses_nothing(world: _World) -> None:
    """AUD-5: what the CRM refused us and stands there anyway was written around us."""
    key = plan_write(world.ledger, fields={"title": "VP IT"})
    settle_write(world.ledger, key, "refused")
    world.title("con-0", "VP IT", f"agent:{AGENT}", SENT.isoformat())
    assert [is_alarm for _, is_alarm in world.look()] == [True]


def test_an_erased_write_of_ours_is_still_known_by_field_and_time(world: _World) -> None:
    """AUD-6, AUD-5: erasing a value raises no alarm about the write that it was in."""
    key = _our_write(world)
    events = world.ledger.events(WritePlanned.kind, subject=key)
    settled = world.ledger.events("write_settled", subject=key)
    digests = {events[0].payload["values_digest"], settled[0].payload["after_digest"]}
    erase_kept_values(world.ledger, digests, by="dana", reason="asked for")
    assert world.look() == []


def test_a_record_that_claims_a_write_that_never_was_is_an_alarm(world: _World) -> None:
    """AUD-5: a forged key is found, on a record that was changed and on a new one."""
    world.put("con-1", fields={"title": "CTO", "company_id": "com-2", KEY_FIELD: "f" * 64})
    world.put("con-9", fields={"title": "CTO", KEY_FIELD: "e" * 64}, meta={"title": {"by": "user:u-1", "at": LATER}})
    assert [told[:2] + told[-1:] for told in _told(world.look())] == [
        ("con-1", KEY_FIELD, True),
        ("con-9", "(record)", True),
    ]


def test_new_gone_and_archived_records_are_one_change_each(world: _World) -> None:
    """AUD-5: a record that somebody made, deleted or archived; its fields are no changes of their own."""
    world.put("con-2", fields={"title": "CFO", "email": "a@b.example"}, meta={"title": {"by": "user:u-1", "at": LATER}})
    world.put("con-0", archived=True)
    del world.records["con-1"]
    world.put("con-2")
    assert _told(world.look()) == [
        ("con-0", "archived", True, "", False),
        ("con-1", "(record)", "deleted", "", False),
        ("con-2", "(record)", "created", "user:u-1", False),
    ]


def test_a_record_that_we_made_is_ours_and_what_others_did_to_it_is_not(world: _World) -> None:
    """AUD-5: a create is known by the id that the CRM gave it; a later change by its history."""
    key = plan_write(world.ledger, fields={"title": "CFO"}, action="create", record_id=None)
    settle_write(world.ledger, key, after={"title": "CFO"}, record_id="con-7")
    entry = {"field": "title", "old": "CFO", "new": "CEO", "by": f"agent:{AGENT}", "at": LATER}
    world.put("con-7", fields={"title": "CEO", KEY_FIELD: key}, history=[entry])
    assert _told(world.look()) == [("con-7", "title", "CEO", f"agent:{AGENT}", True)]


def test_a_change_between_two_snapshots_is_seen_by_its_history(world: _World) -> None:
    """AUD-5: an agent's value that we or others wrote over before the next snapshot does not hide."""
    told = [
        {"field": "title", "old": "CTO", "new": "COO", "by": f"agent:{AGENT}", "at": LATER},
        {"field": "title", "old": "COO", "new": "CTO", "by": "user:u-2", "at": LATER},
    ]
    world.put("con-0", history=told)
    assert [(change.new, is_alarm) for change, is_alarm in world.look()] == [("COO", True), ("CTO", False)]


def test_what_a_merge_of_ours_does_to_other_records_is_ours(world: _World) -> None:
    """AUD-5, IDN-10: the loser is archived, and what pointed to it points to the survivor."""
    with world.ledger.writing("pipeline") as book:
        values = '{"fields": {}, "base": {}, "payload": {"survivor": "com-1", "loser": "com-2"}}'
        digest = book.keep(values)
    plan = plan_write(world.ledger, object="company", record_id="com-1", action="merge", fields={})
    payload = dict(world.ledger.events(WritePlanned.kind, subject=plan)[0].payload) | {"values_digest": digest}
    world.ledger.append([WritePlanned.model_validate(payload).about("a" * 64)], recorded_by="pipeline")
    settle_write(world.ledger, "a" * 64, record_id="com-1")
    for record_id in ("con-0", "con-1"):
        world.put(record_id, fields={"title": "CTO", "company_id": "com-1"})
    assert world.look() == []


def test_a_changed_snapshot_is_no_evidence(world: _World) -> None:
    """AUD-2: only what the ledger cites is compared."""
    world.title("con-0", "CEO", "user:u-2")
    world.pull()
    path = world.home.root / world.ledger.events("snapshot_taken")[-1].payload["path"]
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(AuditError, match="not the file"):
        look_around(world.home, world.ledger)
    assert world.ledger.events(SnapshotCompared.kind) == []


def test_the_command_tells_alarms_first_and_exits_with_8(world: _World, wb: Callable[..., CommandRun]) -> None:
    """AUD-5: a script sees the alarm; a second call finds nothing new; no control character reaches the terminal."""
    world.title("con-0", "C\x1b[2JO", "user:u-2")
    world.title("con-1", "COO", f"agent:{AGENT}")
    world.pull()
    run = wb("audit", "around", "--home", world.home.root)
    assert run.exit_code == 8
    lines = run.out.splitlines()
    assert lines[0].startswith(f"ALARM: contact con-1, title: CTO -> COO, by agent:{AGENT} at 2026-03-02T12:00")
    assert lines[1].endswith("2 changes around us, 1 alarms")
    assert "\x1b" not in run.out
    assert "wb actor off" in run.err
    again = wb("audit", "around", "--home", world.home.root)
    assert (again.exit_code, again.out) == (0, "No snapshot of the CRM is new since the last comparison.\n")


def test_more_changes_than_one_comparison_records_are_counted(world: _World, monkeypatch: pytest.MonkeyPatch) -> None:
    """AUD-5: an import of everything does not flood the books, and hides no alarm."""
    monkeypatch.setattr("wb_pipeline.audit.around.MOST_RECORDED", 2)
    for number in range(4):
        world.put(f"con-a{number}", fields={"title": "x"})
    world.title("con-1", "COO", f"agent:{AGENT}")
    world.pull()
    (found,) = look_around(world.home, world.ledger)
    assert isinstance(found, Comparison)
    assert (len(found.seen), len(found.alarms), found.left_out) == (2, 1, 3)


def test_pictures_that_are_missing_on_both_sides_tell_nothing() -> None:
    """AUD-5: no record, no change."""
    assert list(changes_between(None, None)) == []
