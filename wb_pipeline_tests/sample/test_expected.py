"""The sample is complete, consistent and fits the policy. Whether the pipeline decides as expected: the golden test."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from ruamel.yaml import YAML

from wb_pipeline.contract.read import open_rows
from wb_pipeline.paths import default_policy_file, sample_folder
from wb_pipeline_tests.sample.expected import ExpectedProposal, load_expected, sample_rows

EXPECTED = load_expected()
LANES = {"auto", "suggest", "review", "deny", "quarantine", "noop"}
EVIDENCE_TYPES = {
    "email", "calendar_event", "call_recording", "linkedin_profile", "enrichment", "email_verification",
    "proposal_document", "order_form", "mutual_action_plan", "web_visit", "form_submission", "crm_event",
}  # fmt: skip
READABLE = [each for each in EXPECTED.proposals if each.lane != "quarantine" or each.gates]


@cache
def policy() -> dict[str, Any]:
    """The default policy as it stands in the file."""
    loaded: dict[str, Any] = YAML(typ="safe").load(default_policy_file())
    return loaded


@cache
def rows_of(folder: str) -> list[dict[str, Any]]:
    """All rows of a folder of the sample."""
    files = sorted((sample_folder() / folder).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@cache
def record_ids() -> dict[str, dict[str, Any]]:
    """The CRM records by id."""
    return {row["id"]: row for row in rows_of("crm")}


def proposal_of(expected: ExpectedProposal) -> dict[str, Any]:
    """The proposal that stands in the expected line."""
    row = sample_rows(expected.batch)[expected.line - 1]
    assert row is not None
    return row


def test_sample_expects_something_of_every_line_of_every_batch() -> None:
    """Rows in = rows out holds for the golden file too: no line of a batch is without its expected lane."""
    files = {path.name for path in (sample_folder() / "batches").iterdir()}
    assert {batch for run in EXPECTED.runs for batch in run} == files
    for batch in files:
        lines = [each.line for each in EXPECTED.of_batch(batch)]
        assert lines == list(range(1, len(sample_rows(batch)) + 1)), batch


@pytest.mark.parametrize("expected", READABLE, ids=lambda each: each.name)
def test_expected_line_names_the_proposal_that_stands_there(expected: ExpectedProposal) -> None:
    """A shifted line would make the golden test compare the wrong things."""
    proposal = proposal_of(expected)
    assert proposal["proposal_id"] == expected.proposal_id
    assert len(proposal.get("changes") or proposal.get("payload") or ()) >= len(expected.fields)


def test_sample_shows_every_lane_and_every_action() -> None:
    """Issue 2, item 12: every action and every lane is there."""
    lanes = {each.lane for each in EXPECTED.proposals}
    lanes |= {lane for each in EXPECTED.proposals for lane in each.fields.values()}
    assert lanes == LANES
    actions = Counter(proposal_of(each)["action"] for each in READABLE if each.lane != "deny")
    assert set(actions) == {"create", "update", "log", "trigger", "merge"}


NOT_SHOWN = {
    "gate_overwrite__snapshot_too_old": "an old picture sends everything to review",
    "gate_overwrite__source_outranked": "needs a write that the CRM has taken over since; nothing is applied yet",
    "gate_overwrite__field_flapping": "needs a quarrel over days, and the sample is one morning",
    "gate_trigger__budget_spent": "a burst of some thirty proposals about one record",
    "gate_trigger__breaker_open": "stays open after such a burst, whoever writes next",
}


def test_sample_shows_every_gate_of_the_policy_objecting() -> None:
    """The sample is the place where each gate can be seen at work, but for a few that would drown all else."""
    shown = {gate for each in EXPECTED.proposals for gate in each.gates}
    assert shown == set(policy()["gates"]) - set(NOT_SHOWN)


def test_sample_lets_benign_proposals_through() -> None:
    """A gate that stops everything teaches nothing: about a quarter passes as a whole."""
    lanes = Counter(each.lane for each in EXPECTED.proposals)
    assert lanes["auto"] / lanes.total() >= 0.23


def test_stories_are_single_plain_sentences_without_gate_names() -> None:
    """The demo's last screen is for a sales manager."""
    for each in EXPECTED.proposals:
        assert each.story.endswith((".", "?")), each.name
        assert "gate_" not in each.story, each.name
        assert len(each.story) <= 220, each.name


