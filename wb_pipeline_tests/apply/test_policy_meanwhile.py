"""A policy that comes into force while a run writes: what it has not judged is not begun any more (RVW-2)."""

from __future__ import annotations

from collections.abc import Sequence

from wb_pipeline.connectors.writing import CrmAnswer, CrmCall, CrmError
from wb_pipeline.home import Home
from wb_pipeline.ledger.chain import NewEvent
from wb_pipeline.ledger.kinds import PolicyRegistered
from wb_pipeline.ledger.kinds_review import ItemReturned
from wb_pipeline.ledger.manifests import commit_manifest
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.apply.factories import applied, change, sealed
from wb_pipeline_tests.apply.memory_crm import QUICK, MemoryCrm, StillClock, crm_with
from wb_pipeline_tests.apply.taking_back import take_back, written
from wb_pipeline_tests.ledger.factories import batch_key, manifest

OTHER = "f" * 64


def registered() -> NewEvent:
    """Return the event that puts another policy in force."""
    return PolicyRegistered(path="policies/other.yaml", file_hash=OTHER, file_name="other.yaml").about(OTHER)


class Meanwhile(MemoryCrm):
    """A CRM at whose first write somebody appends to the ledger."""

    ledger: Ledger | None = None
    event: NewEvent = registered()

    def write_many(self, calls: Sequence[CrmCall]) -> list[CrmAnswer | CrmError]:
        """Append, then answer."""
        if self.ledger is not None:
            self.ledger.append([self.event], recorded_by="pipeline")
            self.ledger = None
        return super().write_many(calls)


def test_what_another_policy_has_not_judged_is_not_begun(opened: tuple[Home, Ledger], clock: StillClock) -> None:
    """RVW-2, OPS-3: a run of minutes does not go on under the policy of its beginning; the next one holds the rest."""
    sealed(*opened, [change(number, "title", "A") for number in range(1, 10)])
    crm = Meanwhile(clock=clock)
    for number in range(1, 10):
        crm.put("contact", f"con-{number}")
    crm.ledger = opened[1]
    report = applied(opened, crm)
    assert report.outcomes == {"written": QUICK.group}
    assert {each.why.partition(":")[0] for each in report.waiting} == {"another policy came into force just now"}
    assert len(report.waiting) == 9 - QUICK.group


def test_what_a_person_takes_back_during_a_run_is_not_begun(opened: tuple[Home, Ledger], clock: StillClock) -> None:
    """RVW-4, OPS-3: who says no while a run writes is heard, if their write is not under way; all else goes on."""
    key = sealed(*opened, [change(number, "title", "A") for number in range(1, 10)])
    crm = Meanwhile(clock=clock)
    for number in range(1, 10):
        crm.put("contact", f"con-{number}")
    back = ItemReturned(reason="evidence_changed", approval_sequence=0, note="")
    crm.ledger, crm.event = opened[1], back.about(f"{key[:16]}:9:1")
    report = applied(opened, crm)
    assert report.outcomes == {"written": 8}
    assert [each.why for each in report.waiting] == ["somebody decided on it just now"]
    assert crm.fields("contact", "con-9") == {}


def test_policy_that_comes_into_force_stops_no_undo(opened: tuple[Home, Ledger], clock: StillClock) -> None:
    """AUD-4: what a person takes back was judged by nobody, and nobody has to judge it anew."""
    crm = Meanwhile(clock=clock)
    for number in range(1, 10):
        crm.put("contact", f"con-{number}")
    written(opened, crm, [change(number, "title", "A") for number in range(1, 10)])
    crm.ledger = opened[1]
    assert take_back(opened, crm).report.outcomes == {"written": 9}


def test_another_run_by_the_same_policy_stops_nothing(opened: tuple[Home, Ledger], clock: StillClock) -> None:
    """RVW-4: batches come in while writes go out."""
    sealed(*opened, [change(number, "title", "A") for number in range(1, 10)])
    crm = crm_with([("contact", f"con-{number}", {}) for number in range(1, 10)], clock=clock, batch_size=1)
    sent = crm.write_many

    def beside_a_run(calls: Sequence[CrmCall]) -> list[CrmAnswer | CrmError]:
        commit_manifest(opened[1], manifest(batch_key(f"beside {len(crm.calls)}"), ledger=opened[1]))
        return sent(calls)

    crm.write_many = beside_a_run  # type: ignore[method-assign]  # a run beside this one
    assert applied(opened, crm).outcomes == {"written": 9}
