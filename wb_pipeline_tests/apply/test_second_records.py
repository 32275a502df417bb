"""A create makes no second record of what is in the CRM, or was made a moment ago: it goes back to a person (IDN-3)."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.apply.report import ApplyReport
from wb_pipeline.apply.run import apply_approved, preview
from wb_pipeline.apply.show import differences
from wb_pipeline.connectors.writing import Throttled, Unavailable
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemReturned
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.factories import applied, change, made, sealed
from wb_pipeline_tests.apply.memory_crm import QUICK, MemoryCrm, StillClock, crm_with
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.review.factories import create, decided, desk_at, queue

ANA = {"email": "ana@acme.example", "last_name": "Ruiz"}


def returned(ledger: Ledger) -> list[tuple[str, str, int]]:
    """Return reason, note and void approval of everything that went back to a person."""
    said = [payload_of(event, ItemReturned) for event in ledger.events(ItemReturned.kind)]
    return [(each.reason, each.note, each.approval_sequence) for each in said]


@pytest.mark.parametrize(
    ("name", "proposed", "standing"),
    [
        ("contact", ANA, {"email": " Ana@ACME.example"}),
        ("lead", ANA, {"email": "ana@acme.example"}),
        ("contact", {"external_id": "A-7"}, {"external_id": "A-7"}),
        ("company", {"name": "Acme", "domain": "acme.example"}, {"domain": "https://www.acme.example/"}),
        ("company", {"name": "Acme", "domain": "acme.example"}, {"additional_domains": ["acme.example"]}),
    ],
)
def test_record_that_somebody_made_since_is_not_made_again(
    opened: tuple[Home, Ledger], clock: StillClock, name: str, proposed: dict[str, Any], standing: dict[str, Any]
) -> None:
    """IDN-3, SYN-2: however the value is spelt, nothing is sent; a person is told which record it is, and no value."""
    sealed(*opened, made(1, proposed, object=name))
    crm = crm_with([(name, "rec-7", standing)], clock=clock)
    assert applied(opened, crm).outcomes == {"conflict": 1}
    assert crm.calls == []
    [(reason, note, approval)] = returned(opened[1])
    assert (reason, approval) == ("conflict", 0)
    assert note.startswith(f"{name} rec-7 has the same ")
    assert "acme" not in note
    assert not applied(opened, crm).settled


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("contact", {"email": "ann@acme.example"}),
        ("contact", {"work_mail": "ana@acme.example"}),
        ("lead", {"email": "ana@acme.example"}),
    ],
)
def test_other_records_are_in_nobodys_way(
    opened: tuple[Home, Ledger], clock: StillClock, name: str, standing: dict[str, Any]
) -> None:
    """IDN-1: another address, another field, another object: that is somebody else."""
    sealed(*opened, made(1, ANA))
    crm = crm_with([(name, "rec-7", standing)], clock=clock)
    assert applied(opened, crm).outcomes == {"written": 1}


def test_archived_record_is_in_nobodys_way(opened: tuple[Home, Ledger], clock: StillClock) -> None:
    """IDN-1: an address may have been given to somebody else since."""
    sealed(*opened, made(1, ANA))
    crm = crm_with([("contact", "con-7", ANA)], clock=clock)
    crm.records["contact", "con-7"] = replace(crm.records["contact", "con-7"], is_archived=True)
    assert applied(opened, crm).outcomes == {"written": 1}


@pytest.mark.parametrize("answers", [[], ["unknown_done"], ["late"], ["locked"]])
def test_equal_creates_of_two_batches_make_one_record(
    opened: tuple[Home, Ledger], clock: StillClock, answers: list[str]
) -> None:
    """IDN-4, SYN-2: in one run, also while nobody knows what became of the first; the second goes to a person."""
    sealed(*opened, [*made(1, ANA), *made(2, {"email": "bo@acme.example"})], "one")
    sealed(*opened, made(1, {"email": "ANA@acme.example "}), "two")
    crm = crm_with([], clock=clock, script=deque(answers))
    report = applied(opened, crm)
    assert report.outcomes == {"written": 2, "conflict": 1}
    assert sorted(each.fields["email"] for each in crm.records.values()) == ["ana@acme.example", "bo@acme.example"]
    [(_, note, _)] = returned(opened[1])
    assert note.startswith("contact contact-new-")


def test_create_waits_for_an_update_that_gives_its_key_to_another_record(
    opened: tuple[Home, Ledger], clock: StillClock
) -> None:
    """IDN-3: where a policy grants it, an update of the same run takes the address: before it, that is free."""
    sealed(*opened, [change(3, "email", "Ana@acme.example")], "one")
    sealed(*opened, made(1, ANA), "two")
    crm = crm_with([("contact", "con-3", {})], clock=clock)
    assert applied(opened, crm).outcomes == {"written": 1, "conflict": 1}
    assert list(crm.records) == [("contact", "con-3")]


def test_second_of_two_is_made_if_the_first_was_refused(opened: tuple[Home, Ledger], clock: StillClock) -> None:
    """SYN-4: it waits for the first, and is lost with it no more than anything else."""
    sealed(*opened, made(1, ANA), "one")
    sealed(*opened, made(1, ANA), "two")
    crm = crm_with([], clock=clock, script=deque(["refused"]))
    assert applied(opened, crm).outcomes == {"refused": 1, "written": 1}
    assert len(crm.records) == 1


@pytest.mark.parametrize("is_another_run", [False, True])
def test_what_we_made_a_moment_ago_is_known_though_no_search_shows_it(
    opened: tuple[Home, Ledger], clock: StillClock, monkeypatch: pytest.MonkeyPatch, is_another_run: bool
) -> None:
    """IDN-4, SYN-4: a search may show a stale picture; our own books do not."""
    crm = crm_with([], clock=clock)
    monkeypatch.setattr(crm, "find_by_fields", lambda *_: [])
    sealed(*opened, made(1, ANA), "one")
    if is_another_run:
        assert applied(opened, crm).outcomes == {"written": 1}
    sealed(*opened, made(1, ANA), "two")
    assert applied(opened, crm).outcomes["conflict"] == 1
    assert len(crm.records) == 1


def test_what_we_made_and_somebody_archived_since_is_in_nobodys_way(
    opened: tuple[Home, Ledger], clock: StillClock
) -> None:
    """AUD-4: what was put away, a moment ago or long since, is made again where it is approved again."""
    crm = crm_with([], clock=clock)
    sealed(*opened, made(1, ANA), "one")
    applied(opened, crm)
    [place] = crm.records
    crm.records[place] = replace(crm.records[place], is_archived=True)
    sealed(*opened, made(1, ANA), "two")
    assert applied(opened, crm).outcomes == {"written": 1}


def test_search_that_fails_is_tried_again_and_what_stays_unknown_is_not_sent(
    opened: tuple[Home, Ledger], clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SYN-4: a throttled search is repeated like any read; without an answer nothing is made, and nothing is lost."""
    sealed(*opened, made(1, ANA))
    crm = crm_with([], clock=clock)
    search = crm.find_by_fields
    errors = deque([Unavailable("down")] * QUICK.tries + [Throttled("slow down", retry_after=0.5)])

    def failing(*given: Any) -> Any:
        if errors:
            raise errors.popleft()
        return search(*given)

    monkeypatch.setattr(crm, "find_by_fields", failing)
    report = applied(opened, crm)
    assert "cannot be read" in report.stopped
    assert (crm.calls, len(errors)) == ([], 1)
    assert applied(opened, crm).outcomes == {"written": 1}
    assert not errors


