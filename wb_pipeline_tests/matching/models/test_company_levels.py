"""Two companies in, the level of one comparison out. All pairs are compared in one run of Splink."""

from __future__ import annotations

import pytest

from wb_pipeline_tests.matching.small_crm import Row, compare, stand, warehouse

# Comparison, left record, right record, level. Name, then other fields as name=value; `_` stands for a blank.
CASES = (
    ("name", "Quarrystone_Inc.", "QUARRYSTONE,_Incorporated", "same_name"),
    ("name", "The_Birchwood_Group_Ltd", "Birchwood_Group_Limited", "same_name"),
    ("name", "Fenwick_&_Sons_LLC", "Fenwick_and_Sons", "same_name"),
    ("name", "Hüttenwerk_GmbH", "Huttenwerk_AG", "same_name"),
    ("name", "Snow_Flake_Data", "Snowflake_Data", "same_letters"),
    ("name", "International_Copper_Mining_Trust", "ICMT", "acronym"),
    ("name", "Meridiann_Labs", "Meridian_Labs", "name_typo"),
    ("name", "Tollgate", "Tollgate_Insurance", "name_within"),
    ("name", "Kestrelways_Shipping", "Kestralwais_Shipping", "name_near"),
    ("name", "Cascadian_Manufacturing_Systems", "Casc_Manuf_Sys", "short_words"),
    ("name", "Redwood_Capital", "Redwood_Dental", "other_word"),
    ("name", "Granite_Fund_II_LP", "Granite_Fund_III_LP", "other_number"),
    ("name", "Apple_Orchard_Foods", "Zeta_Foods", "shared_word"),
    ("name", "Walrus_Oil", "Pelican_Books", "different"),
    ("name", "Яндекс", "Yandeks", "same_name"),
    ("domain", "Aa domain=www.one-a.com", "Bb domain=One-A.com", "same_domain"),
    ("domain", "Aa domain=alphatools.com", "Bb domain=alphatools.io", "same_label"),
    ("domain", "Aa domain=modernfarm.com", "Bb domain=modemfarm.com", "lookalike"),
    ("domain", "Aa domain=gatewaybank.com", "Bb domain=gatewaybamk.com", "label_typo"),
    ("domain", "Aa domain=riverton.com", "Bb domain=riverton-group.com", "label_within"),
    ("domain", "Aa domain=heliosphere.com", "Bb domain=duckpond.org", "other_domain"),
    ("domain", "Aa domain=one-d.com", "Bb", "unknown"),
    ("phone", "Kiwi_One phone=+442071230001", "Kiwi_One phone=+442071230001", "own_phone"),
    ("phone", "Lime_One phone=+442071230002", "Fig_One phone=+442071230002", "shared_phone"),
    ("phone", "Mango phone=+442071230003", "Mango phone=+442071230099", "same_exchange"),
    ("phone", "Guava phone=+442071230004", "Guava phone=+33142685301", "other_phone"),
    (
        "address",
        "Aa street=12_High_Street postal_code=LS1_4AB city=Leeds",
        "Aa street=12_High_St. postal_code=LS14AB city=Leeds",
        "same_address",
    ),
    (
        "address",
        "Aa street=44_Kings_Road postal_code=SW3_4ND",
        "Aa street=44_The_Old_Mill postal_code=SW3_4ND",
        "same_door",
    ),
    ("address", "Aa street=77_Broadway_Avenue", "Aa street=77_Broadway_Ave", "same_street"),
    ("address", "Aa street=1_Elm_St postal_code=98101", "Aa street=900_Pine_St postal_code=98101", "same_postcode"),
    ("address", "Aa street=1_Elm_St postal_code=98101", "Aa street=900_Pine_St postal_code=98177", "near_postcode"),
    ("address", "Aa street=1_Elm_St postal_code=98101", "Aa street=900_Pine_St postal_code=10115", "other_address"),
    ("address", "Aa street=5_Elm_St", "Aa street=900_Pine_St postal_code=10115", "address_unknown"),
    ("place", "Aa city=Leeds country=GB", "Aa city=Leeds country=UK", "same_city"),
    ("place", "Aa city=Leeds country=GB", "Aa city=York country=GB", "other_city"),
    ("place", "Aa city=Leeds country=GB", "Aa country=United_Kingdom", "same_country"),
    ("place", "Aa country=France", "Aa country=Germany", "other_country"),
    ("industry", "Aa industry=Mining", "Aa industry=mining", "same_industry"),
    ("industry", "Aa industry=Mining", "Aa industry=Banking", "other_industry"),
    ("legal_form", "Aardvark_GmbH", "Aardvark_G.m.b.H.", "same_form"),
    ("legal_form", "Aardvark_GmbH", "Aardvark_Ltd", "other_form"),
    ("size", "Aa employees=100", "Aa employees=101", "same_size"),
    ("size", "Aa employees=100", "Aa employees=150", "like_size"),
    ("size", "Aa employees=10", "Aa employees=5000", "other_size"),
)


def record(text: str) -> dict[str, object]:
    """Read `Name name=value ...`."""
    name, *others = text.split(" ")
    pairs = (part.split("=", 1) for part in others)
    return {"name": name.replace("_", " ")} | {key: value.replace("_", " ") for key, value in pairs}


@pytest.fixture(scope="module")
def compared() -> dict[str, Row]:
    """Every case compared, by its number."""
    records = [
        ("company", f"{number:03d}{side}", record(text))
        for number, (_, left, right, _) in enumerate(CASES)
        for side, text in (("a", left), ("b", right))
    ]
    with warehouse() as con:
        stand(con, records)
        return compare(con, "company", [(f"{number:03d}a", f"{number:03d}b") for number in range(len(CASES))])


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: "-".join(CASES[number][:4:3]) + f"-{number}")
def test_two_companies_fall_on_the_level_that_says_how_they_compare(compared: dict[str, Row], number: int) -> None:
    """IDN-5: a domain that looks alike, or differs in its ending, is its own level and no agreement."""
    comparison, left, right, level = CASES[number]
    assert compared[f"{number:03d}a"][comparison] == level, (left, right)
