"""Proposals in, match, review or create out, on a CRM in which a reader can see what is right."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from wb_pipeline_tests.matching.small_crm import Record, propose, rows_of, stand, warehouse


def _contact(key: str, first: str, last: str, email: str, **more: object) -> Record:
    return ("contact", key, {"first_name": first, "last_name": last, "email": email} | more)


CRM: list[Record] = [
    ("company", "halcyon", {"name": "Halcyon Freight Ltd", "domain": "halcyonfreight.com", "city": "Leeds"}),
    ("company", "orion", {"name": "Orion Metals", "domain": "orionmetals.com", "city": "York", "country": "GB"}),
    _contact(
        "quist", "Robert", "Quist", "robert.quist@halcyonfreight.com", phone="+442079460001", company_id="halcyon"
    ),
    _contact("cole", "Maria", "Colefax", "maria.colefax@orionmetals.com", phone="+442079460002", company_id="orion"),
    _contact(
        "anna1", "Anna", "Wexford", "anna.wexford@halcyonfreight.com", company_id="halcyon", title="Buyer",
        mobile="+447700900111", linkedin_url="https://linkedin.com/in/anna-wexford", city="Leeds",
    ),
    _contact(
        "anna2", "Anna", "Wexford", "awexford2@orionmetals.com", company_id="orion", title="Nurse",
        mobile="+447700900222", linkedin_url="https://linkedin.com/in/wexford-nurse", city="York",
    ),
    *(
        _contact(f"x{n}", first, last, f"{first}.{last}@{firm}.com".lower(), company_id=firm[:7].rstrip("f"))
        for n, (first, last, firm) in enumerate(
            (first, last, firm)
            for first in ("Ingrid", "Takeshi", "Olga", "Pedro", "Fatima")
            for last in ("Okafor", "Lindqvist", "Haverkamp", "Castellano")
            for firm in ("halcyonfreight", "orionmetals")
        )
    ),
]  # fmt: skip
NICKNAME = {
    "first_name": "Bob", "last_name": "Quist", "email": "bob.quist@halcyonfreight.com", "phone": "020 7946 0001",
    "country": "GB", "company_name": "Halcyon Freight",
}  # fmt: skip
NEWCOMER = {
    "first_name": "Theodore", "last_name": "Abernathy", "email": "t.abernathy@juniperworks.com", "city": "Oslo",
    "mobile": "+4741234567",
}  # fmt: skip


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in which the CRM stands ready."""
    with warehouse() as con:
        stand(con, CRM)
        yield con


def test_one_person_in_another_spelling_is_a_match(con: duckdb.DuckDBPyConnection) -> None:
    """IDN-2: nickname, other mailbox, number written the national way: the record is found, with a reason."""
    found = propose(con, "contact", {"p": NICKNAME})["p"]
    assert (found["decision"], found["object"], found["record_id"]) == ("match", "contact", "quist")
    assert found["match_probability"] > 0.975
    assert "short form" in str(found["match_reason"])


def test_somebody_unheard_of_is_a_create(con: duckdb.DuckDBPyConnection) -> None:
    """Nothing is like it: no candidate, and the probability that it is new is near one."""
    found = propose(con, "contact", {"p": NEWCOMER})["p"]
    assert (found["decision"], found["record_id"]) == ("create", None)
    assert found["new_probability"] > 0.96


def test_a_name_that_two_bear_goes_to_review(con: duckdb.DuckDBPyConnection) -> None:
    """IDN-2: two people fit equally; one probability is shared, and neither is taken."""
    found = propose(con, "contact", {"p": {"first_name": "Anna", "last_name": "Wexford"}})["p"]
    assert found["decision"] == "review"
    assert found["runner_up_probability"] > 0.05
    assert found["match_probability"] + found["runner_up_probability"] + found["new_probability"] <= 1 + 1e-9


