"""Tests that nothing a record may hold breaks or swells what is prepared."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.matching.prepare import prepare_relation
from wb_pipeline.normalize.letters import MAX_TOKENS
from wb_pipeline_tests.matching.prepare.factories import company, contact, rows_of

HOSTILE = [
    "x" * 5_000_000,
    "word " * 10_000,
    "\x00",
    "a\x00b",
    "\u202eevil\u202c",
    "\u200b\u200d\ufeff",
    "\U0001f600" * 50,
    "' or 1=1; drop table given; --",
    '"}{"',
    "%s{0}{{x}}",
    "\\",
    "(((((((" * 50,
    "a-" * 200,
    "@" * 300,
    "." * 300,
    "//in//",
    "https://[::1",
    "+" * 60,
    "0" * 200,
    "\t\r\n",
    "-",
]
CONTACT = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "mobile",
    "title",
    "linkedin_url",
    "company_name",
    "city",
    "country",
    "domain",
)
COMPANY = (
    "name",
    "domain",
    "website",
    "additional_domains",
    "phone",
    "street",
    "postal_code",
    "city",
    "region",
    "country",
    "industry",
)


def _check(row: dict[str, object]) -> None:
    for name, value in row.items():
        texts = value if isinstance(value, list) else [value]
        assert value != "", name
        assert value != [], name
        assert "" not in texts, name
        assert None not in texts or not isinstance(value, list), name
        assert len(texts) <= 25, name
        assert all(len(text) <= 500 for text in texts if isinstance(text, str)), name
    assert all(len(row[name] or ()) <= MAX_TOKENS for name in row if name.endswith("_tokens"))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_in_every_field_is_prepared(text):
    """CON-7: megabytes, control characters, marks and quotes give bounded keys or none."""
    _check(contact(**dict.fromkeys(CONTACT, text)))
    _check(company(**dict.fromkeys(COMPANY, text)))


_ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.text(max_size=3), max_size=3),
)


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(st.sampled_from(CONTACT), _ANY), st.dictionaries(st.sampled_from(COMPANY), _ANY))
def test_any_value_of_any_field_is_prepared_to_a_key_or_nothing(person, firm):
    """CON-7: no value raises, and none is an empty text or list."""
    _check(contact(**person))
    _check(company(**firm))


@pytest.mark.parametrize("fields", ["", "{", "null", "[]", '"text"', "{}"])
def test_fields_that_are_no_object_give_a_row_without_values(fields):
    """CON-7: a record whose fields cannot be read is there, without values."""
    con = duckdb.connect()
    con.execute(
        "create table given as select '1' as record_id, 'lead' as object, ? as fields, null::boolean as is_live",
        [fields],
    )
    prepare_relation(con, "given", into="temp.out", object="contact")
    (row,) = rows_of(con, "out")
    known = {name for name, value in row.items() if value is not None}
    assert known == {"object", "record_id", "fields_hash", "is_live", "is_role_email", "is_name_swapped_possible"}
    assert row["is_live"] is False


def test_nothing_is_left_behind_on_the_connection():
    """Temporary tables and lent ones are gone afterwards."""
    con = duckdb.connect()
    con.execute("create table given (record_id text, object text, fields text, is_live boolean)")
    for kind in ("contact", "company"):
        prepare_relation(con, "given", into=f"out_{kind}", object=kind)
    names = {
        name
        for (name,) in con.execute(
            "select table_name from duckdb_tables() union select view_name from duckdb_views() where not internal"
        ).fetchall()
    }
    assert names == {"given", "out_contact", "out_company"}