def test_it_is_looked_again_before_a_create_is_sent_again(opened: tuple[Home, Ledger], clock: StillClock) -> None:
    """SYN-4: between two tries somebody made the record: the second try is not sent."""
    sealed(*opened, made(1, ANA))
    crm = crm_with([], clock=clock, script=deque(["locked"]))
    real = crm.write_many

    def meanwhile(calls: Any) -> Any:
        crm.put("contact", "con-7", **ANA)
        return real(calls)

    crm.write_many = meanwhile  # type: ignore[method-assign]  # somebody is quicker
    assert applied(opened, crm).outcomes == {"conflict": 1}
    assert len(crm.calls) == 1
    assert [(reason, note) for reason, note, _ in returned(opened[1])] == [
        ("conflict", "contact con-7 has the same email")
    ]


@pytest.mark.parametrize(
    ("kind", "outcome"), [("meeting", "conflict"), ("call", "conflict"), ("note", "written"), ("email", "written")]
)
def test_log_of_what_the_crm_holds_under_the_vendors_id_is_not_made_again(
    opened: tuple[Home, Ledger], clock: StillClock, kind: str, outcome: str
) -> None:
    """LOG-1: a call may stand there as a meeting; a note about a meeting is not that meeting."""
    fields = {"activity_type": kind, "calendar_event_id": "EVT-1@cal.example", "body": "They decide in April."}
    sealed(*opened, made(1, fields, action="log", object="activity"))
    held = {"type": "meeting", "calendar_event_id": "<evt-1@CAL.example>"}
    crm = crm_with([("activity", "act-7", held)], clock=clock)
    assert applied(opened, crm).outcomes == {outcome: 1}


