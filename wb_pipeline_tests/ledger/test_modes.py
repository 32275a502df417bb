"""What writes may do: the strictest word holds."""

from __future__ import annotations

import pytest

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.modes import ALL, MODES, modes, switch_mode
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.ledger.switches import switch_actor
from wb_pipeline_tests.ledger.databases import both_databases

pytestmark = both_databases


@pytest.mark.parametrize("for_all", MODES)
@pytest.mark.parametrize("for_one", MODES)
def test_strictest_mode_holds(ledger: Ledger, for_all: str, for_one: str) -> None:
    """FLD-7: what holds for all cannot be loosened for one, nor the other way round."""
    switch_mode(ledger, ALL, for_all, "dana", "a test")
    switch_mode(ledger, "agent-1", for_one, "dana", "a test")
    now = modes(ledger)
    assert now.of("agent-1") == max(for_all, for_one, key=MODES.index)
    assert now.of("agent-2") == for_all


def test_latest_switch_holds_and_a_switched_off_actor_is_stopped(ledger: Ledger) -> None:
    """FLD-7: the kill switch stops writing too; the latest word of a person counts."""
    switch_mode(ledger, ALL, "stopped", "dana", "a fire")
    switch_mode(ledger, ALL, "running", "dana", "out")
    switch_actor(ledger, "agent-1", is_on=False, by="dana", reason="odd")
    assert (modes(ledger).of("agent-1"), modes(ledger).of("agent-2")) == ("stopped", "running")
    switch_actor(ledger, "agent-1", is_on=True, by="dana", reason="mended")
    assert modes(ledger).of("agent-1") == "running"


@pytest.mark.parametrize("missing", range(3))
def test_mode_needs_a_subject_a_person_and_a_reason(ledger: Ledger, missing: int) -> None:
    """RVW-1, FLD-7: nothing is switched by nobody."""
    given = ["agent-1", "dana", "odd"]
    given[missing] = " "
    with pytest.raises(InputError):
        switch_mode(ledger, given[0], "stopped", given[1], given[2])
    assert ledger.head().sequence == 0