def test_a_namesake_elsewhere_is_no_match(con: duckdb.DuckDBPyConnection) -> None:
    """IDN-2: the name alone, at a third firm, matches nobody automatically."""
    elsewhere = {
        "first_name": "Maria",
        "last_name": "Colefax",
        "email": "maria.colefax@juniperworks.com",
        "city": "Oslo",
    }
    assert propose(con, "contact", {"p": elsewhere})["p"]["decision"] != "match"


def test_the_probabilities_of_one_proposal_share_one(con: duckdb.DuckDBPyConnection) -> None:
    """A ranking with abstention: best, runner-up and none of them never exceed certainty."""
    given = {f"p{n}": fields for n, (_, _, fields) in enumerate(CRM[2:12])} | {"new": NEWCOMER, "nick": NICKNAME}
    for found in propose(con, "contact", given).values():
        shares = [found[name] for name in ("match_probability", "runner_up_probability", "new_probability")]
        assert all(0 <= share <= 1 for share in shares)
        assert sum(shares) <= 1 + 1e-9


def test_two_proposals_of_one_newcomer_are_twins(con: duckdb.DuckDBPyConnection) -> None:
    """IDN-4: creates of one batch that mean one person are found, spelt differently, and strangers are not."""
    again = NEWCOMER | {"first_name": "Ted", "email": "theodore.abernathy@juniperworks.com"}
    stranger = {"first_name": "Nadia", "last_name": "Popescu", "email": "nadia@walrusoil.com"}
    found = propose(con, "contact", {"a": NEWCOMER, "b": again, "c": stranger})
    twins = rows_of(con, "from matching.proposal_twins where match_probability > 0.5")
    assert [{row["left_id"], row["right_id"]} for row in twins] == [{"a", "b"}]
    assert {key: row["decision"] for key, row in found.items()} == dict.fromkeys("abc", "create")


def test_a_given_id_is_held_against_the_evidence(con: duckdb.DuckDBPyConnection) -> None:
    """IDN-2: the right id is sure; the id of somebody else is not, however the agent trusts it."""
    propose(con, "contact", {"right": NICKNAME, "wrong": NICKNAME}, {"right": "quist", "wrong": "cole"})
    sure = {row["probe_id"]: row["target_probability"] for row in rows_of(con, "from matching.target_probabilities")}
    assert sure["right"] > 0.975
    assert sure["wrong"] < 0.05


def test_an_id_that_is_in_no_record_has_no_probability(con: duckdb.DuckDBPyConnection) -> None:
    """IDN-9's gate speaks about ids that point nowhere; likeness says nothing of them."""
    propose(con, "contact", {"p": NICKNAME}, {"p": "no-such-record"})
    assert rows_of(con, "from matching.target_probabilities") == []


def test_decisions_do_not_depend_on_other_proposals_or_their_order(con: duckdb.DuckDBPyConnection) -> None:
    """IDN-2: alone, in company, and in another order: the same decision on each, to the last digit."""
    given = {"a": NICKNAME, "b": NEWCOMER, "c": {"first_name": "Anna", "last_name": "Wexford"}}
    together = propose(con, "contact", given)
    assert propose(con, "contact", dict(reversed(given.items()))) == together
    assert {key: propose(con, "contact", {key: fields})[key] for key, fields in given.items()} == together


def test_a_company_under_its_domain_is_a_match_and_a_look_alike_is_not(con: duckdb.DuckDBPyConnection) -> None:
    """IDN-5: halcyonfreight.com is Halcyon Freight; halcyonfre1ght.com under that name is nobody's match."""
    given = {
        "same": {"name": "Halcyon Freight Limited", "website": "https://www.halcyonfreight.com", "city": "Leeds"},
        "like": {"name": "Halcyon Freight", "domain": "halcyonfre1ght.com"},
        "new": {"name": "Walrus Oil", "domain": "walrusoil.no", "city": "Oslo", "country": "NO"},
    }
    found = propose(con, "company", given)
    assert {key: row["decision"] for key, row in found.items() if key != "like"} == {"same": "match", "new": "create"}
    assert found["same"]["record_id"] == "halcyon"
    assert found["like"]["decision"] == "review"
