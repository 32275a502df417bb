"""Who changed what, when and why: from the books alone, safe on a terminal."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.audit.why import why
from wb_pipeline.audit.why_text import why_text
from wb_pipeline.cli.gates import words
from wb_pipeline.errors import AuditError, InputError
from wb_pipeline.home import Home
from wb_pipeline.ledger.manifests import commit_manifest, sealed_batches
from wb_pipeline.ledger.segment_files import segment_path
from wb_pipeline.paths import sql_project_folder
from wb_pipeline.steps.gate_catalog import says_of
from wb_pipeline_tests.ledger.factories import batch_key, decisions, manifest, seal, small_books


def _sealed(tmp_path: Path, rows: int = 2, **overrides: str) -> Home:
    home, ledger = small_books(tmp_path, batches=0)
    key = batch_key("a")
    made = manifest(key, ledger=ledger)
    commit_manifest(ledger, made)
    seal(home, ledger, made, decisions(made, key, rows, **overrides))
    return home


def test_why_returns_the_whole_chain_without_the_warehouse(tmp_path: Path) -> None:
    """AUD-3, AUD-1: proposal, actor, evidence, objections, lane, policy, run, manifest, place in the ledger."""
    home, ledger = small_books(tmp_path, batches=2, rows=6)
    explanation = why(home, "con-1", "title")
    assert not home.warehouse.exists()
    assert explanation.found == len(explanation.decisions) == 2
    facts, batch = explanation.decisions[0], sealed_batches(ledger)[0]
    assert (facts.run_id, facts.ledger_sequence) == ("run-0", batch.sealed_sequence)
    assert (facts.batch_file_name, facts.policy_file_name) == ("batch-0.jsonl", "policy.yaml")
    assert facts.decision["manifest_id"] == batch.seal.manifest_id
    assert (facts.decision["old_value"], facts.decision["new_value"]) == ("Head of IT 2", "VP IT 2")
    assert facts.decision["objections"][0]["reason"] == "field_not_granted"
    assert facts.decision["evidence"] == ["ev-2"]
    assert not facts.is_erased


def test_why_keeps_to_the_record_and_the_field(tmp_path: Path) -> None:
    """AUD-3: nothing about other records, all fields without one named, nothing for an unknown record."""
    home, _ = small_books(tmp_path, batches=1, rows=6)
    assert {facts.decision["record_id"] for facts in why(home, "con-1").decisions} == {"con-1"}
    assert [facts.decision["field"] for facts in why(home, "con-1").decisions] == ["title", "phone"]
    assert why(home, "con-1' or '1' = '1").found == 0
    assert why(home, "con-99").decisions == ()


def test_why_says_so_when_books_or_a_segment_are_missing(tmp_path: Path) -> None:
    """AUD-3: an answer is never silently incomplete."""
    with pytest.raises(InputError, match="no books"):
        why(Home(tmp_path / "nothing"), "con-1")
    assert not (tmp_path / "nothing").exists()
    home, ledger = small_books(tmp_path)
    segment_path(home, sealed_batches(ledger)[0].name).unlink()
    with pytest.raises(AuditError, match="cannot be read"):
        why(home, "con-1")


def test_why_text_tells_the_decision_in_words(tmp_path: Path) -> None:
    """AUD-3: readable lines, a gate's own words where they are given, the cause of the proposal."""
    cause = '{"depth": 2, "parent": "p-1", "path": ["wf-1", "wf-2"], "root": "crm:9"}'
    home = _sealed(tmp_path, rows=1, causation=f"'{cause}'", seen_value="'\"IT Manager\"'")
    text = why_text(why(home, "con-0"), {"gate_policy__field_not_granted": "The policy does not grant this field"})
    for line in (
        "update contact, title: auto (approved automatically)",
        "change     Head of IT 0 -> VP IT 0 (the actor saw IT Manager)",
        "by         ai_agent agent-enrich-1 (m-large-3), workflow wf-1, source linkedin",
        "caused by  root crm:9, parent p-1, depth 2, through wf-1 > wf-2",
        "evidence   ev-0",
        "objection  The policy does not grant this field [review, gate_policy__field_not_granted]",
        "ledger event 4,",
    ):
        assert line in text


def test_why_text_passes_no_control_character_to_the_terminal(tmp_path: Path) -> None:
    """EVD-10, CON-7: escape sequences, line breaks and bidi overrides in values stay data."""
    hostile = "'\x1b[2J\x07' || chr(10) || 'auto (approved)' || chr(8238) || 'x'"
    home = _sealed(
        tmp_path,
        rows=1,
        rationale=hostile,
        new_value=hostile,
        actor_id=hostile,
        proposal_id=hostile,
        objections=hostile,
    )
    text = why_text(why(home, "con-0"))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert all(line.startswith(("  ", "1 decision", "2026-")) for line in text.splitlines() if line)


def test_why_text_says_when_nothing_was_decided(tmp_path: Path) -> None:
    """AUD-3: an empty answer is an answer."""
    home, _ = small_books(tmp_path, batches=1)
    assert why_text(why(home, "con-99", "title")) == "No decision on record con-99, field title.\n"


@given(st.text(max_size=900))
def test_plain_returns_one_visible_line_whatever_the_text(text: str) -> None:
    """CON-7: for all texts: one line, printable, bounded."""
    shown = plain(text)
    assert len(shown.splitlines()) <= 1
    assert not [character for character in shown if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")]
    assert len(shown) < 450


def test_a_few_gates_are_read_as_the_whole_project_says_them() -> None:
    """AUD-3: the words are the gates' own, whichever kind of gate; a name from outside is no path."""
    every = {gate.gate: gate.says for gate in words()}
    names = ["gate_policy__field_locked", "gate_confidence__below_auto_band", "gate_../../x__y", "gate_no__such", ""]
    found = says_of(sql_project_folder(), names)
    assert found == {name: every[name] for name in names[:2]}
    assert all(found.values())
