"""What is cited must say what is written: plainly, of this person, for this stage."""

from __future__ import annotations

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import Row, change, log, title_update, update, with_records

_CONTRADICTED, _UNSUPPORTED, _NO_INTENT = (
    f"gate_evidence__{name}" for name in ("value_contradicted", "value_unsupported", "intent_not_explicit")
)
_ANA = {"name": "con-1", "email": "ana@northwind.example"}
_DANA = {"name": "Dana", "email": "dana@our-company.example"}


def _mail(ref: str, body: str) -> Row:
    item = {"id": ref, "type": "email", "direction": "inbound", "from": _ANA, "to": [_DANA], "body": body}
    return {**item, "message_id": f"<{ref}@northwind.example>", "sent_at": "2026-02-26T09:00:00Z"}


_WORLD = with_records(
    evidence=[
        _mail("plain", "We want to sign by 27 March. Please send a quote for 40 seats."),
        _mail("maybe", "Maybe we want to sign by 27 March."),
        _mail("later", "Not now, ask me again in autumn."),
        _mail("wants", "We are interested, let us talk about what we need."),
    ]
)


def _deal(field: str, value: str, ref: str, quote: str | None = None, seen: str | None = None) -> Row:
    cited = {"ref": ref, **({"quote": quote} if quote else {})}
    return update("deal-1", change(field, value, seen=seen), source="email", evidence=[cited])


def test_quoted_words_must_say_the_value_plainly(road: Road) -> None:
    """EVD-7: the bare middle of a sentence is read with the "maybe" that it leaves out."""
    words = "want to sign by 27 March"
    wishes = [
        _deal("close_date_suggestion", "2026-03-27", "plain", words),
        _deal("close_date_suggestion", "2026-03-27", "maybe", words),
        _deal("close_date_suggestion", "2026-04-27", "plain", words),
    ]
    found = [road.rehearse(_WORLD, wish) for wish in wishes]
    assert found[0].lane(1, "close_date_suggestion") == "auto"
    assert _UNSUPPORTED in found[1].gates(1, "close_date_suggestion")
    assert _CONTRADICTED in found[2].gates(1, "close_date_suggestion")
    assert {each.lane(1, "close_date_suggestion") for each in found[1:]} <= {"review", "deny"}


def test_stage_needs_a_plain_intent(road: Road) -> None:
    """EVD-7: "not now" moves no stage, and "interested" only one that the policy gives it."""
    outcomes = {
        (ref, stage): road.rehearse(_WORLD, _deal("stage", stage, ref, seen="proposal")).gates(1, "stage")
        for ref, stage in (("wants", "discovery"), ("wants", "closed_won"), ("later", "discovery"))
    }
    assert _NO_INTENT not in outcomes["wants", "discovery"]
    assert _NO_INTENT in outcomes["wants", "closed_won"]
    assert {_NO_INTENT, _CONTRADICTED} <= outcomes["later", "discovery"]


def test_title_must_be_the_one_that_is_shown(road: Road) -> None:
    """EVD-7: the profile that is cited shows another title."""
    outcome = road.rehearse(_WORLD, title_update(title="VP IT Security", evidence=[{"ref": "profile"}]))
    assert outcome.lane(1, "title") == "review"
    assert {_CONTRADICTED, _UNSUPPORTED} <= outcome.gates(1, "title")


def test_note_that_contradicts_what_it_cites_is_reviewed(road: Road) -> None:
    """EVD-8: a note is written as it is, unless what it cites says the opposite."""
    cited = [{"ref": "plain"}]
    true = log("note", "p-1", body="They want a quote for 40 seats.", evidence=cited)
    false = log("note", "p-2", body="They want a quote for 400 seats.", evidence=cited)
    outcome = road.rehearse(_WORLD, true, false)
    assert (outcome.lane(1, "body"), _CONTRADICTED in outcome.gates(2, "body")) == ("auto", True)
    assert outcome.lane(2, "body") == "review"