def test_updates_search_for_nothing_and_creates_in_batches(opened: tuple[Home, Ledger], clock: StillClock) -> None:
    """SYN-2: looking costs one search per group and object, and nothing for what makes no record."""
    updates = [change(number, "title", "A") for number in range(1, 10)]
    crm = crm_with([("contact", f"con-{number}", {}) for number in range(1, 10)], clock=clock)
    sealed(*opened, updates, "updates")
    applied(opened, crm)
    assert crm.searches == 0
    sealed(*opened, [row for n in range(9) for row in made(n + 1, {"email": f"p{n}@x.example"})], "creates")
    assert applied(opened, crm).outcomes == {"written": 9}
    assert crm.searches == 9 / QUICK.group


def test_dry_run_shows_what_would_not_be_made(opened: tuple[Home, Ledger], clock: StillClock) -> None:
    """SYN-5: what stands in the way, and which of two equal creates would wait."""
    sealed(*opened, [*made(1, ANA), *made(2, {"email": "bo@acme.example"}), *made(3, {"email": "bo@ACME.example"})])
    crm = crm_with([("contact", "con-7", ANA)], clock=clock)
    lines = list(differences(preview(*opened, crm, clock.now())))
    assert any("would go back to a person. contact con-7 has the same email" in line for line in lines)
    assert any("another write of this run makes the same record" in line for line in lines)
    assert lines[-1].startswith("Dry run: 1 writes would be sent") or lines[-1].startswith("Dry run: 1 write would")


def test_person_who_was_told_decides_and_only_about_what_they_were_told(tmp_path: Path) -> None:
    """RVW-2, IDN-3: approved anew with the record found in sight, it is made; a record found later is asked about."""
    home, ledger = queue(tmp_path, create("contact", ANA))
    crm = crm_with([("contact", "con-7", ANA)])
    for known in (["con-7"], ["con-7", "con-8"]):
        crm.put("contact", known[-1], **ANA)
        assert _approved_and_applied(home, ledger, crm).outcomes == {"conflict": 1}
        [item] = desk_at(home, ledger).items()
        assert item.state == "returned"
        assert (
            item.returned_because
            == f"the CRM stands in the way of the new record: contact {known[-1]} has the same email"
        )
    assert crm.calls == []
    crm.script = deque(["locked"] * QUICK.tries)
    assert _approved_and_applied(home, ledger, crm).outcomes == {"gave_up": 1}
    assert _apply(home, ledger, crm).outcomes == {"written": 1}
    assert set(crm.effects.values()) == {1}


def _approved_and_applied(home: Home, ledger: Ledger, crm: MemoryCrm) -> ApplyReport:
    desk = desk_at(home, ledger)
    for item in desk.items():
        assert decided(desk, item, by="u-ops-1").is_done
    return _apply(home, ledger, crm)


def _apply(home: Home, ledger: Ledger, crm: MemoryCrm) -> ApplyReport:
    return apply_approved(home, ledger, crm, CLOCK, limits=QUICK, timing=crm.clock.timing)
