"""Domains that could be taken for a known one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.normalize.edits import deletions, slip_between
from wb_pipeline.normalize.lookalike_domains import Lookalike, find_lookalikes, likeness_of

ALIKE = [
    ("acme.com", "acme.co", "other_ending"),
    ("acme.com", "acme.de", "other_ending"),
    ("acme.com", "acme.co.uk", "other_ending"),
    ("abc.com", "abc.io", "other_ending"),
    ("northwind.example", "northwind.com", "other_ending"),
    ("acme.com", "acrne.com", "homoglyph"),
    ("widget.com", "vvidget.com", "homoglyph"),
    ("google.com", "g00gle.com", "homoglyph"),
    ("google.com", "googl\u0435.com", "homoglyph"),
    ("paypal.com", "paypa1.com", "homoglyph"),
    ("acme.com", "xn--cme-5cd.com", "homoglyph"),
    ("abc.com", "xn--bc-6kc.com", "homoglyph"),
    ("modern.com", "rnodem.com", "homoglyph"),
    ("muller.de", "xn--mller-kva.de", "homoglyph"),
    ("northwind.com", "north-wind.com", "hyphen"),
    ("abc.com", "a-bc.com", "hyphen"),
    ("bluesky.com", "blue-sky.net", "hyphen"),
    ("acme.com", "acme-inc.com", "added_word"),
    ("acme.com", "acmeinc.com", "added_word"),
    ("acme.com", "acme-group.com", "added_word"),
    ("acme.com", "acmegroup.net", "added_word"),
    ("acme.com", "getacme.com", "added_word"),
    ("acme.com", "get-acme.com", "added_word"),
    ("acme.com", "acmehq.com", "added_word"),
    ("acme.com", "acme-tech.com", "added_word"),
    ("acme.com", "acme-east-coast.com", "added_word"),
    ("acme.com", "acrne-login.com", "added_word"),
    ("northwind.com", "tryn0rthwind.com", "added_word"),
    ("northwind.com", "nortwind.com", "typo"),
    ("northwind.com", "northwindd.com", "typo"),
    ("northwind.com", "norhtwind.com", "typo"),
    ("northwind.com", "northwlnd.com", "typo"),
    ("northwind.com", "morthwind.com", "typo"),
    ("stripe.com", "stripes.com", "typo"),
    ("apple.com", "xn--80ak6aa92e.com", "typo"),
    ("globex.com", "globax.org", "typo"),
]
NOT_ALIKE = [
    ("apple.com", "maple.com"),
    ("abc.com", "abd.com"),
    ("acme.com", "acne.com"),
    ("acme.com", "acmes.com"),
    ("meet.com", "met.com"),
    ("ibm.com", "ibn.com"),
    ("hp.com", "hb.com"),
    ("table.com", "cable.com"),
    ("table.com", "fable.com"),
    ("mail.com", "maid.com"),
    ("fund2.com", "fund3.com"),
    ("fleet1.com", "fleet12.com"),
    ("area51.com", "area52.com"),
    ("acmetech.com", "acme.com"),
    ("acmecapital.com", "acme.com"),
    ("deltacapital.com", "deltapartners.com"),
    ("delta-labs.com", "delta-foods.com"),
    ("northwind.com", "southwind.com"),
    ("northwind.com", "northstar.com"),
    ("globex.com", "globant.com"),
    ("stripe.com", "strive.org.example"),
    ("microsoft.com", "micron.com"),
    ("abcgroup.com", "abc.com"),
    ("team.com", "steam.com"),
    ("acme.com", "acme.com"),
    ("acme.com", "macme.com"),
    ("acme.com", ""),
    ("not a domain", "acme.com"),
]


@pytest.mark.parametrize(("domain", "other", "likeness"), ALIKE)
def test_likeness_of_finds_look_alikes(domain: str, other: str, likeness: str):
    """IDN-5: other ending, homoglyph, hyphenated cousin, added word and typo, in either direction."""
    assert likeness_of(domain, other) == likeness_of(other, domain) == likeness
    assert find_lookalikes([other], [domain]) == {other: Lookalike(domain, likeness)}
    assert find_lookalikes([domain], [other, "elsewhere.example"]) == {domain: Lookalike(other, likeness)}


@pytest.mark.parametrize(("domain", "other"), NOT_ALIKE)
def test_likeness_of_leaves_other_firms_alone(domain: str, other: str):
    """IDN-5, IDN-6: short names, other digits, other trades and other words are other firms."""
    assert likeness_of(domain, other) is likeness_of(other, domain) is None
    assert find_lookalikes([domain], [other]) == {}


def test_find_lookalikes_names_the_closest_known_domain():
    """IDN-5: a homoglyph before an ending before a word before a typo; then the first by name."""
    known = ["northwind-east.com", "northwinds.com", "northwind.de", "northwind.at", "n0rthwind.com"]
    found = {}
    while known:
        found = find_lookalikes(["northwind.com"], known)
        known.remove(found["northwind.com"].domain)
        assert found["northwind.com"].likeness == {4: "homoglyph", 1: "added_word", 0: "typo"}.get(
            len(known), "other_ending"
        )
    assert found["northwind.com"].domain == "northwinds.com"


def test_find_lookalikes_takes_what_is_known_for_no_stranger():
    """IDN-5: two firms of the CRM with like domains stay two firms."""
    assert find_lookalikes(["acme.com", "acme.de"], ["acme.com", "acme.de"]) == {}


labels = st.from_regex(r"(get|my)?[abm01-]{3,9}(hq|inc|rn)?", fullmatch=True).map("x{}x".format)
domains = st.builds("{}.{}".format, labels, st.sampled_from(["com", "co.uk", "example"]))


@given(st.lists(domains, max_size=12), st.lists(domains, max_size=12))
def test_find_lookalikes_finds_what_comparing_all_pairs_finds(strangers: list[str], known: list[str]):
    """IDN-5: the keys miss no pair, and the order of input never matters."""
    every = {
        stranger for stranger in set(strangers) - set(known) if any(likeness_of(stranger, other) for other in known)
    }
    found = find_lookalikes(strangers, known)
    assert set(found) == every
    assert found == find_lookalikes(strangers[::-1], known[::-1])


def test_find_lookalikes_copes_with_a_crowd_of_cousins():
    """CON-7: thousands of domains made to look alike cost time in proportion to their number."""
    known = [f"northwind-{number}.com" for number in range(3_000)] + [
        f"northwind.co{a}{b}" for a in "ab" for b in "xyz"
    ]
    strangers = [f"northwind{number}.com" for number in range(3_000)] + ["northwind.com"]
    started = time.process_time()
    found = find_lookalikes(strangers, known)
    assert time.process_time() - started < 5
    assert found["northwind.com"].likeness == "other_ending"


words = st.text("abc", max_size=7)


@given(words, words)
def test_slip_between_agrees_with_the_edit_distance(word: str, other: str):
    """IDN-5: one slip = optimal string alignment distance 1, and then the deletion neighbourhoods meet."""
    place = slip_between(word, other)
    assert (place is not None) == (_distance(word, other) == 1)
    if place is not None:
        assert word[:place] == other[:place]
        assert {*deletions(word)} & {*deletions(other)}


def _distance(word: str, other: str) -> int:
    table = {(-1, -1): 0} | {(i, -1): i + 1 for i in range(len(word))} | {(-1, j): j + 1 for j in range(len(other))}
    for i, letter in enumerate(word):
        for j, other_letter in enumerate(other):
            steps = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (letter != other_letter)]
            if i and j and word[i - 1 : i + 1] == other[j - 1 : j + 1][::-1]:
                steps.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(steps)
    return table[len(word) - 1, len(other) - 1]
