"""`wb audit` on the demo's books: they verify, tampering is found with exit code 5, and decisions can be asked
about.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.conftest import CommandRun

Wb = Callable[..., CommandRun]


def test_verify_passes_and_shows_the_head(demo_home: Home, wb: Wb) -> None:
    """AUD-2: books that nobody touched verify, also against the head that was exported."""
    done = wb("audit", "verify", "--home", demo_home.root)
    assert done.exit_code == 0, done.err
    head = Ledger.open(demo_home).head().event_hash
    assert done.out.rstrip().endswith(head)
    assert "note:" not in done.out
    assert wb("audit", "verify", "--head", head, "--home", demo_home.root).exit_code == 0


def test_verify_finds_another_head(demo_home: Home, wb: Wb) -> None:
    """AUD-2: a chain that does not lead to the exported head was written anew."""
    done = wb("audit", "verify", "--head", "f" * 64, "--home", demo_home.root)
    assert done.exit_code == 5
    assert "FOUND" in done.out


def _change_segment(home: Home) -> None:
    segment = min(home.segments.iterdir())
    segment.chmod(0o600)
    segment.write_bytes(segment.read_bytes().replace(b"auto", b"deny", 1))


def _remove_archived_batch(home: Home) -> None:
    min(home.archive.iterdir()).unlink()


def _change_event(home: Home) -> None:
    with closing(sqlite3.connect(home.ledger, isolation_level=None)) as connection:
        for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f'drop trigger "{name}"')
        connection.execute("update events set recorded_by = 'somebody else' where sequence = 3")


@pytest.mark.parametrize("tamper", [_change_segment, _remove_archived_batch, _change_event])
def test_verify_ends_with_five_when_somebody_tampered(tamper: Callable[[Home], None], demo_copy: Home, wb: Wb) -> None:
    """AUD-2: exit code 5 and what was found where, without a traceback."""
    tamper(demo_copy)
    done = wb("audit", "verify", "--home", demo_copy.root)
    assert done.exit_code == 5
    assert re.search(r"^FOUND: .+", done.out, re.MULTILINE)
    assert "the books do not verify" in done.err
    assert "Traceback" not in done.err


def test_why_tells_the_whole_story_of_a_field(demo_home: Home, wb: Wb) -> None:
    """AUD-1, AUD-3: who, what, when, on what evidence, by which policy, run and ledger event."""
    done = wb("audit", "why", "--record", "con-1", "--field", "title", "--home", demo_home.root)
    assert done.exit_code == 0, done.err
    for part in (
        "Head of IT -> VP IT",
        "agent-enrich-1",
        "p-1001",
        "ev-401",
        "policy.yaml",
        "ledger event",
        "manifest",
    ):
        assert part in done.out
    assert "auto (approved automatically)" in done.out


def test_why_says_what_objected_in_words(demo_home: Home, wb: Wb) -> None:
    """AUD-3: a denied change shows each gate by what it is for, not only by its name."""
    done = wb("audit", "why", "--record", "con-14", "--home", demo_home.root)
    assert done.exit_code == 0
    assert "objection" in done.out


def test_why_says_so_when_a_record_is_unknown(demo_home: Home, wb: Wb) -> None:
    """AUD-3: no decision is an answer, not an error; what was asked for cannot give the terminal orders."""
    done = wb("audit", "why", "--record", "con-\x1b[2J404", "--home", demo_home.root)
    assert done.exit_code == 0
    assert done.out.startswith("No decision on record con-")
    assert "\x1b" not in done.out


def test_demo_suggests_a_record_that_has_decisions(demo_home: Home, wb: Wb) -> None:
    """Issue 2, item 12: the commands on the demo's last screen show something."""
    from wb_pipeline.cli.demo import _where_to_look  # noqa: PLC0415 - the text is all that is wanted of it

    screen = _where_to_look(demo_home, demo_home.root / "demo-crm")
    (line,) = [line for line in screen.splitlines() if "audit why" in line]
    done = wb(*line[line.index("audit why") :].split())
    assert done.exit_code == 0
    assert "No decision" not in done.out
