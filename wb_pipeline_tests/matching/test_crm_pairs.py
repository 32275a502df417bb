"""Scores of a CRM's own pairs: scoring what changed finds what scoring everything finds."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from wb_pipeline.matching import crm_pairs
from wb_pipeline.matching.bundle import Bundle, ObjectModel, shipped_bundle
from wb_pipeline.matching.crm_pairs import score_crm_pairs
from wb_pipeline.matching.link import CERTAIN_NON_MATCH
from wb_pipeline_tests.matching.small_crm import Record, Row, rows_of, scored, stand, warehouse

FAMILIES = ("Ashdown", "Birkett", "Cattermole", "Dunwoody", "Eastlake", "Fairbairn", "Goodfellow", "Hathersage")
GIVEN = ("Robert", "Bob", "Maria", "Elizabeth", "Liz", "Quentin", "Ingrid", "Takeshi")
TITLES = ("Buyer", "Nurse", "Engineer", "Director")


def some_crm(seed: int, people: int = 120) -> dict[tuple[str, str], dict[str, object]]:
    """Companies and contacts with many near duplicates, by object and id."""
    chance = random.Random(seed)
    crm: dict[tuple[str, str], dict[str, object]] = {
        ("company", f"f{n}"): {"name": f"{FAMILIES[n % 8]} Works", "domain": f"{FAMILIES[n % 8].lower()}{n // 8}.com"}
        for n in range(12)
    }
    return crm | {("contact", f"c{n}"): some_person(chance) for n in range(people)}


def some_person(chance: random.Random) -> dict[str, object]:
    """A contact of one of few names and firms."""
    given, family, firm = chance.choice(GIVEN), chance.choice(FAMILIES), chance.randrange(12)
    return {
        "first_name": given,
        "last_name": family,
        "email": f"{given}.{family}@{FAMILIES[firm % 8]}{firm // 8}.com".lower(),
        "company_id": f"f{firm}",
        "title": chance.choice(TITLES),
    }


def edited(crm: dict[tuple[str, str], dict[str, object]], seed: int) -> dict[tuple[str, str], dict[str, object]]:
    """The same CRM after some records were changed, added and removed, and a firm got another domain."""
    chance = random.Random(seed)
    now = dict(crm)
    contacts = [key for key in sorted(now) if key[0] == "contact"]
    for key in chance.sample(contacts, 10):
        now[key] = now[key] | {"title": chance.choice(TITLES), "last_name": chance.choice(FAMILIES)}
    for key in chance.sample(contacts, 4):
        del now[key]
    for number in range(5):
        now["contact", f"n{seed}-{number}"] = some_person(chance)
    now["company", "f3"] = now["company", "f3"] | {"domain": f"moved{seed}.com"}
    return now


def records_of(crm: dict[tuple[str, str], dict[str, object]]) -> list[Record]:
    """The CRM as records."""
    return [(kind, key, fields) for (kind, key), fields in crm.items()]


@pytest.mark.parametrize("seed", [1, 2])
def test_scoring_only_what_changed_finds_what_scoring_everything_finds(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept and what is new add up to a full run, as far as counts allow.

    Pairs with a record that changed are as in a full run to the last digit. Pairs of two unchanged records stand under
    the same rule with the same sentence; how common their values are was counted earlier, so their probability may
    differ a little, and a pair at the very border below which Splink's weight ends the matter may be in one run only.
    """
    # As in a large CRM, where that border holds.
    monkeypatch.setattr(crm_pairs, "SECOND_STAGE_FOR_ALL", 0)
    crm = some_crm(seed)
    with warehouse() as con, warehouse() as fresh:
        stand(con, records_of(crm), "s0")
        scored(con, "contact", "s0")
        for day in (1, 2):
            before, crm = crm, edited(crm, seed * 10 + day)
            stand(con, records_of(crm), f"s{day}")
            kept = scored(con, "contact", f"s{day}", changed_only=True)
        stand(fresh, records_of(crm), f"s{day}")
        full = scored(fresh, "contact", f"s{day}")
    changed = {key for (kind, key), fields in crm.items() if kind == "contact" and before.get((kind, key)) != fields}
    assert _touching(kept, changed) == _touching(full, changed)
    assert len(_touching(full, changed)) > 20
    for pair in set(kept) ^ set(full):
        assert (kept.get(pair) or full[pair])["match_weight"] < CERTAIN_NON_MATCH + 3, pair
    same_for_all = ("snapshot_hash", "blocking_rule", "match_reason")
    both = set(kept) & set(full)
    assert len(both) > 150
    for pair in both:
        assert {kept[pair][name] for name in same_for_all} == {full[pair][name] for name in same_for_all}, pair
        assert kept[pair]["match_probability"] == pytest.approx(full[pair]["match_probability"], abs=0.05), pair


