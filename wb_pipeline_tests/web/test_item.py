"""One item: everything in view, and each decision with what may go wrong with it."""

from __future__ import annotations

import re

from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import DecisionRefused, ItemDecided
from wb_pipeline_tests.review.factories import create, merge, objection, suggestion, take_evidence, update
from wb_pipeline_tests.web.asgi import Answer, fields_of
from wb_pipeline_tests.web.conftest import REVIEWER, SECOND, Page, waiting


def address(page: Page, place: int = 0) -> str:
    """Return the address of an item of the queue."""
    return f"/item/{waiting(page.office)[place].item_id}"


def decide(page: Page, target: str, decision: str, client=None, seen: str = "", **typed: str) -> Answer:
    """Fill in the form of an item's page (as it was `seen`, or as it is) and send it."""
    client = client or page.client
    wanted = {"decision": decision} | ({"is_edit": "1"} if "is_edit" in typed else {})
    return client.post(target, fields_of(seen or client.get(target).text, **wanted) | typed)


def decisions(page: Page) -> list[tuple[str, str, str, str]]:
    """Return who decided what for which reason in which words, from the books."""
    told = [(event.recorded_by, payload_of(event, ItemDecided)) for event in page.ledger.events(ItemDecided.kind)]
    return [(by, said.decision, said.reason_code, said.words) for by, said in told]


def test_item_has_everything_in_view(page):
    """RVW-1: old and new value, objections with what would pass, evidence, match, confidence, the agent's record."""
    text = page.client.get(address(page)).text
    for words in (
        '<del><span class="sr">removed: </span>Head of</del> IT',
        '<ins><span class="sr">added: </span>VP</ins> IT',
        "The field matters too much to change without a person.",
        "What would pass:",
        "VP IT</mark> now.",
        "ana.ruiz@northwind.example",
        "The proposal names this record by its id.",
        "92 of 100, of which 91 is believed",
        "nobody decided on anything of it yet; 1 wait",
        "She says so herself.",
        'href="/record/contact/con-1"',
    ):
        assert words in text, words


def test_quoted_passage_is_marked_in_the_evidence(page_over):
    """RVW-1, EVD-6: the words that the agent quotes are marked where they stand; words that stand nowhere are told."""
    page = page_over(update("title", "now", evidence='["ev-1","ev-2"]'))
    text = page.client.get(address(page)).text
    assert '<mark class="quote"><span class="sr">quoted: </span>VP IT</mark>' in text
    assert '<mark><span class="sr">the new value: </span>now</mark>' in text
    assert text.count("These words, which the agent quotes, do not stand in this item.") == 1


def test_evidence_that_was_never_there_is_told(page_over):
    """EVD-2: a cited id that the store does not have is named, not left out."""
    page = page_over(update("title", "VP IT", evidence='["ev-none"]'), update("phone", "1", evidence="[]"))
    assert "The evidence store has no such item." in page.client.get(address(page)).text
    assert "It cites no evidence." in page.client.get(address(page, 1)).text


def test_approval_is_kept_under_the_name_of_who_signed_in(page_over):
    """RVW-1, RVW-5: a decision stands in the books with the person, and the next item opens."""
    page = page_over(update("title", "VP IT"), update("phone", "+13035550199"))
    first, second = address(page), address(page, 1)
    answer = decide(page, first, "approve")
    assert answer.status == 303
    assert answer.headers["location"].replace("%3A", ":").startswith(f"{second}?said=approved&about=")
    assert decisions(page) == [(REVIEWER, "approve", "", "")]
    after = page.client.get(answer.headers["location"]).text
    assert "Approved." in after
    last = decide(page, second, "approve")
    assert last.headers["location"].startswith("/?said=approved")
    assert "Nothing waits" in page.client.get(last.headers["location"]).text


def test_next_item_is_of_the_same_list(page_over):
    """RVW-1: whoever clears one filter stays in it."""
    page = page_over(update("title", "A"), update("phone", "1"), update("title", "B", record_id="con-2"))
    target = f"{address(page)}?field=title"
    answer = decide(page, target, "approve")
    assert answer.headers["location"].replace("%3A", ":").startswith(f"{address(page, 1)}?field=title&said=approved")
    assert 'href="/?field=title"' in page.client.get(answer.headers["location"]).text


