"""A denied change is judged again when what it lacked arrives, or a person names it; else it expires (EXC-1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wb_pipeline.audit.verify import verify_books
from wb_pipeline.errors import InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.steps.intake import take_snapshot
from wb_pipeline.steps.pending import Pending, attach_evidence, pending_changes
from wb_pipeline.steps.rejudging import propose_again
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.end_to_end.road import EVIDENCE, Road, published, title_update, write_batch

Wb = Callable[..., CommandRun]
LATER = datetime(2026, 3, 3, 9, tzinfo=UTC)
_PROFILE = "ev-401"


def _items() -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(EVIDENCE.glob("*.jsonl")) for line in path.read_text().splitlines()]


def _evidence_with(folder: Path, *more: dict[str, Any]) -> Path:
    """Write the sample's evidence with more items, and return the folder."""
    folder.mkdir()
    (folder / "items.jsonl").write_text("".join(json.dumps(each) + "\n" for each in [*_items(), *more]))
    return folder


def _late_profile() -> dict[str, Any]:
    """Return the profile that supports the title, under an id that came later."""
    return {**next(each for each in _items() if each["id"] == _PROFILE), "id": "ev-late"}


def _denied(home: Home, tmp_path: Path, evidence: list[dict[str, str]], **said: Any) -> Path:
    batch = write_batch(tmp_path / "denied.jsonl", title_update("p-late", "VP IT", evidence=evidence, **said))
    assert Road(home).run(batch).success
    assert "deny" in {row["lane"] for row in published(home, batch)}
    return batch


def _of(home: Home, proposal_id: str, now: datetime = LATER) -> list[Pending]:
    return [each for each in pending_changes(home, Ledger.open(home), now) if each.proposal_id == proposal_id]


def _arrive(home: Home, folder: Path) -> None:
    take_snapshot(home, Ledger.open(home), "evidence", folder, LATER)


def test_change_is_judged_again_when_what_it_cited_arrives(demo_copy: Home, tmp_path: Path) -> None:
    """EXC-1: the evidence comes in after the denial: its actor's proposal is judged again by all gates, once."""
    _denied(demo_copy, tmp_path, [{"ref": "ev-late"}])
    ledger = Ledger.open(demo_copy)
    assert propose_again(demo_copy, ledger, LATER).path is None
    evidence = _evidence_with(tmp_path / "evidence", _late_profile())
    _arrive(demo_copy, evidence)
    done = propose_again(demo_copy, ledger, LATER)
    assert done.path
    (line,) = [json.loads(text) for text in done.path.read_text().splitlines()]
    assert line["proposal_id"].startswith("p-late~again-")
    assert line["actor"]["id"] == "agent-enrich-1"
    assert {each.state for each in _of(demo_copy, "p-late")} == {"proposed_again"}
    assert propose_again(demo_copy, ledger, LATER).path is None

    assert Road(demo_copy, evidence=evidence, now="2026-03-03T09:30:00Z", crm=None).run(done.path).success
    rows = [row for row in published(demo_copy, done.path) if row["field"] == "title"]
    assert {row["actor_id"] for row in rows} == {"agent-enrich-1"}
    assert "cited_evidence_missing" not in rows[0]["reason_codes"]
    assert rows[0]["lane"] != "deny"
    assert verify_books(demo_copy).is_intact


def test_attached_evidence_is_cited_beside_the_actors(demo_copy: Home, tmp_path: Path, wb: Wb) -> None:
    """EXC-1, AUD-1: a person names an item; it is judged again with it, and who named it is in the audit."""
    _denied(demo_copy, tmp_path, [])
    (pending,) = [each for each in _of(demo_copy, "p-late") if not each.is_action]
    at = ("--now", "2026-03-03T09:00:00Z", "--home", demo_copy.root)
    done = wb("pending", "attach", pending.change_id, "--evidence", _PROFILE, "--by", "u-ops-1", *at)
    assert done.exit_code == 0, done.err
    assert f"attached: {_PROFILE}" in wb("pending", "list", *at).out
    again = wb("pending", "rejudge", *at)
    assert "proposed again" in again.out
    (path,) = demo_copy.inbox.glob("again-*.jsonl")
    (line,) = [json.loads(text) for text in path.read_text().splitlines()]
    assert line["evidence"] == [{"ref": _PROFILE}]
    assert [change["field"] for change in line["changes"]] == ["title"]
    assert wb("pending", "rejudge", *at).out == "Nothing is due.\n"


def test_pending_change_expires(demo_copy: Home, tmp_path: Path) -> None:
    """EXC-1: after the policy's days it is shown as expired, is not proposed again, and nothing can be attached."""
    _denied(demo_copy, tmp_path, [{"ref": "ev-late"}])
    _arrive(demo_copy, _evidence_with(tmp_path / "evidence", _late_profile()))
    late = LATER + timedelta(days=31)
    found = _of(demo_copy, "p-late", late)
    assert {each.state for each in found} == {"expired"}
    ledger = Ledger.open(demo_copy)
    assert propose_again(demo_copy, ledger, late).path is None
    with pytest.raises(InputError, match="expired"):
        attach_evidence(demo_copy, ledger, found[0].change_id, "ev-401", "Dana Ops", "", late)


def test_what_lacks_more_than_evidence_waits_for_a_person(demo_copy: Home, tmp_path: Path) -> None:
    """EXC-1: evidence mends no missing right: what is denied for anything else too is not proposed again by itself."""
    actor = {"type": "ai_agent", "id": "nobody-knows", "model": "m"}
    _denied(demo_copy, tmp_path, [{"ref": "ev-late"}], actor=actor)
    _arrive(demo_copy, _evidence_with(tmp_path / "evidence", _late_profile()))
    assert propose_again(demo_copy, Ledger.open(demo_copy), LATER).path is None
    assert {each.state for each in _of(demo_copy, "p-late")} == {"waiting"}


def test_attach_needs_a_name_and_a_pending_change(demo_home: Home) -> None:
    """EXC-1, AUD-1: nothing is attached by nobody, or to nothing."""
    ledger = Ledger.open(demo_home)
    with pytest.raises(InputError, match="needs the id"):
        attach_evidence(demo_home, ledger, "x", "ev-401", " ", "", LATER)
    with pytest.raises(InputError, match="no pending change"):
        attach_evidence(demo_home, ledger, "x", "ev-401", "Dana Ops", "", LATER)
