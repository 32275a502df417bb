"""Tests that SQL and the pure functions say the same of a value."""

from __future__ import annotations

import duckdb
import phonenumbers
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wb_pipeline.matching.prepare import readings
from wb_pipeline.matching.prepare.emails import IS_PLAIN_EMAIL
from wb_pipeline.matching.prepare.phones import write_phones
from wb_pipeline.normalize.domain_skeleton import label_of, skeleton
from wb_pipeline.normalize.domains import normalize_domain, registrable_domain
from wb_pipeline.normalize.emails import normalize_email
from wb_pipeline.normalize.person_names import parse_person
from wb_pipeline_tests.matching.prepare.factories import contact

REGIONS = """
US CA GB IE DE AT CH FR ES IT NL BE SE NO DK FI PL PT CZ HU GR TR RU UA IN JP KR CN HK SG AU NZ BR MX AR ZA IL AE
""".split()  # noqa: SIM905 - a line of countries reads better than a column
FORMATS = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
    phonenumbers.PhoneNumberFormat.RFC3966,
)
KINDS = (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)


def _written_numbers() -> list[tuple[str, str, str]]:
    """Return valid numbers as people write them: text, region, E.164."""
    found = []
    for region in REGIONS:
        for kind in KINDS:
            example = phonenumbers.example_number_for_type(region, kind)
            for number in _neighbours(example):
                key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
                found += [(phonenumbers.format_number(number, style), region, key) for style in FORMATS]
                found.append((phonenumbers.format_out_of_country_calling_number(number, region), region, key))
                found.append((phonenumbers.format_number(number, FORMATS[2]) + " ext. 12", region, key))
                found.append(("00" + key[1:], "DE", key))
    return found


def _neighbours(example: phonenumbers.PhoneNumber) -> list[phonenumbers.PhoneNumber]:
    """Return valid numbers that differ from an example in the last three digits."""
    digits = phonenumbers.national_significant_number(example)
    texts = [f"+{example.country_code}{digits[:-3]}{ending:03}" for ending in range(0, 1000, 37)]
    return [number for text in texts if phonenumbers.is_valid_number(number := phonenumbers.parse(text))]


def test_phone_numbers_are_read_as_the_library_reads_them():
    """99 % of the valid numbers of 38 countries in seven spellings; the rest are Argentine mobiles in national form."""
    numbers = sorted(set(_written_numbers()))
    con = duckdb.connect()
    columns = dict(zip(("given", "region", "key"), zip(*numbers, strict=True), strict=True))
    con.register("written", pa.table({name: list(values) for name, values in columns.items()}))
    write_phones(con, "select distinct given, region from written")
    wrong = con.sql("""
        select written.region, count(*) from written
        inner join preparing_phones as phones on phones.given = written.given and phones.region = written.region
        where phones.number is distinct from written.key group by all
    """).fetchall()
    assert len(numbers) > 10_000
    assert {region for region, _ in wrong} <= {"AR"}
    assert sum(count for _, count in wrong) <= 0.01 * len(numbers)


_LOCALS = st.text("abcAB01.+-_'\u00fc@ ", min_size=1, max_size=12)
_HOSTS = st.sampled_from(
    ["acme.com", "ACME.co.uk", "a--b.com", "-a.com", "a-.de", "x.example", "localhost", "a.test", "b\u00fc.de", "a..b"]
)


@settings(max_examples=100, deadline=None)
@given(_LOCALS, _HOSTS)
def test_sql_takes_no_other_address_for_plain_than_the_library_leaves_unchanged(local, host):
    """IDN-1: one key form of an address, whoever computes it."""
    address = f"{local}@{host}"
    found = duckdb.execute(f"select lower(email) from (select ? as email) where {IS_PLAIN_EMAIL}", [address]).fetchall()
    assert found in ([], [(normalize_email(address),)])


_WORDS = st.sampled_from(["Anna", "von", "MR", "Dr", "jr", "O", "Mc", "II", "PhD", "Smith", "st", "de", "x"])


@settings(max_examples=15, deadline=None)
@given(_WORDS, _WORDS)
def test_sql_reads_two_plain_words_as_the_parser_does(first, last):
    """Names of two plain words take a short way in SQL, which leads to the same parts."""
    row, name = contact(first_name=first, last_name=last), parse_person(first, last)
    assert (row["given"], row["family_core"], row["name_suffix"]) == (name.given, name.core[0], name.suffix)


@given(
    st.sampled_from(["acme", "a1cme", "vvorld", "xn--bcher-kva", "ac-me", "rnail"]),
    st.sampled_from(["com", "co.uk", "uk", "example"]),
)
def test_the_parts_of_a_domain_are_those_of_the_functions_for_each(label, suffix):
    """Domains take a short way too: label and skeleton are those of the functions."""
    host = normalize_domain(f"mail.{label}.{suffix}")
    assert host is not None
    registrable, found, ending, seen = readings.host_parts(host)
    assert registrable == registrable_domain(host)
    assert (found, seen) == (label_of(host), skeleton(host))
    assert ending == registrable.partition(".")[2]
