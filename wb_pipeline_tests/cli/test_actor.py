"""`wb actor`: the kill switch holds from the next run on, and off again when it is switched back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.home import Home
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.end_to_end.road import Road, event_kinds, gates_of, phone_update, published, write_batch

Wb = Callable[..., CommandRun]
AGENT = "agent-enrich-1"
BY = ("--by", "Dana Ops", "--reason", "it went wild")


def test_actor_off_denies_until_it_is_on_again(demo_copy: Home, wb: Wb, tmp_path: Path) -> None:
    """FLD-7: one command denies everything that an agent proposes, one command lets the policy decide again; both are
    in the audit.
    """
    off = wb("actor", "off", AGENT, *BY, "--home", demo_copy.root)
    assert off.exit_code == 0, off.err
    assert off.out.startswith(f"{AGENT} is switched off (ledger event ")
    while_off = write_batch(tmp_path / "off.jsonl", phone_update("p-off", "+15185550171"))
    assert Road(demo_copy).run(while_off).success
    rows = published(demo_copy, while_off)
    assert {row["lane"] for row in rows} == {"deny"}
    assert "gate_policy__actor_switched_off" in gates_of(rows[0])

    assert wb("actor", "on", AGENT, *BY, "--home", demo_copy.root).exit_code == 0
    while_on = write_batch(tmp_path / "on.jsonl", phone_update("p-on", "+15185550172"))
    assert Road(demo_copy).run(while_on, while_off).success
    assert {row["lane"] for row in published(demo_copy, while_on)} == {"auto"}
    assert published(demo_copy, while_off) == rows
    assert [kind for kind, subject in event_kinds(demo_copy) if subject == AGENT] == ["actor_switched"] * 2
    assert verify_books(demo_copy).is_intact


def test_actor_needs_a_name_and_a_reason(demo_copy: Home, wb: Wb) -> None:
    """AUD-1: nobody switches an agent without saying who and why."""
    done = wb("actor", "off", AGENT, "--home", demo_copy.root)
    assert done.exit_code == 2
    assert "--by" in done.err
    assert event_kinds(demo_copy)[-1][0] != "actor_switched"