def test_nothing_changed_leaves_every_score_as_it_was() -> None:
    """A second run on the same CRM compares nothing and keeps all, under the new snapshot's name."""
    records = records_of(some_crm(5))
    with warehouse() as con:
        stand(con, records, "s0")
        first = scored(con, "contact", "s0")
        stand(con, records, "s1")
        second = scored(con, "contact", "s1", changed_only=True)
        assert rows_of(con, "select count(*) as pairs from matching.blocked_pairs") == [{"pairs": 0}]
    assert {pair: row | {"snapshot_hash": "s1"} for pair, row in first.items()} == second


def test_scores_are_the_same_twice_and_in_any_order() -> None:
    """IDN-2: the same CRM gives the same pairs and scores, whatever the order of its rows."""
    records = records_of(some_crm(7))
    found = []
    for order in range(2):
        random.Random(order).shuffle(records)
        with warehouse() as con:
            stand(con, records)
            found.append((scored(con, "contact"), scored(con, "company")))
    assert found[0] == found[1]


def test_another_model_scores_everything_again() -> None:
    """Scores of two models never stand side by side."""
    shipped = shipped_bundle()
    other = Bundle({**shipped.models, "contact": _without_intercept(shipped)})
    with warehouse() as con:
        stand(con, records_of(some_crm(9, people=40)))
        before = scored(con, "contact")
        score_crm_pairs(con, "s", "contact", changed_only=True, bundle=other)
        after = rows_of(con, "from matching.scored_pairs where object = 'contact'")
    assert len(after) == len(before) > 0
    assert all(
        row["match_probability"] != before[row["left_id"], row["right_id"]]["match_probability"] for row in after
    )


def test_one_object_leaves_the_scores_of_the_other() -> None:
    """Contacts and companies share the table; a lead is compared with contacts unless it bears a contact's id."""
    crm = some_crm(11, people=30)
    lead = {"first_name": "Zebulon", "last_name": "Quist", "email": "zebulon@quist.org"}
    crm |= {("contact", "z1"): lead, ("lead", "z2"): lead, ("lead", "z1"): lead}
    with warehouse() as con:
        stand(con, records_of(crm))
        companies = scored(con, "company")
        contacts = scored(con, "contact")
        assert companies
        assert rows_of(con, "select count(*) as n from matching.scored_pairs where object = 'company'") == [
            {"n": len(companies)}
        ]
    assert contacts["z1", "z2"]["match_probability"] > 0.95
    assert not [pair for pair in contacts if pair[0] == pair[1]]


def _touching(pairs: dict[tuple[str, str], Row], changed: set[str]) -> dict[tuple[str, str], Row]:
    """The scored pairs of at least one changed record."""
    return {pair: row for pair, row in pairs.items() if changed & set(pair)}


def _without_intercept(bundle: Bundle) -> ObjectModel:
    model = bundle.models["contact"]
    return replace(model, card=replace(model.card, intercept=model.card.intercept - 1))
