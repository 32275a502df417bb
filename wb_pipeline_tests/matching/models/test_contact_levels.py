"""Two contacts in, the level of one comparison out. All pairs are compared in one run of Splink."""

from __future__ import annotations

import pytest

from wb_pipeline_tests.matching.small_crm import Row, compare, stand, warehouse

# Comparison, left record, right record, level. `First|Last`, then other fields as name=value.
CASES = (
    # Names: the same, short forms of several languages, other order, initials, slips.
    ("name", "Aldous|Quimper", "Aldous|Quimper", "same_name"),
    ("name", "ALDOUS|quimper", "Aldous|Quimper", "same_name"),
    ("name", "Dr._Maria|Haverkamp", "Maria|Haverkamp", "same_name"),
    ("name", "Jose|Nunez", "José|Núñez", "same_name"),
    ("name", "Robert|Tremblay", "Bob|Tremblay", "short_form"),
    ("name", "Elizabeth|Okafor", "Liz|Okafor", "short_form"),
    ("name", "William|Bosch", "Bill|Bosch", "short_form"),
    ("name", "Aleksandr|Volkov", "Sasha|Volkov", "short_form"),
    ("name", "Jürgen|Müller", "Juergen|Mueller", "given_typo"),
    ("name", "Quentin|Abernathy", "Abernathy|Quentin", "swapped"),
    ("name", "J|Castellano", "Jennifer|Castellano", "initial"),
    ("name", "J.|Castellano", "Jennifer|Castellano", "initial"),
    ("name", "Jonathan|Fitzroy", "Jonathna|Fitzroy", "given_typo"),
    ("name", "Marcus|Lindqvist", "Marcus|Lindqvst", "family_typo"),
    ("name", "Oliver|Cavanaugh", "Oliver|Kavanagh", "family_near"),
    ("name", "Carmen|Ortega_Vidal", "Carmen|Vidal", "family_part"),
    ("name", "J|Cavendish", "James|Cavndish", "initial_typo"),
    ("name", "|Wolstenholme", "Nigel|Wolstenholme", "part_missing"),
    ("name", "Ruth|Popescu", "Daniel|Popescu", "other_given"),
    ("name", "Ingrid|Salvatore", "Ingrid|Bergstrom", "other_family"),
    ("name", "Ingrid|Salvatore", "Takeshi|Nakamura", "different"),
    ("name", "Владимир|Петров", "Vladimir|Petrov", "same_name"),
    ("name", "Jan|van_der_Berg", "Jan|Berg", "same_name"),
    # Suffixes are no part of the name: `suffix_differs` weighs them (below).
    ("name", "Harold|Winslow_Jr.", "Harold|Winslow_Sr.", "same_name"),
    # Mailboxes.
    ("mailbox", "Ann|Aa email=ann@one-a.com", "Ann|Aa email=Ann@One-A.com", "same_mailbox"),
    ("mailbox", "Ann|Bb email=ann+crm@one-b.com", "Ann|Bb email=ann@one-b.com", "same_at_alias"),
    ("mailbox", "Ann|Cc email=team.blue@one-c.com", "Tom|Dd email=team.blue@one-c.com", "shared_mailbox"),
    ("mailbox", "Ann|Ee email=info@one-e.com", "Tom|Ff email=info@one-e.com", "same_role_mailbox"),
    ("mailbox", "Ann|Ee email=info@one-e2.com", "Ann|Ee email=info@one-e2.com", "same_role_mailbox"),
    ("mailbox", "Ann|Gg email=ann.gg@eu.one-g.com", "Ann|Gg email=ann.gg@one-g.com", "same_at_alias"),
    ("mailbox", "Ann|Hh email=ann-hh@one-h.com", "Ann|Hh email=annhh@one-h.com", "same_at_alias"),
    ("mailbox", "Ann|Hart email=ann.hart@one-i.com", "Ann|Hart email=ann.hurt@one-i.com", "mailbox_typo"),
    ("mailbox", "Ann|Jones email=annjones@one-j.com", "Ann|Jones email=annjones@two-j.org", "same_local"),
    ("mailbox", "Ann|Kent email=ann.kent@one-k.com", "Ann|Kent email=office@one-k.com", "role_at_firm"),
    ("mailbox", "Ann|Lowe email=ann.lowe@one-l.com", "Ann|Lowe email=alowe@one-l.com", "other_pattern"),
    ("mailbox", "Ann|Moss email=ann.moss@one-m.com", "Tom|Nash email=tom.nash@one-m.com", "other_mailbox"),
    ("mailbox", "Ann|Pike email=ann@oneoneone.com", "Ann|Pike email=ap@oneoneone.org", "same_label"),
    ("mailbox", "Ann|Reed email=ann.r@gmail.com", "Ann|Reed email=reed77@yahoo.com", "both_free"),
    ("mailbox", "Ann|Shaw email=shaw.a@gmail.com", "Ann|Shaw email=ann@one-s.com", "one_free"),
    ("mailbox", "Ann|Tate email=ann@one-t.com", "Ann|Tate email=at@two-t.org", "other_firm"),
    ("mailbox", "Ann|Vance email=ann@one-v.com", "Ann|Vance", "unknown"),
    ("mailbox", "Ann|West email=a.n.n.west@gmail.com", "Ann|West email=annwest@gmail.com", "same_local"),
    # Phones: a switchboard is told from an office by how many surnames use it.
    ("phone", "Ann|Aa phone=(206)_555-0111 country=US", "Ann|Aa phone=+1_206_555_0111 country=US", "own_phone"),
    ("phone", "Ann|Ab phone=(206)_555-0121", "Ann|Ab phone=+12065550121", "same_tail"),
    ("phone", "Ann|Bb phone=+12065550112", "Tom|Cc phone=+12065550112", "few_phone"),
    ("phone", "Ann|Dd phone=+12065550113", "Tom|Ee phone=+12065550113", "shared_phone"),
    ("phone", "Ann|Ff phone=+442071234567", "Ann|Ff phone=+12071234567", "same_tail"),
    ("phone", "Ann|Gg mobile=+447700900123", "Ann|Gg mobile=+447700900999", "other_mobile"),
    ("phone", "Ann|Hh phone=+12065550114", "Ann|Hh phone=+12065550199", "same_exchange"),
    ("phone", "Ann|Ii phone=+12065550115", "Ann|Ii phone=+33142685300", "other_phone"),
    ("phone", "Ann|Jj phone=+12065550116_ext._12", "Ann|Jj phone=+12065550116", "own_phone"),
    ("phone", "Ann|Kk", "Ann|Kk phone=+12065550117", "unknown"),
    # LinkedIn.
    (
        "linkedin",
        "Ann|Aa linkedin_url=https://www.linkedin.com/in/ann-aa-1/",
        "Ann|Aa linkedin_url=linkedin.com/in/Ann-Aa-1?trk=x",
        "same_profile",
    ),
    (
        "linkedin",
        "Ann|Bb linkedin_url=https://linkedin.com/in/ann-bb",
        "Ann|Bb linkedin_url=https://linkedin.com/in/ann-bb-82b1a3",
        "same_stem",
    ),
    (
        "linkedin",
        "Ann|Cc linkedin_url=https://linkedin.com/in/ann-cc",
        "Ann|Cc linkedin_url=https://linkedin.com/in/anne-of-cleves",
        "other_profile",
    ),
    # Employers.
    ("employer", "Ann|Aa company_name=Zephyr_Ltd", "Ann|Aa company_name=Zephyr_Limited", "same_employer"),
    ("employer", "Ann|Bb email=x@zeta-b.com", "Tom|Bb email=y@zeta-b.com", "same_org"),
    ("employer", "Ann|Cc company_name=Halcyon_Freight", "Ann|Cc company_name=Halcyon_Freight_Lines", "like_employer"),
    ("employer", "Ann|Dd company_name=Big_Red_Barn", "Ann|Dd company_name=BRB", "like_employer"),
    ("employer", "Ann|Ee company_name=Orion_Metals", "Ann|Ee company_name=Orion_Dairy", "half_employer"),
    ("employer", "Ann|Ff company_name=Juniper_Works", "Ann|Ff email=ann@zeta-f.com", "by_one_sign"),
    ("employer", "Ann|Gg company_name=Pelican_Books", "Ann|Gg company_name=Walrus_Oil", "other_employer"),
    # Titles and places.
    ("title", "Ann|Aa title=VP_Sales", "Ann|Aa title=Vice_President_of_Sales", "same_title"),
    ("title", "Ann|Bb title=Sales_Engineer", "Ann|Bb title=Sales_Director", "like_title"),
    ("title", "Ann|Cc title=Nurse", "Ann|Cc title=Welder", "other_title"),
    ("place", "Ann|Aa city=Leeds country=UK", "Ann|Aa city=leeds country=Great_Britain", "same_city"),
    ("place", "Ann|Bb city=Leeds country=GB", "Ann|Bb city=York country=GB", "other_city"),
    ("place", "Ann|Cc city=Leeds country=GB", "Ann|Cc country=United_Kingdom", "same_country"),
    ("place", "Ann|Dd country=France", "Ann|Dd country=DE", "other_country"),
)  # fmt: skip
# A number's meaning depends on who else uses it.
BYSTANDERS = tuple(f"Tom|{name} phone=+12065550113" for name in ("Alpha", "Bravo", "Charlie", "Delta"))


