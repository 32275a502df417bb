"""The fake CRM itself: what it promises has to hold before anything is proved against it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wb_pipeline.connectors.writing import (
    KEY_FIELD,
    Conflict,
    CrmAnswer,
    CrmCall,
    Locked,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
)
from wb_pipeline_tests.apply.fake_client import FakeCrm, FakeCrmProcess, fake_crm
from wb_pipeline_tests.apply.fake_faults import WRITE_FAULTS

SETTLE_SECONDS = 1.5  # a busy machine must not make a call late that is not meant to be
RECORDS = [{"object": "contact", "id": f"con-{number}", "fields": {"title": "CTO"}} for number in range(4)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeCrmProcess]:
    """A fake CRM for all tests here; each begins with `begin`."""
    with fake_crm(tmp_path_factory.mktemp("fake") / "state.sqlite", SETTLE_SECONDS) as process:
        yield process


def begin(server: FakeCrmProcess, *writes: str, **plan: object) -> FakeCrm:
    """Let the server begin anew with faults to come; return a client."""
    server.control("reset", records=RECORDS)
    server.control("plan", writes=list(writes), **plan)
    return FakeCrm(server.port)


def call(number: int, title: str = "VP") -> CrmCall:
    """An update of one record, sent now."""
    return CrmCall(
        f"key-{number}", "update", "contact", f"con-{number}", {"title": title}, datetime.now(UTC), "agent:a",
        expected={"title": "CTO"},
    )  # fmt: skip


def effects(server: FakeCrmProcess) -> list[str]:
    """Return what became of every call that was received."""
    return [row["effect"] for row in server.log()]


UNKNOWN = [OutcomeUnknown, OutcomeUnknown]
NOT_DONE, DONE = ["not_done", "not_done"], ["committed", "committed"]
EXPECTED: dict[str, tuple[list[type], list[str]]] = {
    "throttle": ([Throttled, Throttled], NOT_DONE),
    "throttle_after": ([Throttled, Throttled], NOT_DONE),
    "down": ([Unavailable, Unavailable], NOT_DONE),
    "error_before": (UNKNOWN, NOT_DONE),
    "error_after": (UNKNOWN, DONE),
    "reset_before": (UNKNOWN, NOT_DONE),
    "reset_after": (UNKNOWN, DONE),
    "cut_in_middle": (UNKNOWN, ["committed", "not_done"]),
    "timeout_lost": (UNKNOWN, NOT_DONE),
    "timeout_late": (UNKNOWN, DONE),
    "timeout_after": (UNKNOWN, DONE),
    "partial_throttled": ([CrmAnswer, Throttled], ["committed", "throttled"]),
    "partial_failed": ([CrmAnswer, Unavailable], ["committed", "failed"]),
    "partial_locked": ([CrmAnswer, Locked], ["committed", "locked"]),
    "shuffled": ([CrmAnswer, CrmAnswer], DONE),
    "slow": ([CrmAnswer, CrmAnswer], DONE),
    "locked": ([Locked, Locked], NOT_DONE),
    "stale": ([CrmAnswer, CrmAnswer], DONE),
    "stale_unknown": (UNKNOWN, DONE),
    "moved": ([Conflict, CrmAnswer], ["committed", "conflict", "committed"]),
    "moved_unknown": (UNKNOWN, ["committed", "conflict", "committed"]),
    "moved_after": ([CrmAnswer, CrmAnswer], [*DONE, "committed"]),
}


@pytest.mark.parametrize("fault", WRITE_FAULTS)
def test_fault_does_what_its_name_says(server: FakeCrmProcess, fault: str) -> None:
    """SYN-4: every fault answers and takes effect as written down; the next request goes well."""
    crm = begin(server, fault)
    answers = crm.write_many([call(1), call(2)])
    if fault == "timeout_late":
        assert effects(server) == []
        time.sleep(SETTLE_SECONDS)
    types, done = EXPECTED[fault]
    assert [type(answer) for answer in answers] == types
    assert effects(server) == done
    if fault == "shuffled":
        assert [answer.record_id for answer in answers if isinstance(answer, CrmAnswer)] == ["con-1", "con-2"]
    assert isinstance(crm.write_many([call(3)])[0], CrmAnswer)


def test_stale_reads_end_with_the_settle_time(server: FakeCrmProcess) -> None:
    """SYN-2: for a while readers see the old value and miss a new record; behind the settle time never."""
    crm = begin(server, "stale", "stale")
    sent = call(1)
    crm.write_many([sent])
    crm.write_many([replace(sent, key="key-c", action="create", record_id=None)])
    if datetime.now(UTC) < sent.sent_at + timedelta(seconds=SETTLE_SECONDS / 2):
        assert crm.read("contact", ["con-1"])["con-1"].fields == {"title": "CTO"}
        assert crm.find_by_key("contact", ["key-1", "key-c"]) == {}
    time.sleep(SETTLE_SECONDS)
    assert crm.read("contact", ["con-1"])["con-1"].fields == {"title": "VP", KEY_FIELD: "key-1"}
    assert crm.find_by_key("contact", ["key-1", "key-c"]).keys() == {"key-1", "key-c"}


def test_call_that_comes_too_late_is_not_carried_out(server: FakeCrmProcess) -> None:
    """SYN-2: what was sent longer ago than the settle time takes no effect: so waiting and reading suffices."""
    crm = begin(server)
    old = replace(call(1), sent_at=datetime.now(UTC) - timedelta(seconds=2 * SETTLE_SECONDS))
    assert isinstance(crm.write_many([old])[0], Unavailable)
    assert effects(server) == ["late"]


def test_same_call_sent_twice_is_carried_out_twice(server: FakeCrmProcess) -> None:
    """SYN-2: the fake forgives nothing: two creates make two records, and the log shows both."""
    crm = begin(server)
    create = replace(call(1), action="create", record_id=None, expected={})
    crm.write_many([create])
    crm.write_many([create])
    assert [(row["write_key"], row["effect"]) for row in server.log()] == [("key-1", "committed")] * 2


def test_refused_record_and_broken_reads(server: FakeCrmProcess) -> None:
    """SYN-4: a record that fails its validation is refused each time; reads break without harm."""
    crm = begin(server, refused=["con-1"], reads=["throttle", "down", "reset_before"])
    assert [type(answer) for answer in crm.write_many([call(1), call(2)])] == [Refused, CrmAnswer]
    for error in (Throttled, Unavailable, Unavailable):
        with pytest.raises(error):
            crm.read("contact", ["con-1"])
    assert crm.read("contact", ["con-1"])["con-1"].fields["title"] == "CTO"


def test_log_survives_a_killed_server(tmp_path: Path) -> None:
    """OPS-4: kill -9 of the CRM loses nothing that it had carried out."""
    with fake_crm(tmp_path / "state.sqlite", SETTLE_SECONDS) as server:
        begin(server).write_many([call(1)])
        port = server.port
        server.kill()
        assert isinstance(FakeCrm(port).write_many([call(2)])[0], Unavailable)
        server.start()
        assert effects(server) == ["committed"]
        assert server.fields("contact", "con-1")["title"] == "VP"
