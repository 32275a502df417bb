"""The whole chain behind a change: proposal, people, write, the CRM's answer, what it caused, what took it back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wb_pipeline.audit.question import Question
from wb_pipeline.audit.steps_text import step_words
from wb_pipeline.audit.why import Explanation, explain, record_history, why
from wb_pipeline.audit.why_json import why_json
from wb_pipeline.audit.why_text import why_text
from wb_pipeline.errors import AuditError
from wb_pipeline.home import Home
from wb_pipeline.ledger.kinds_review import DecisionRefused, ItemRejudged
from wb_pipeline.ledger.kinds_writes import ChangeSeenAround
from wb_pipeline.ledger.store import Ledger
from wb_pipeline_tests.conftest import CommandRun
from wb_pipeline_tests.ledger.factories import CLOCK
from wb_pipeline_tests.ledger.people import HASH, books_with_queue, decide, give_back, plan_write, settle_write

OLD, NEW = {"title": "Head of IT"}, {"title": "VP of IT"}


def told_books(tmp_path: Path) -> tuple[Home, Ledger, list[str]]:
    """Return books in which everything happened to the first change that can happen to one."""
    home, ledger, ids = books_with_queue(tmp_path, rows=4)
    first = decide(ledger, ids[0], edited=NEW, words="spelt out", is_final=False, group_id="g-1")
    second = decide(ledger, ids[0], by="maria")
    late = DecisionRefused(decision="reject", reason="decided_already", standing_sequence=second)
    judged = ItemRejudged(policy_hash=HASH, lane="review", objections_digest=HASH, stands=True)
    ledger.append([late.about(ids[0]), judged.about(ids[0])], recorded_by="omar")
    key = plan_write(ledger, ids[0], fields=NEW, base=OLD, approvals=[first, second])
    settle_write(ledger, key, before=OLD, after=NEW, reconciled=True, answer="200 updated")
    undo = plan_write(ledger, fields=OLD, base=NEW, action="undo", undoes=key)
    settle_write(ledger, undo, before=NEW, after=OLD)
    return home, ledger, ids


def test_a_change_is_told_from_proposal_to_undo(tmp_path: Path) -> None:
    """AUD-3: who approved with which edits, who came too late, what was written, what the CRM said, what undid it."""
    home, _, ids = told_books(tmp_path)
    facts = why(home, "con-0", "title").decisions[0]
    assert facts.decision["change_id"] == ids[0]
    assert [(words.label, words.sentence) for words in (step_words(step) for step in facts.steps)] == [
        (
            "person",
            (
                "approved by dana; with edits: title = VP of IT; saying: spelt out; "
                "a second person has to approve it too; decided together as g-1"
            ),
        ),
        ("person", "approved by maria"),
        ("too late", "omar wanted to reject too, but somebody had decided already; ledger event 7 stands"),
        ("rejudged", f"judged again under policy {HASH}: review; what was decided stands"),
        ("outbox", "to be written to files (allowed by ledger event 6, 7): title: Head of IT -> VP of IT"),
        (
            "write",
            (
                "written; read before and after: title: Head of IT -> VP of IT; found out by reading, since no answer "
                "came; the CRM said: 200 updated; record con-0"
            ),
        ),
        ("undo", "to be taken back in files, asked for by pipeline: title: VP of IT -> Head of IT"),
        ("undo", "written; read before and after: title: VP of IT -> Head of IT; the CRM said: ok; record con-0"),
    ]


def test_other_changes_are_told_nothing_of_it(tmp_path: Path) -> None:
    """AUD-3: a step belongs to the changes that it names, and to no other one."""
    home, _, _ = told_books(tmp_path)
    assert {facts.decision["field"]: bool(facts.steps) for facts in why(home, "con-0").decisions} == {
        "title": True,
        "phone": False,
    }


def test_an_erased_value_is_told_as_erased_and_a_changed_one_is_refused(tmp_path: Path) -> None:
    """AUD-6, AUD-2: the chain is told without what was erased; a value that was changed is no answer."""
    home, ledger, _ = told_books(tmp_path)
    _in_ledger(home, "delete from kept_values where value like '%spelt%' or value like '%VP of IT%'")
    sentences = [step_words(step).sentence for step in why(home, "con-0", "title").decisions[0].steps]
    assert sentences[0].startswith("approved by dana; with edits: (erased on request)")
    assert "read before and after: (erased on request)" in sentences[5]
    assert "VP of IT" not in why_text(why(home, "con-0"))
    decide(ledger, why(home, "con-0").decisions[0].decision["change_id"], edited={"title": "x"})
    _in_ledger(home, "update kept_values set value = 'something else'")
    with pytest.raises(AuditError, match="kept value"):
        why(home, "con-0")


def _in_ledger(home: Home, statement: str) -> None:
    with closing(sqlite3.connect(home.ledger)) as connection, connection:
        connection.execute(statement)


def test_a_created_record_is_found_by_the_id_that_the_crm_gave_it(tmp_path: Path) -> None:
    """AUD-3: a create has no record id when it is judged; its write knows it."""
    home, ledger, ids = books_with_queue(
        tmp_path, rows=2, record_id="null", action="'create'", effective_action="'create'"
    )
    key = plan_write(ledger, *ids, action="create", record_id=None)
    settle_write(ledger, key, after=NEW, record_id="con-new")
    assert [facts.decision["change_id"] for facts in why(home, "con-new").decisions] == ids
    assert record_history(home, ledger, "contact", "con-new").found == 2


def test_what_a_proposal_led_to_is_told_with_it(tmp_path: Path) -> None:
    """AUD-3, TRG-2: a proposal whose cause names this one, as parent or root, and no other."""
    cause = "json_object('root', ['p-7', 'p-0'][i], 'parent', 'p-9')"
    home, _, _ = books_with_queue(
        tmp_path,
        rows=3,
        is_action_row="true",
        causation=f"case when i > 0 then {cause} end",
    )
    by_id = {facts.decision["proposal_id"]: facts for facts in explain(home, Question(batch="")).decisions}
    assert [caused.proposal_id for caused in by_id["p-0"].caused] == ["p-2"]
    assert by_id["p-1"].caused == ()
    assert "led to     p-2: update contact con-1, by agent-enrich-1: review" in why_text(why(home, "con-0"))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Ledger, list[str]]:
    """Return books, to be read only, in which maria approved the first of four changes three days later."""
    home, ledger, ids = books_with_queue(tmp_path_factory.mktemp("asked"), rows=4)
    decide(Ledger.open(home, clock=lambda: CLOCK + timedelta(days=3)), ids[0], by="maria")
    return home, ledger, ids


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (Question(actor_id="agent-enrich-1"), {0, 1, 2, 3}),
        (Question(actor_id="maria"), {0}),
        (Question(actor_id="nobody"), set()),
        (Question(proposal="p-2"), {2}),
        (Question(batch="zz"), set()),
        (Question(record_id="con-1"), {2, 3}),
        (Question(record_id="con-1", object="deal"), set()),
        (Question(record_id="con-1", field="phone"), {3}),
        (Question(since=CLOCK - timedelta(hours=1), until=CLOCK + timedelta(hours=1)), {0, 1, 2, 3}),
        (Question(since=CLOCK + timedelta(hours=1)), {0}),
        (Question(until=CLOCK), set()),
        (Question(actor_id="agent-enrich-1' or true --"), set()),
    ],
)
def test_a_question_finds_its_decisions(
    asked: tuple[Home, Ledger, list[str]], question: Question, found: set[int]
) -> None:
    """AUD-3: by record, field, actor or reviewer, proposal, batch, and the time of anything that happened."""
    home, ledger, ids = asked
    explanation = explain(home, question, ledger)
    assert {ids.index(facts.decision["change_id"]) for facts in explanation.decisions} == found


def test_changes_seen_around_us_stand_in_the_records_history(tmp_path: Path) -> None:
    """AUD-5, AUD-3: what came around us belongs to who changed what; an alarm says so."""
    home, ledger, _ = books_with_queue(tmp_path)
    with ledger.writing("pipeline") as book:
        for record_id, is_alarm in (("con-0", True), ("con-01", False)):
            seen = ChangeSeenAround(
                snapshot_hash=HASH,
                by="agent:agent-1",
                at="2026-03-02T08:00:00.000000Z",
                is_alarm=is_alarm,
                value_digest=book.keep('"CEO"'),
            )
            book.append([seen.about(f'["contact","{record_id}","title"]')])
    said = "ALARM, around us: title of con-0 became CEO, by agent:agent-1 at 2026-03-02 08:00:00 UTC"
    assert [step_words(step).sentence for step in record_history(home, ledger, "contact", "con-0").around] == [said]
    assert record_history(home, ledger, "deal", "con-0").around == ()
    assert said in why_text(why(home, "con-0"))
    assert why(home, "con-0", "phone").around == ()


def test_no_step_brings_a_control_character_to_the_terminal(tmp_path: Path) -> None:
    """EVD-10: words of people, answers of a CRM and values are text, on a terminal and as JSON."""
    home, ledger, ids = books_with_queue(tmp_path, rows=1)
    hostile = "\x1b[2J\x07\n  person  approved\u202e"
    decide(ledger, ids[0], by=hostile, words=hostile, edited={hostile: hostile})
    settle_write(ledger, plan_write(ledger, ids[0], fields={hostile: hostile}), answer=hostile, after={"a": hostile})
    give_back(ledger, ids[0])
    explanation = why(home, "con-0")
    shown = [why_text(explanation), "\n".join(why_json(explanation))]
    assert not [text for text in shown if any(character in text for character in "\x1b\x07\u202e")]
    assert not [line for line in shown[0].splitlines() if line.startswith("  person  approved")]


def test_the_answer_as_json_lines_holds_the_whole_chain(tmp_path: Path) -> None:
    """AUD-3: programs get what people get."""
    home, _, ids = told_books(tmp_path)
    lines = [json.loads(line) for line in why_json(_newest(home))]
    (line,) = [line for line in lines if line["change_id"] == ids[0]]
    assert (line["type"], line["new_value"]) == ("decision", "VP IT 0")
    assert [step["kind"] for step in line["steps"]][-1] == "write_settled"
    assert line["steps"][0]["kept"]["edited"] == {"value": NEW, "is_erased": False}


def _newest(home: Home) -> Explanation:
    return explain(home, Question(since=datetime(2026, 1, 1, tzinfo=UTC)))


def test_the_command_asks_by_anything_and_says_what_is_missing(tmp_path: Path, wb: Callable[..., CommandRun]) -> None:
    """AUD-3: one command for record, field, actor, batch, proposal, time."""
    home, _, _ = told_books(tmp_path)
    run = wb("audit", "why", "--actor", "maria", "--home", home.root)
    assert run.exit_code == 0
    assert run.out.startswith("1 decision(s) on actor maria, oldest first.")
    assert "  person     2026-03-02 09:00:00 UTC  approved by maria [ledger event 7]" in run.out
    run = wb(
        "audit", "why", "--from", "2026-03-01", "--to", "2026-03-03T00:00:00Z", "--format", "jsonl", "--home", home.root
    )
    assert len(run.out.splitlines()) == 4
    assert wb("audit", "why", "--home", home.root).exit_code == 2
    assert "is not a time" in wb("audit", "why", "--from", "yesterday", "--home", home.root).err
