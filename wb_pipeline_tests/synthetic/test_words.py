"""The words that made-up people, companies and places are drawn from."""

from __future__ import annotations

import pytest

from wb_pipeline.normalize.phones import normalize_phone
from wb_pipeline.synthetic.cultures import culture
from wb_pipeline.synthetic.dice import Dice, Wheel
from wb_pipeline.synthetic.phones import phone_text
from wb_pipeline.synthetic.places import country, country_weights
from wb_pipeline.synthetic.romanise import expanded, flattened, romanised, slug
from wb_pipeline.synthetic.typos import misspelt, wrong_digit
from wb_pipeline.synthetic.word_files import culture_names, place_words, word_file

WORDS_AT_MOST = 300_000


def test_there_are_naming_cultures_enough():
    """At least fifteen cultures and 21 countries."""
    assert len(culture_names()) >= 15
    assert len(country_weights()) >= 21


@pytest.mark.parametrize("name", culture_names())
def test_culture_has_names_enough_and_no_blanks(name):
    """Names are many, clean, and spelled in Latin letters too."""
    people = culture(name)
    assert len({*people.first[True], *people.first[False]}) >= 60
    assert len(set(people.last[False])) >= 120
    spelled = [*people.first[True], *people.first[False], *people.last[True], *people.last[False], *people.tail[False]]
    assert all(latin == latin.strip() != "" for latin, _ in spelled)
    if people.script != "latin":
        assert all(native for _, native in people.last[False])
        assert all(flattened(latin).isascii() for latin, _ in spelled)


@pytest.mark.parametrize("code", country_weights())
def test_country_draws_addresses_and_numbers(code):
    """The cultures it names exist, no pattern mark is left over, and most of its numbers are valid ones."""
    dice, where = Dice(code), country(code)
    assert set(place_words()[code]["cultures"]) <= set(culture_names())
    addresses = [where.draw_address(dice) for _ in range(200)]
    assert not any(set("{}#%@") & set(f"{address.street}{address.postal_code}") for address in addresses)
    areas = [dice.pick(where.cities).area for _ in range(200)]
    numbers = [where.draw_landline(dice, area) for area in areas] + [where.draw_mobile(dice, area) for area in areas]
    valid = sum(normalize_phone(phone_text(dice, number, 0) or "") is not None for number in numbers)
    assert valid > 0.75 * len(numbers)


def test_words_stay_small():
    """The word lists do not weigh down the package."""
    from importlib.resources import files  # noqa: PLC0415 - only here

    folder = files("wb_pipeline.synthetic") / "words"
    texts = [item for part in (folder, folder / "people") for item in part.iterdir() if item.is_file()]
    assert sum(len(item.read_bytes()) for item in texts) < WORDS_AT_MOST


def test_nicknames_belong_to_names_that_are_drawn():
    """A nickname of a name that nobody bears would never be seen."""
    known = {
        name
        for each in culture_names()
        for female in (True, False)
        for spelled in culture(each).first[female]
        for name in spelled
    }
    named = [name.replace("_", " ") for name in word_file("nicknames")]
    assert sum(name in known for name in named) > 0.85 * len(named)


@pytest.mark.parametrize(
    ("native", "script", "latin", "other"),
    [
        ("Юрий", "cyrillic", "Yuriy", "Iurii"),
        ("Жуков", "cyrillic", "Zhukov", "Jukow"),
        ("Γεώργιος", "greek", "Georgios", "Yeoryios"),
    ],
)
def test_romanised_spells_by_two_customs(native, script, latin, other):
    """One name from another script has several Latin spellings."""
    assert romanised(native, script) == latin
    assert romanised(native, script, other=True) == other


@pytest.mark.parametrize(
    ("text", "german", "flat", "address"),
    [
        ("Müller", "Mueller", "Muller", "muller"),
        ("Straße", "Strasse", "Strasse", "strasse"),
        ("Øyvind O'Brien", "Oeyvind O'Brien", "Oyvind O'Brien", "oyvindobrien"),
        ("Łukasz", "Lukasz", "Lukasz", "lukasz"),
    ],
)
def test_ascii_forms(text, german, flat, address):
    """Accents go as Germans, as others, and as addresses have it."""
    assert (expanded(text), flattened(text), slug(text)) == (german, flat, address)


def test_misspelt_changes_a_little_and_keeps_the_first_letter():
    """A slip is one letter, never the first."""
    dice = Dice(1)
    for _ in range(500):
        slipped = misspelt(dice, "Katherine")
        assert slipped[0] == "K"
        assert abs(len(slipped) - 9) <= 1
    assert misspelt(dice, "Li") == "Li"


def test_wrong_digit_leaves_the_beginning_and_the_marks():
    """A mistyped number keeps its country code."""
    dice = Dice(1)
    assert all(wrong_digit(dice, "+49 30 1234").startswith("+49") for _ in range(200))
    assert wrong_digit(dice, "12") == "12"


def test_ranked_prefers_early_items_and_reaches_all():
    """Frequent names are frequent, and rare ones exist."""
    dice, items = Dice(1), list(range(50))
    drawn = [dice.ranked(items) for _ in range(20_000)]
    assert set(drawn) == set(items)
    assert drawn.count(0) > 2 * drawn.count(49)


def test_fill_replaces_marks_and_keeps_the_rest():
    """Patterns give numbers and postcodes."""
    assert set(Dice(1).fill("A-%##@!")[1::5]) <= {"-", "!"}
    text = Dice(2).fill("x%y")
    assert text[0] == "x"
    assert text[1] in "23456789"
    assert text[2] == "y"


def test_wheel_draws_by_weight():
    """Weights are shares; zero is never."""
    dice, wheel = Dice(1), Wheel({"never": 0.0, "often": 9.0, "seldom": 1.0})
    drawn = [wheel.spin(dice) for _ in range(5_000)]
    assert drawn.count("never") == 0
    assert 0.87 < drawn.count("often") / len(drawn) < 0.93
