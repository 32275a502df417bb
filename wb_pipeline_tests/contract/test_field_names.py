"""Which field of the CRM a name in a proposal means: an alias or a disguise finds it, a doubt does not."""

# ruff: noqa: RUF001  (look-alike letters are what these tests are about)
from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wb_pipeline.contract.field_letters import latin_readings
from wb_pipeline.contract.field_names import Resolution, resolve_field_name
from wb_pipeline.contract.fields import FIELDS_BY_OBJECT

CONTACT = FIELDS_BY_OBJECT["contact"]
UNKNOWN = Resolution(None, "unknown")
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f\u034f\u202e\u0301\u3164\x00"
LOOK_ALIKES = str.maketrans("aeiopcyxsj", "аеіорсухѕј")
CAPITAL_LOOK_ALIKES = str.maketrans("AEIOPCXTHBMKS", "АЕІОРСХТНВМКЅ")


@pytest.mark.parametrize(
    ("name", "field", "how"),
    [
        ("title", "title", "exact"),
        ("shoe_size", "shoe_size", "custom"),
        (" Title\n", "title", "folded"),
        ("firstName", "first_name", "folded"),
        ("First Name", "first_name", "folded"),
        ("FIRST-NAME", "first_name", "folded"),
        ("properties.title", "title", "path"),
        ("$.Fields.firstName", "first_name", "path"),
        ("properties['title']", "title", "path"),
        ("Job Title", "title", "alias"),
        ("properties.jobtitle", "title", "path"),
        ("tіtle", "title", "confusable"),
        ("ti\u200btle", "title", "confusable"),
        ("ｔｉｔｌｅ", "title", "confusable"),
        ("properties.emаil", "email", "confusable"),
        ("PROPERTІES.ЕМАІL", "email", "confusable"),
        ("emaiⅼ", "email", "confusable"),
    ],
)
def test_resolve_field_name_finds_the_crm_name_behind(name, field, how):
    """CON-5: case, space, paths, aliases, confusables and invisible characters hide no field."""
    assert resolve_field_name(name, {*CONTACT, "shoe_size"}, {"job_title": "title"}) == (field, how)


@pytest.mark.parametrize(
    "name", ["", " ", "titel", "company.email", "title.owner", "properties.", "properties", "t1tle", "x" * 300, "nope"]
)
def test_resolve_field_name_is_unknown_when_no_name_is_meant(name):
    """CON-5: a name that does not resolve is unknown; misspellings and other records' fields are not guessed."""
    assert resolve_field_name(name, CONTACT, {"nope": "no_such_field"}) == UNKNOWN


def test_resolve_field_name_is_unknown_when_two_names_are_meant():
    """CON-5: ambiguity is unknown, but the exact name always means itself."""
    known = ["First_Name", "first_name", "owner", "оwner", "größe", "vat"]
    assert resolve_field_name("FIRST NAME", known, {}) == UNKNOWN
    assert resolve_field_name("first_name", known, {}).field == "first_name"
    assert resolve_field_name("о\u200bwner", known, {}).field in {None, "оwner"}
    assert resolve_field_name("оwner", known, {}).field == "оwner"
    assert resolve_field_name("GRÖSSE", known, {}).field == "größe"
    assert resolve_field_name("aІ", ["ai", "al"], {}) == UNKNOWN
    assert resolve_field_name("Tax", known, {"tax": "vat", "TAX": "owner"}) == UNKNOWN


@st.composite
def decorated(draw):
    """Draw a known name and a disguise of it."""
    name = draw(st.sampled_from(CONTACT))
    shape = draw(st.sampled_from([str, str.upper, str.title, _camel, lambda text: text.replace("_", " ")]))
    text = shape(name)
    letters = LOOK_ALIKES if text == text.lower() else CAPITAL_LOOK_ALIKES
    swapped = draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    text = "".join(c.translate(letters) if swap else c for c, swap in zip(text, swapped, strict=True))
    for mark in draw(st.lists(st.sampled_from(INVISIBLE), max_size=3)):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + mark + text[place:]
    around = draw(st.sampled_from(["{}", "properties.{}", "fields.{}", "Properties.{}", " {} ", "\u00a0{}\t"]))
    return name, around.format(text)


def _camel(text):
    first, *rest = text.split("_")
    return first + "".join(part.capitalize() for part in rest)


@given(decorated())
def test_resolve_field_name_sees_through_any_disguise_of_a_known_name(case):
    """CON-5: whatever the case, space, path, invisible characters and look-alikes, a locked field stays locked."""
    name, disguise = case
    assert resolve_field_name(disguise, CONTACT, {}).field == name


@given(st.text(max_size=20), st.sampled_from(["", "properties.", "\u200b"]))
def test_resolve_field_name_gives_a_known_name_or_none_whatever_the_text(text, start):
    """CON-5: nothing but a known name ever comes out, and the answer is the same twice."""
    found = resolve_field_name(start + text, CONTACT, {"job": "title"})
    assert found.field in {None, *CONTACT}
    assert (found.field is None) == (found.how == "unknown")
    assert resolve_field_name(start + text, frozenset(reversed(CONTACT)), {"job": "title"}) == found


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=12))
def test_resolve_field_name_takes_no_plain_word_for_another(text):
    """CON-5: among plain letters only separators may differ."""
    assume(text.strip("_"))
    found = resolve_field_name(text, CONTACT, {}).field
    assert found is None or found.replace("_", "") == text.replace("_", "")


def test_latin_readings_are_few_when_a_name_could_be_read_in_a_million_ways():
    """CON-7: a name made of strokes costs nothing."""
    assert latin_readings("І" * 200) == []
