"""`wb breaker`: shows what is open, and closes it only for a person with a reason (TRG-3)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_breakers import BreakerOpened
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.conftest import CommandRun

Wb = Callable[..., CommandRun]
KEY = "actor:ai_agent:agent-enrich-1"
BY = ("--by", "Dana Ops", "--reason", "the import was meant")


def _opened(home: Home) -> Ledger:
    ledger = Ledger.open(home)
    event = BreakerOpened(manifest_id="a" * 64, window="hour", used=501, limit=500).about(KEY)
    ledger.append([event], recorded_by="pipeline")
    return ledger


def test_open_breaker_is_shown_and_reset(home: Home, wb: Wb) -> None:
    """TRG-3, AUD-1: who reset it and why is in the audit; then nothing is open."""
    ledger = _opened(home)
    shown = wb("breaker", "show", "--home", home.root)
    assert shown.out.startswith(f"{KEY}  open since ")
    assert "501 proposals in one hour, 500 are allowed" in shown.out
    assert wb("breaker", "reset", KEY, *BY, "--home", home.root).exit_code == 0
    assert wb("breaker", "show", "--home", home.root).out == "No breaker is open.\n"
    last = ledger.events()[-1]
    assert (last.kind, last.subject, last.recorded_by) == ("breaker_reset", KEY, "Dana Ops")


def test_reset_needs_a_name_and_an_open_breaker(home: Home, wb: Wb) -> None:
    """TRG-3: a reset by nobody, or of what is not open, changes nothing; the message says what is open."""
    _opened(home)
    assert wb("breaker", "reset", KEY, "--home", home.root).exit_code == 2
    wrong = wb("breaker", "reset", "actor:ai_agent:other", *BY, "--home", home.root)
    assert wrong.exit_code == 2
    assert KEY in wrong.err


def test_key_with_control_characters_is_shown_plainly(home: Home, wb: Wb) -> None:
    """Law 7: an agent's name sends nothing to a terminal."""
    ledger = Ledger.open(home)
    opened = BreakerOpened(manifest_id="a" * 64, window="day", used=2, limit=1)
    ledger.append([opened.about("actor:ai_agent:\x1b[31mred")], recorded_by="pipeline")
    assert "\x1b" not in wb("breaker", "show", "--home", home.root).out


def test_nothing_to_show_before_the_first_run(tmp_path: Path, wb: Wb) -> None:
    """TRG-3: a home without books is said to be one."""
    assert wb("breaker", "show", "--home", tmp_path / "none").exit_code == 2
