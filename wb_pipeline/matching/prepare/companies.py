"""Companies in comparable form: from the temporary table of raw values to the prepared columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.matching.prepare import readings
from wb_pipeline.matching.prepare.lookups import write_lookup
from wb_pipeline.matching.prepare.phones import write_phones
from wb_pipeline.matching.prepare.regions import register_top_levels, write_countries

if TYPE_CHECKING:
    import duckdb

# A list travels as JSON text; people also write the domains into one line.
_DOMAINS = """
create or replace temp table preparing_company_domains as
select object, record_id, position, domain
from (
    select object, record_id, unnest([domain, website]) as domain, unnest([1, 2]) as position from preparing_given
    union all
    select object, record_id, trim(unnest(listed[1:20])), 3
    from (
        select
            object, record_id,
            coalesce(
                try_cast(additional_domains as varchar[]), regexp_split_to_array(additional_domains, '[,;\\s]+')
            ) as listed
        from preparing_given where additional_domains is not null
    )
)
where nullif(domain, '') is not null
"""
_HOSTS = "select distinct left(domain, 500) as domain from preparing_company_domains"
_COMPANY_HOSTS = """
create or replace temp table preparing_company_hosts as
select
    given.object, given.record_id,
    arg_min(hosts.host, given.position) filter (where hosts.host is not null) as host,
    arg_min(hosts.registrable, given.position) filter (where hosts.host is not null) as registrable,
    arg_min(hosts.label, given.position) filter (where hosts.host is not null) as label,
    list_sort(list(distinct hosts.host)) as hosts
from preparing_company_domains as given
inner join preparing_hosts as hosts using (domain)
where hosts.host is not null
group by all
"""
_NUMBERS = """
select distinct phone as given, coalesce(countries.code, levels.region, '') as region
from preparing_given
left join preparing_countries as countries using (country)
left join preparing_company_hosts as hosts using (object, record_id)
left join top_levels as levels on levels.top_level = split_part(hosts.host, '.', -1)
where phone is not null
"""
_COMPANIES = """
{create} as
with located as (
    select
        given.*, countries.code, hosts.host, hosts.registrable, hosts.label, hosts.hosts,
        coalesce(countries.code, levels.region, '') as phone_region,
        string_split(names.core, ' ') as words, names.core, names.form, names.geo, names.sequence
    from preparing_given as given
    left join preparing_countries as countries using (country)
    left join preparing_company_hosts as hosts using (object, record_id)
    left join top_levels as levels on levels.top_level = split_part(hosts.host, '.', -1)
    left join preparing_names as names using (name)
)
select
    object, record_id, fields_hash, is_live,
    lower(name) as name_text,
    core as name_core,
    words as name_tokens,
    replace(core, ' ', '') as name_joined,
    form as legal_form,
    case
        when length(words) > 1 then array_to_string(
            list_transform(list_filter(words, lambda word: word not in ('of', 'for', 'in')), lambda word: word[1]), ''
        )
    end as name_acronym,
    string_split(geo, ' ') as geo_tokens,
    sequence as sequence_mark,
    host as domain,
    registrable,
    label as domain_label,
    hosts as domains,
    phones.number as phone,
    case when phones.number is not null then [phones.number] end as phones,
    streets.house_number,
    streets.street,
    streets.unit,
    postal_codes.code as postal_code,
    cities.place as city,
    regions.place as region,
    located.code as country,
    industries.place as industry,
    try_cast(regexp_extract(replace(employees, ',', ''), '^[0-9]{1,9}') as bigint) as employees,
    parent_id,
    created_at, updated_at
from located
left join preparing_phones as phones on phones.given = located.phone and phones.region = located.phone_region
left join preparing_streets as streets on streets.line = located.street
left join preparing_postal_codes as postal_codes on postal_codes.postal_code = located.postal_code
left join preparing_cities as cities on cities.city = located.city
left join preparing_regions as regions on regions.region = located.region
left join preparing_industries as industries on industries.industry = located.industry
"""


def write_companies(con: duckdb.DuckDBPyConnection, create: str) -> None:
    """Write the table of the statement `create` (`create table x`) from `preparing_given`."""
    write_countries(con)
    register_top_levels(con)
    con.execute(_DOMAINS)
    write_lookup(con, "preparing_hosts", _HOSTS, readings.domain, ("host", "registrable", "label"))
    con.execute(_COMPANY_HOSTS)
    write_phones(con, _NUMBERS)
    _write(con, "preparing_names", "name", readings.company, ("core", "form", "geo", "sequence"))
    _write(con, "preparing_streets", "street as line", readings.street, ("house_number", "street", "unit"))
    _write(con, "preparing_postal_codes", "postal_code", readings.postal_code, ("code",))
    for name, column in (("cities", "city"), ("regions", "region"), ("industries", "industry")):
        _write(con, f"preparing_{name}", column, readings.place, ("place",))
    con.execute(_COMPANIES.replace("{create}", create))


def _write(
    con: duckdb.DuckDBPyConnection, name: str, column: str, read: readings.Reading, columns: tuple[str, ...]
) -> None:
    query = f"select distinct {column} from preparing_given where {column.split(maxsplit=1)[0]} is not null"  # noqa: S608 - ours
    write_lookup(con, name, query, read, columns)
