"""What a CRM or an agent may throw at the matching: nothing breaks, nothing explodes, doubt goes to review."""

from __future__ import annotations

import pytest

from wb_pipeline_tests.matching.small_crm import Record, propose, rows_of, scored, stand, warehouse

PERSON = {"first_name": "Robert", "last_name": "Quist", "email": "robert.quist@acme.com", "phone": "+12065550101"}
FIRM = {"name": "Acme Ltd", "domain": "acme.com", "city": "Leeds", "country": "GB"}
HOSTILE = (
    "'; drop table matching.scored_pairs; --",
    "\"}]' || (select 1) || '",
    '=HYPERLINK("http://x")',
    "<script>alert(1)</script>",
    "\u202eevil\u2066",
    "a\u0000b",
    "\U0001f984" * 40,
    "{{ env }} %s %(x)s $1 ?",
    "x" * 100_000,
    "word " * 5_000,
    "\ud83d",
)


def test_an_empty_crm_makes_every_proposal_a_create() -> None:
    """Nothing to be like: no pairs, no crash, a create with certainty."""
    with warehouse() as con:
        stand(con, [])
        assert scored(con, "contact") == scored(con, "company") == {}
        found = propose(con, "contact", {"p": PERSON}) | propose(con, "company", {"f": FIRM})
    assert {key: (row["decision"], row["new_probability"]) for key, row in found.items()} == {
        "p": ("create", 1.0),
        "f": ("create", 1.0),
    }


def test_a_crm_of_one_record_knows_it_again() -> None:
    """One record: nothing to count, and yet the same person is a match and another is not."""
    with warehouse() as con:
        stand(con, [("contact", "c", PERSON)])
        assert scored(con, "contact") == {}
        other = {"first_name": "Ingrid", "last_name": "Haverkamp", "email": "ingrid@walrus.org"}
        found = propose(con, "contact", {"same": PERSON, "other": other})
    assert (found["same"]["decision"], found["same"]["record_id"]) == ("match", "c")
    assert found["other"]["decision"] == "create"


def test_a_crm_without_companies_matches_contacts() -> None:
    """A contact whose firm is nowhere on record is compared by all else."""
    records: list[Record] = [("contact", f"c{n}", PERSON | {"company_id": "gone"}) for n in range(2)]
    with warehouse() as con:
        stand(con, records)
        assert scored(con, "contact")["c0", "c1"]["match_probability"] > 0.95
        assert propose(con, "company", {"f": FIRM})["f"]["decision"] == "create"


def test_records_without_names_are_never_matched_by_themselves() -> None:
    """IDN-1: no name on either side: a shared mailbox alone goes to review at most."""
    records: list[Record] = [("contact", f"c{n}", {"email": f"box{n}@acme.com"}) for n in range(50)]
    with warehouse() as con:
        stand(con, [*records, ("contact", "empty", {}), ("contact", "null", {"first_name": None, "last_name": None})])
        scored(con, "contact")
        given = {"known": {"email": "box7@acme.com"}, "new": {"email": "box99@acme.com"}, "empty": {}}
        decided = {key: row["decision"] for key, row in propose(con, "contact", given).items()}
    assert decided["known"] != "create"
    assert decided["new"] in {"create", "review"}
    assert decided["empty"] in {"create", "review"}


def test_a_shared_address_is_no_identity() -> None:
    """IDN-1: hundreds of names at one email address: a new name there is matched with none of them."""
    names = [(first, last) for first in _words("bdfgklmnpr") for last in _words("stvzmnrlkd")]
    records: list[Record] = [
        ("contact", f"c{n}", {"first_name": first, "last_name": last, "email": "team.blue@acme.com"})
        for n, (first, last) in enumerate(names)
    ]
    new = {"first_name": "Ingrid", "last_name": "Haverkamp", "email": "team.blue@acme.com"}
    with warehouse() as con:
        stand(con, records)
        scored(con, "contact")
        compared = rows_of(con, "select count(*) as n from matching.blocked_pairs")
        decision = propose(con, "contact", {"p": new})["p"]["decision"]
    assert compared[0]["n"] < len(records) * 30
    assert decision in {"review", "create"}


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_text_is_only_text(number: int) -> None:
    """CON-7: SQL, formulas, markup, control characters, lone surrogates, endless words: compared as any text is."""
    text = HOSTILE[number]
    hostile = dict.fromkeys(("first_name", "last_name", "email", "phone", "linkedin_url", "company_name"), text)
    records: list[Record] = [("contact", f"c{n}", PERSON | hostile) for n in range(3)]
    with warehouse() as con:
        stand(con, [*records, ("contact", text[:200].encode("utf-8", "replace").decode(), PERSON)])
        pairs = scored(con, "contact")
        found = propose(con, "contact", {"p": hostile, "q": {"first_name": text, "last_name": text}})
    assert all(0 <= row["match_probability"] <= 1 for row in pairs.values())
    assert set(found) == {"p", "q"}


@pytest.mark.parametrize(
    ("first", "last"),
    [("Владимир", "Петров"), ("伟", "王"), ("さくら", "田中"), ("محمد", "الهاشمي"), ("Ελένη", "Παπαδοπούλου")],
)
def test_names_in_other_scripts_find_themselves(first: str, last: str) -> None:
    """The same person in the same script, with the same mailbox, is a match; another in that script is not."""
    person = {"first_name": first, "last_name": last, "email": "person@acme.com"}
    other = {"first_name": last, "last_name": "Smith", "email": "other@walrus.org"}
    with warehouse() as con:
        stand(con, [("contact", "c", person), ("contact", "d", PERSON)])
        found = propose(con, "contact", {"same": person, "other": other})
    assert (found["same"]["decision"], found["same"]["record_id"]) == ("match", "c")
    assert found["other"]["decision"] != "match"


def test_fields_of_the_wrong_kind_are_read_as_nothing() -> None:
    """Numbers, lists and objects where text should be neither match nor break."""
    odd: dict[str, object] = {"first_name": 7, "last_name": ["x"], "email": {"a": 1}, "phone": True, "company_id": 1.5}
    with warehouse() as con:
        stand(con, [("contact", "c", odd), ("contact", "d", PERSON), ("company", "f", {"name": [], "domain": 0})])
        scored(con, "contact")
        scored(con, "company")
        assert propose(con, "contact", {"p": odd})["p"]["decision"] in {"create", "review"}


def _words(consonants: str) -> list[str]:
    return [f"{one}a{one}o{two}i" for one in consonants for two in "nt"]
