"""Two wishes for one field, as the road decides them. The model alone is tested in dbt_like_sql."""

from __future__ import annotations

from datetime import timedelta

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import WORLD, change, contact, title_update, with_records


def test_likely_value_does_not_stop_a_sure_one(road: Road) -> None:
    """OVW-6, CNF-1, RVW-6: at 60 it goes to the suggestion field, contests no write, and lapses in thirty days."""
    outcome = road.run(
        WORLD,
        title_update("p-1", "CIO", confidence=60, source="user"),
        title_update("p-2", "VP IT", confidence=95, source="linkedin"),
        with_suites=True,
    )
    assert outcome.lanes(1) == {"*": "auto", "title": "suggest"}
    assert outcome.lanes(2) == {"*": "auto", "title": "auto"}
    assert outcome.row(1, "title")["suggestion_field"] == "ai_suggested_title"
    suggestion = outcome.row(1, "title")
    assert suggestion["expires_at"] - suggestion["decided_at"] == timedelta(days=30)


def test_sure_values_are_settled_by_source(road: Road) -> None:
    """OVW-4, OVW-6: the stronger source goes on; from one and the same source neither does, as one case."""
    outcome = road.rehearse(
        WORLD, title_update("p-1", "CIO", source="user"), title_update("p-2", "VP IT", source="linkedin")
    )
    assert (outcome.lane(1, "title"), outcome.lane(2, "title")) == ("auto", "deny")
    outcome = road.rehearse(WORLD, title_update("p-1", "CIO"), title_update("p-2", "VP IT"))
    assert (outcome.lane(1, "title"), outcome.lane(2, "title")) == ("review", "review")
    assert outcome.row(1, "title")["case_id"] == outcome.row(2, "title")["case_id"]
    assert outcome.row(1, "title")["case_id"]
    # What a gate sent to a person waits until somebody decides (RVW-6 is about suggestions alone).
    assert outcome.row(1, "title")["expires_at"] is None


def test_proposal_that_fails_alone_blocks_nobody(road: Road) -> None:
    """OVW-6: a wish without evidence contests nothing, from whatever source."""
    outcome = road.run(WORLD, title_update("p-1", "CIO", source="user", evidence=[]), title_update("p-2", "VP IT"))
    assert (outcome.lane(1, "title"), outcome.lane(2, "title")) == ("deny", "auto")


def test_replay_takes_no_part(road: Road) -> None:
    """CON-4, OVW-6: an old proposal that comes in again stops no new one, once what it wanted is in the CRM."""
    old = title_update("p-1", "CIO")
    earlier = road.run(WORLD, old)
    written = with_records(contact("con-1", email="ana@northwind.example", title="CIO", phone="+14155550132"))
    outcome = road.run(written, old, title_update("p-2", changes=[change("title", "VP IT", seen="CIO")]))
    assert outcome.lanes(1) == {"*": "noop", "title": "noop"}
    assert outcome.row(1)["repeats_change_id"] == earlier.row()["change_id"]
    assert outcome.lane(2, "title") == "auto"


def test_reused_id_with_other_content_is_quarantined(road: Road) -> None:
    """CON-4: one id with two contents: neither is believed; what is sealed stays."""
    assert road.run(WORLD, title_update("p-1", "CIO")).lane() == "auto"
    outcome = road.run(WORLD, title_update("p-1", "VP IT"))
    assert set(outcome.lanes().values()) == {"quarantine"}