def record(text: str) -> dict[str, object]:
    """Read `First|Last name=value ...`; `_` stands for a blank."""
    name, *others = text.split(" ")
    first, last = name.replace("_", " ").split("|")
    pairs = (part.split("=", 1) for part in others)
    return {"first_name": first, "last_name": last} | {key: value.replace("_", " ") for key, value in pairs}


@pytest.fixture(scope="module")
def compared() -> dict[str, Row]:
    """Every case compared, by its number."""
    records = [
        ("contact", f"{number:03d}{side}", record(text))
        for number, (_, left, right, _) in enumerate(CASES)
        for side, text in (("a", left), ("b", right))
    ]
    others = [("contact", f"x{number}", record(text)) for number, text in enumerate(BYSTANDERS)]
    with warehouse() as con:
        stand(con, [*records, *others])
        return compare(con, "contact", [(f"{number:03d}a", f"{number:03d}b") for number in range(len(CASES))])


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: "-".join(CASES[number][:4:3]) + f"-{number}")
def test_two_contacts_fall_on_the_level_that_says_how_they_compare(compared: dict[str, Row], number: int) -> None:
    """IDN-2: nicknames, other order, slips, aliases, shared lines and mailboxes are told apart."""
    comparison, left, right, level = CASES[number]
    assert compared[f"{number:03d}a"][comparison] == level, (left, right)


def test_junior_and_senior_are_told_apart_by_a_number_of_their_own(compared: dict[str, Row]) -> None:
    """IDN-2: the name agrees, the suffix does not, and the card hears of it."""
    (number,) = (n for n, case in enumerate(CASES) if "Jr." in case[1])
    assert compared[f"{number:03d}a"]["suffix_differs"] == 1
    assert compared["000a"]["suffix_differs"] == 0
