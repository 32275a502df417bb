"""Targets that are not there any more, in every action that needs one."""

from __future__ import annotations

import pytest

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import Row, contact, create_contact, proposal, record, title_update, with_records

NOT_FOUND, ARCHIVED, MERGED, REFERENCE = (
    f"gate_identity__{name}" for name in ("target_not_found", "target_archived", "target_merged", "reference_not_found")
)
WORLD = with_records(
    contact("con-3", email="old@northwind.example") | {"archived": True},
    contact("con-4", email="was@northwind.example") | {"merged_into": "con-1"},
    contact("con-5", email="twice@northwind.example") | {"merged_into": "con-4", "archived": True},
    contact("con-6", email="dead@northwind.example") | {"merged_into": "con-3"},
    contact("con-7", email="ring@northwind.example") | {"merged_into": "con-8"},
    contact("con-8", email="round@northwind.example") | {"merged_into": "con-7"},
    record("company", "com-8", {"name": "Gone", "domain": "gone.example"}, archived=True),
    record("company", "com-9", {"name": "Was", "domain": "was.example"}, merged_into="com-1"),
    record("workflow", "wf-1", {"name": "Nurture", "status": "active", "effects": [{"do": "notify"}]}),
)
TARGETS = [
    ({"id": "con-404"}, "deny", NOT_FOUND, None),
    ({"id": "com-1"}, "deny", NOT_FOUND, None),
    ({"match": {"email": "nobody@northwind.example"}}, "deny", NOT_FOUND, None),
    ({"match": {"phone": "+14155550132"}}, "deny", NOT_FOUND, None),
    ({"id": "con-3"}, "deny", ARCHIVED, None),
    ({"match": {"email": "old@northwind.example"}}, "deny", ARCHIVED, None),
    ({"id": "con-4"}, "review", MERGED, "con-1"),
    ({"match": {"email": "was@northwind.example"}}, "review", MERGED, "con-1"),
    ({"id": "con-5"}, "review", MERGED, "con-1"),
    ({"id": "con-6"}, "deny", ARCHIVED, None),
    ({"id": "con-7"}, "deny", ARCHIVED, None),
]


@pytest.fixture(scope="module")
def wishes() -> list[Row]:
    """Return an update and a trigger of every target."""
    found = []
    for number, (target, *_) in enumerate(TARGETS):
        found.append(title_update(f"u-{number}", title=f"VP {number}", target=target))
        trigger = {"target": target, "payload": {"workflow_id": "wf-1", "params": {"list": number}}}
        found.append(proposal(f"t-{number}", "trigger", "contact", **trigger))
    return found


def test_target_that_is_gone_is_denied_or_followed_to_its_survivor(road: Road, wishes: list[Row]) -> None:
    """IDN-9: unknown, of another object, archived, merged, merged twice, merged into the dead, merged in a ring."""
    outcome = road.rehearse(WORLD, *wishes)
    for number, (_, lane, gate, survivor) in enumerate(TARGETS):
        for line in (2 * number + 1, 2 * number + 2):
            row = outcome.row(line)
            assert (row["lane"], row["record_id"]) == (lane, survivor), wishes[line - 1]
            assert gate in outcome.gates(line), wishes[line - 1]
        assert outcome.lane(2 * number + 1, "title") == lane


@pytest.mark.parametrize("gone", ["con-404", "con-3", "con-4", "con-7", "com-1"])
def test_merge_with_a_record_that_is_gone_is_denied(gone: str, road: Road) -> None:
    """IDN-9: on either side of a merge."""
    pairs = [{"survivor": "con-1", "loser": gone}, {"survivor": gone, "loser": "con-1"}]
    merges = [
        proposal(f"m-{number}", "merge", "contact", target={"id": "con-1"}, payload=pair)
        for number, pair in enumerate(pairs)
    ]
    outcome = road.rehearse(WORLD, *merges)
    assert [outcome.lane(line) for line in (1, 2)] == ["deny", "deny"]
    assert all(REFERENCE in outcome.gates(line) for line in (1, 2))


@pytest.mark.parametrize("company_id", ["com-404", "com-8", "com-9", "con-1"])
def test_new_contact_is_not_put_under_a_company_that_is_gone(company_id: str, road: Road) -> None:
    """IDN-9: the reference is denied, the contact itself may be made."""
    payload = {"email": "noor@northwind.example", "last_name": "Rahimi", "company_id": company_id}
    outcome = road.rehearse(WORLD, create_contact(payload=payload))
    assert outcome.lane(1, "company_id") == "deny"
    assert REFERENCE in outcome.gates(1, "company_id")