def test_rejection_needs_a_reason_and_keeps_what_was_typed(page):
    """RVW-1: an error stands at its field, and nothing that was typed is lost."""
    target = address(page)
    answer = decide(page, target, "reject", words="not <b>her</b>")
    assert answer.status == 422
    assert re.search(r'class="wrong"[^>]*>A rejection needs a reason', answer.text)
    assert 'value="not &lt;b&gt;her&lt;/b&gt;"' in answer.text
    assert '<details id="reject" open>' in answer.text
    assert decide(page, target, "reject", reason_code="other").status == 422
    assert decisions(page) == []
    assert decide(page, target, "reject", reason_code="other", words="she left").status == 303
    assert decisions(page) == [(REVIEWER, "reject", "other", "she left")]


def test_edited_value_is_checked_and_kept(page_over):
    """RVW-3: an edit passes the format rules; a wrong one stands in its field with what is wrong."""
    page = page_over(update("phone", "+13035550199"))
    (item,) = waiting(page.office)
    target, name = address(page), f"value:{item.fields[0].change_id}"
    answer = decide(page, target, "approve", is_edit="1", **{name: "call me"})
    assert answer.status == 422
    assert 'value="call me"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert decide(page, target, "approve", is_edit="1", **{name: "+1 303 555 0123"}).status == 303
    assert page.office.item(item.item_id).fields[0].new_value == '"+13035550123"'
    assert "approved it with another value" in page.client.get(target).text


def test_number_that_is_none_is_told_at_its_field(page_over):
    """RVW-3: what cannot be a number never becomes one."""
    page = page_over(create("deal", {"amount": 45000, "name": "Northwind: one store"}))
    (item,) = waiting(page.office)
    name = f"value:{item.fields[0].change_id}"
    for typed in ("a lot", "nan", "inf", "1e999", ""):
        answer = decide(page, address(page), "approve", is_edit="1", **{name: typed})
        assert (answer.status, "is not a number" in answer.text) == (422, True), typed
    assert decide(page, address(page), "approve", is_edit="1", **{name: "46,000"}).status == 303
    assert page.office.item(item.item_id).fields[0].new_value == "46000"


def test_two_people_at_once_one_wins_and_the_other_reads_who(page):
    """RVW-4: the first decision stands; the second one is told whose it is, and both are on record."""
    target, other = address(page), page.somebody(SECOND)
    seen = other.get(target).text
    decide(page, target, "approve")
    answer = decide(page, target, "reject", other, seen, reason_code="wrong_value")
    assert answer.status == 409
    assert f"{REVIEWER} approved it meanwhile." in answer.text.replace("U-ops", "u-ops")
    assert "The first decision stands" in answer.text
    assert decisions(page) == [(REVIEWER, "approve", "", "")]
    (refused,) = page.ledger.events(DecisionRefused.kind)
    assert refused.recorded_by == SECOND


def test_item_that_changed_since_it_was_shown_is_shown_again(page, tmp_path):
    """RVW-2: an approval holds for what was seen: if the evidence changed, nothing is decided."""
    target = address(page)
    seen = page.client.get(target).text
    take_evidence(page.office.home, page.ledger, tmp_path, {"ev-1": "I was VP IT."})
    item = waiting(page.office)[0]
    forged = fields_of(seen, decision="approve") | {"binding": "0" * 64}
    answer = page.client.post(target, forged)
    assert answer.status == 409
    assert "It changed since it was shown." in answer.text
    assert item.binding in answer.text
    assert decisions(page) == []


def test_decision_is_superseded_by_who_saw_it(page):
    """RVW-4: until it is written a decision can be replaced by a later one, on purpose; both stay on record."""
    target = address(page)
    decide(page, target, "approve")
    text = page.client.get(target).text
    assert "It is approved and waits to be written." in text
    assert "Decide otherwise" in text
    assert decide(page, target, "reject", reason_code="not_now").status == 303
    assert [said[1] for said in decisions(page)] == ["approve", "reject"]


def test_second_person_has_to_approve_what_the_policy_says(page_over):
    """RVW-5: the first of two approvals says so, the same person cannot give both, another one completes it."""
    page = page_over(merge(objections=objection("gate_policy__action_needs_approval", action="merge")))
    target = address(page)
    assert "needs two people" in page.client.get(target).text
    assert "said=approved_once" in decide(page, target, "approve").headers["location"]
    same = decide(page, target, "approve")
    assert (same.status, "A second person has to approve it." in same.text) == (422, True)
    assert decide(page, target, "approve", page.somebody(SECOND)).status == 303
    assert [said[0] for said in decisions(page)] == [REVIEWER, SECOND]


