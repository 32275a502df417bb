"""The invariants themselves: each kind of damage is seen. A harness that finds nothing proves nothing by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wb_pipeline.connectors.writing import CrmAnswer, CrmCall, OutcomeUnknown
from wb_pipeline_tests.apply import trials
from wb_pipeline_tests.apply.fake_client import FakeCrm
from wb_pipeline_tests.apply.trials import Laboratory


class BlindCrm(FakeCrm):
    """A client that takes silence for failure, and sends again at once."""

    def write_many(self, calls):
        """Send, and send again."""
        answers = super().write_many(calls)
        if any(isinstance(answer, OutcomeUnknown) for answer in answers):
            return super().write_many(calls)
        return answers


class CarelessCrm(FakeCrm):
    """A client that does not compare."""

    def write_many(self, calls):
        """Send without what is expected."""
        return super().write_many([_without_expectation(call) for call in calls])


class LyingCrm(FakeCrm):
    """A client that says that it is done, and shows what it should have written."""

    def write_many(self, calls):
        """Send everything but updates."""
        self.said = {call.record_id: call for call in calls if call.action == "update"}
        others = iter(super().write_many([call for call in calls if call.record_id not in self.said]))
        return [CrmAnswer(call.record_id) if call.record_id in self.said else next(others) for call in calls]

    def read(self, object_name, record_ids):
        """Show updates that were never sent."""
        found = super().read(object_name, record_ids)
        for record_id, call in getattr(self, "said", {}).items():
            if record_id in found:
                found[record_id].fields.update(call.fields | {"ai_writeback_key": call.key})
        return found


class HalvingCrm(FakeCrm):
    """A client that leaves the loser of a merge alive."""

    def write_many(self, calls):
        """Send a merge as a mere update of the survivor."""
        return super().write_many([replace(call, action="update") if call.loser_id else call for call in calls])


def _without_expectation(call: CrmCall) -> CrmCall:
    return CrmCall(
        call.key, call.action, call.object, call.record_id, call.fields, datetime.now(UTC), call.by,
        loser_id=call.loser_id,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("client", "fault", "kind"),
    [
        (BlindCrm, "timeout_after", "twice"),
        (CarelessCrm, "moved", "overwritten"),
        (LyingCrm, "", "lost"),
        (HalvingCrm, "", "lost"),
    ],
)
def test_harm_is_seen(
    lab: Laboratory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, client: type, fault: str, kind: str
) -> None:
    """SYN-2, SYN-3: a client that sends blindly, does not compare, lies or halves is caught by the two books."""
    monkeypatch.setattr(trials, "FakeCrm", client)
    monkeypatch.setattr(trials, "MOST_RUNS", 2)
    result = lab.fault(fault, place=1)
    assert result.problems[kind], result.problems
