"""Contacts and leads in comparable form: from the temporary table of raw values to the prepared columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.matching.prepare import readings
from wb_pipeline.matching.prepare.contact_columns import SELECT_CONTACTS
from wb_pipeline.matching.prepare.emails import IS_PLAIN_EMAIL, IS_PLAIN_SLUG, LINKEDIN_PATH, write_odd_addresses
from wb_pipeline.matching.prepare.given_names import register_given_names
from wb_pipeline.matching.prepare.lookups import write_lookup
from wb_pipeline.matching.prepare.phones import write_phones
from wb_pipeline.matching.prepare.regions import register_top_levels, write_countries
from wb_pipeline.normalize.person_names import TITLES

if TYPE_CHECKING:
    import duckdb

_NAME_IN_FULL = """
update preparing_given set first_name = full_name
where first_name is null and last_name is null and full_name is not null
"""
# Two words of ASCII letters need no reading; a test holds this and parse_person together.
_IS_PLAIN = f"""(
    regexp_full_match(first_name, '[A-Za-z]+') and regexp_full_match(last_name, '[A-Za-z]+')
    and not regexp_full_match(lower(first_name), '{"|".join(sorted(TITLES))}')
) is true"""
_DISTINCT = "select distinct {column} from preparing_given where {column} is not null"
_ODD_NAMES = f"""
select distinct first_name as odd_first, last_name as odd_last from preparing_given
where coalesce(first_name, last_name) is not null and not {_IS_PLAIN}
"""  # noqa: S608 - expressions of ours
_READ = f"""
create or replace temp table preparing_read as
select
    given.*,
    case when {_IS_PLAIN} then lower(first_name) else odd_names.given end as given_word,
    odd_names.middle,
    case when {_IS_PLAIN} then lower(last_name) else odd_names.family_words end as family_words,
    case when {_IS_PLAIN} then lower(last_name) else odd_names.core_words end as core_words,
    odd_names.suffix,
    case when {IS_PLAIN_EMAIL} then lower(email) else odd_emails.key end as email_key,
    case when {IS_PLAIN_SLUG} then {LINKEDIN_PATH} else odd_slugs.slug end as slug,
    countries.code as country_code,
    employer_domains.host as own_host,
    employers.core as employer_words,
    titles.title_key,
    places.place
from preparing_given as given
left join preparing_odd_names as odd_names
    on
        odd_names.odd_first is not distinct from given.first_name
        and odd_names.odd_last is not distinct from given.last_name
left join preparing_odd_emails as odd_emails using (email)
left join preparing_odd_slugs as odd_slugs on odd_slugs.path = {LINKEDIN_PATH}
left join preparing_countries as countries using (country)
left join preparing_domains as employer_domains using (employer_domain)
left join preparing_employers as employers using (company_name)
left join preparing_titles as titles using (title)
left join preparing_places as places using (city)
"""  # noqa: S608 - expressions of ours
_NUMBERS = """
select distinct given, region
from (
    select unnest([phone, mobile]) as given, coalesce(country_code, mail.region, own.region, '') as region
    from preparing_read
    left join top_levels as mail on mail.top_level = split_part(email_key, '.', -1)
    left join top_levels as own on own.top_level = split_part(own_host, '.', -1)
)
where given is not null
"""


def write_contacts(con: duckdb.DuckDBPyConnection, create: str) -> None:
    """Write the table of the statement `create` (`create table x`) from `preparing_given`, which is dropped early."""
    con.execute(_NAME_IN_FULL)
    write_lookup(
        con,
        "preparing_odd_names",
        _ODD_NAMES,
        readings.person,
        ("given", "middle", "family_words", "core_words", "suffix"),
    )
    write_odd_addresses(con)
    write_countries(con)
    register_top_levels(con)
    _write(con, "preparing_domains", "employer_domain", readings.domain, ("host", "registrable", "label"))
    _write(con, "preparing_employers", "company_name", readings.company, ("core", "form", "geo", "sequence"))
    _write(con, "preparing_titles", "title", readings.title, ("title_key",))
    _write(con, "preparing_places", "city", readings.place, ("place",))
    con.execute(_READ)
    con.execute("drop table preparing_given")
    write_phones(con, _NUMBERS)
    register_given_names(con)
    con.execute(f"{create} as {SELECT_CONTACTS}")


def _write(
    con: duckdb.DuckDBPyConnection, name: str, column: str, read: readings.Reading, columns: tuple[str, ...]
) -> None:
    write_lookup(con, name, _DISTINCT.format(column=column), read, columns)