def test_who_has_no_right_reads_so(page):
    """RVW-5: a name without rights in the policy sees everything and decides nothing."""
    answer = decide(page, address(page), "approve", page.somebody("u-guest"))
    assert (answer.status, "U-guest is no reviewer in the policy." in answer.text) == (422, True)
    assert decisions(page) == []


def test_suggestion_is_accepted_or_dismissed(page_over):
    """RVW-6: a suggestion has its own words and is not edited."""
    page = page_over(suggestion(), suggestion(new="user", record_id="con-2"))
    one, two = (f"/item/{item.item_id}" for item in waiting(page.office, is_suggestion=True))
    assert 'id="edit"' not in page.client.get(one).text
    assert decide(page, one, "accept").headers["location"].replace("%3A", ":").startswith(f"{two}?said=accepted")
    assert (
        decide(page, two, "dismiss", reason_code="not_now")
        .headers["location"]
        .startswith("/suggestions?said=dismissed")
    )
    assert [said[1] for said in decisions(page)] == ["accept", "dismiss"]


def test_create_is_decided_as_a_whole_with_edits_of_its_fields(page_over):
    """RVW-1: the fields of a new record stand together; one of them may be edited."""
    page = page_over(create("lead", {"first_name": "Ana", "last_name": "Ruiz", "company_name": "Northwind"}))
    (item,) = waiting(page.office)
    names = {change.field: f"value:{change.change_id}" for change in item.fields}
    typed = {names["first_name"]: "Anna", names["last_name"]: "Ruiz", names["company_name"]: "Northwind"}
    assert decide(page, address(page), "approve", is_edit="1", **typed).status == 303
    after = {change.field: (change.new_value, change.is_edited) for change in page.office.item(item.item_id).fields}
    assert after == {
        "first_name": ('"Anna"', True),
        "last_name": ('"Ruiz"', False),
        "company_name": ('"Northwind"', False),
    }


def test_notice_says_only_words_of_ours(page):
    """An address cannot put words of its own on the page."""
    text = page.client.get("/?said=You+won&about=%3Cb%3E&many=7").text
    assert "You won" not in text
    assert "<b>" not in page.client.get("/?said=approved&about=%3Cb%3E").text
    assert "7 decided at once." in page.client.get("/?said=bulk&many=7").text
    assert "notice" not in page.client.get("/?said=bulk&many=7%3Cb%3E").text.split("<main")[0]


def test_odd_forms_change_nothing(page):
    """A form that says no decision, an unknown one or one of another kind is answered with words."""
    target = address(page)
    for decision in ("", "eat", "accept", "dismiss"):
        fields = fields_of(page.client.get(target).text, decision="approve") | {
            "decision": decision,
            "reason_code": "other",
        }
        assert page.client.post(target, fields | {"words": "x", "supersedes": "\u0663"}).status == 422, decision
    assert page.client.post("/item/none", fields).status == 404
    assert decisions(page) == []


def test_record_is_chosen_among_those_that_could_be_meant(page_over):
    """IDN-1, RVW-1: each candidate with what tells it apart; without a choice nothing is approved."""
    named = [{"record_id": each, "match_method": "likeness", "match_probability": 0.7} for each in ("con-1", "con-2")]
    told = objection("gate_identity__target_ambiguous", candidates=named)
    page = page_over(update("title", "VP IT", record_id=None, owner_id=None, objections=told))
    target = address(page)
    text = page.client.get(target).text
    assert "Which record is meant?" in text
    assert "title is Head of IT" in text
    assert re.search(r'type="radio" name="record_id" value="con-1" required', text)
    assert 'href="/record/contact/con-2"' in text
    assert text.count('name="record_id" value="con-1" required') == len(["approve", "edit"])
    answer = decide(page, target, "approve", record_id="")
    assert (answer.status, "Nobody knows which record is meant" in answer.text) == (422, True)
    outdated = decide(page, target, "approve", record_id="con-1", binding="0" * 64)
    assert (outdated.status, 'value="con-1" required checked' in outdated.text) == (409, True)
    assert decide(page, target, "approve", record_id="con-1").status == 303
    [event] = page.ledger.events(ItemDecided.kind)
    assert payload_of(event, ItemDecided).record_id == "con-1"
    assert "Which record is meant?" not in page.client.get(target).text