def test_sample_has_evidence_of_every_type_under_unique_ids() -> None:
    """Contract section 2: every type can be seen once."""
    items = rows_of("evidence")
    assert {item["type"] for item in items} == EVIDENCE_TYPES
    assert max(Counter(item["id"] for item in items).values()) == 1


@pytest.mark.parametrize("expected", READABLE, ids=lambda each: each.name)
def test_citations_exist_unless_the_case_is_about_a_missing_one(expected: ExpectedProposal) -> None:
    """EVD-2, EVD-6: only the case about a missing citation cites what is not there; quotes occur in what they cite."""
    items = {item["id"]: json.dumps(item, ensure_ascii=False) for item in rows_of("evidence")}
    cited = proposal_of(expected)["evidence"]
    missing = [each["ref"] for each in cited if each["ref"] not in items]
    assert bool(missing) == (expected.case == "cited_evidence_missing")
    are_found = all(each.get("quote", "") in items.get(each["ref"], "") for each in cited)
    assert are_found == (expected.case != "invented_quote")


@pytest.mark.parametrize("expected", READABLE, ids=lambda each: each.name)
def test_actor_and_source_are_registered_unless_the_case_is_about_them(expected: ExpectedProposal) -> None:
    """FLD-7: strangers occur in one case only, so that every other case is decided by what it is about."""
    proposal = proposal_of(expected)
    assert (proposal["actor"]["id"] in policy()["actors"]) == (
        expected.case not in {"unknown_actor", "impersonated_agent"}
    )
    assert proposal["source"] in policy()["sources"]


@pytest.mark.parametrize("expected", READABLE, ids=lambda each: each.name)
def test_seen_values_are_the_records_unless_the_case_is_about_them(expected: ExpectedProposal) -> None:
    """OVW-1: an agent that saw something else is the stale case, and no other."""
    proposal = proposal_of(expected)
    record = record_ids().get(proposal.get("target", {}).get("id", ""))
    if record is None or record["merged_into"]:
        return
    fields = {"dealstage": "stage", "E\u2011mail": "email", "properties.email": "email", "\u0435mail": "email"}
    for change in proposal.get("changes", []):
        if "seen" in change:
            current = record["fields"].get(fields.get(change["field"], change["field"]))
            assert (change["seen"] == current) == (expected.case != "stale_value"), change


def test_crm_records_point_to_records_that_exist() -> None:
    """The sample's own CRM has no orphans, so that only the proposals are in question."""
    for record in rows_of("crm"):
        for field in ("company_id", "primary_contact_id", "contact_id", "deal_id", "owner", "account_owner"):
            target = record["fields"].get(field)
            assert target is None or target in record_ids(), (record["id"], field)


def test_crm_values_are_in_the_policys_picklists() -> None:
    """FLD-5: what stands in the sample's CRM is itself valid."""
    picklists = policy()["picklists"]
    for record in rows_of("crm"):
        lists = picklists.get(record["object"], {})
        for field in lists.keys() & record["fields"].keys():
            assert record["fields"][field] in lists[field], (record["id"], field)


def test_sample_times_lie_before_its_clock_and_use_made_up_domains() -> None:
    """CON-8: with the sample's clock nothing but the case of a future time comes from the future."""
    clock = datetime.fromisoformat(EXPECTED.now)
    late = [
        each.case
        for each in READABLE
        if each.case not in {"time_without_zone", "time_unreadable"}
        and datetime.fromisoformat(proposal_of(each)["submitted_at"]) > clock
    ]
    assert late == ["time_in_future"]
    addresses = [row["fields"]["email"] for row in rows_of("crm") if "email" in row["fields"]]
    assert all(address.endswith(".example") for address in addresses)


def test_readme_tells_every_case_and_its_story() -> None:
    """The README's tables and the golden file say the same."""
    readme = (sample_folder() / "README.md").read_text(encoding="utf-8")
    missing = [each.name for each in EXPECTED.proposals if f"| `{each.case}` | {each.story} |" not in readme]
    assert missing == []


@pytest.mark.parametrize("batch", sorted({each.batch for each in EXPECTED.proposals}))
def test_contracts_reader_takes_every_line_that_should_be_readable(batch: str) -> None:
    """CON-2: the rows are where the golden file says, and only the broken line is refused by the reader itself."""
    rows = list(open_rows(sample_folder() / "batches" / batch).rows)
    assert [row.number for row in rows] == [each.line for each in EXPECTED.of_batch(batch)]
    refused = {row.number for row in rows if row.problem}
    assert refused == {each.line for each in EXPECTED.of_batch(batch) if each.case == "broken_line"}
