"""What Splink compares: prepared rows, with firms beside people and counts beside values. Compares nothing itself.

Two steps. *Bases* (`contact_base`, `company_base`) say of each prepared row who works where, by which domain.
*Inputs* (`matching.contact_inputs`, `matching.company_inputs`) are tables of those records that will be compared, with
counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wb_pipeline.matching.models.phone_sharing import FEW_PHONE_NAMES, OWN_PHONE_NAMES

if TYPE_CHECKING:
    import duckdb

ObjectName = Literal["contact", "company"]

# How the local part is made from the name; `other` fits no habit, `numbered` is how a namesake gets a mailbox.
_PATTERN = """
case
    when email_local is null then null
    when regexp_matches(email_local, '[0-9]') then 'numbered'
    when local_letters in (given || family, given || family_core, given_root || family_core) then 'given_family'
    when local_letters in (given_initial || family, given_initial || family_core) then 'initial_family'
    when local_letters in (family || given, family_core || given) then 'family_given'
    when local_letters in (family || given_initial, family_core || given_initial) then 'family_initial'
    when local_letters in (family, family_core) then 'family'
    when local_letters in (given, given_root) then 'given'
    when local_letters = given || left(family, 1) then 'given_initial'
    else 'other'
end
"""
_CONTACT_BASE = """
select
    people.* exclude (employer_joined, employer_core, employer_tokens),
    {pattern} as local_pattern,
    -- The surname without what typing errors change most: its vowels.
    left(people.family_core, 1) || regexp_replace(substr(people.family_core, 2), '[aeiouyh]', '', 'g') as family_sound,
    -- A number read with the wrong country still ends alike.
    nullif(list_distinct(list_transform(
        list_filter(people.phones, lambda number: length(number) >= 9), lambda number: right(number, 7)
    )), []) as phone_tails,
    coalesce(mail.is_free or mail.is_disposable, false) as is_free_email,
    case when not (mail.is_free or mail.is_disposable) then mail.alias_root end as mail_org,
    case when not (mail.is_free or mail.is_disposable) then mail.label end as mail_label,
    nullif(list_distinct(list_filter(
        [
            case when not (mail.is_free or mail.is_disposable) then mail.alias_root end,
            firm_domain.alias_root, own_domain.alias_root
        ],
        lambda org: org is not null
    )), []) as orgs,
    nullif(list_distinct(list_filter(
        [people.employer_joined, firm.name_joined], lambda name: name is not null
    )), []) as employers,
    coalesce(people.employer_joined, firm.name_joined) as employer_joined,
    coalesce(people.employer_core, firm.name_core) as employer_core,
    coalesce(people.employer_tokens, firm.name_tokens) as employer_tokens,
    case when len(employer_tokens) > 1
        then array_to_string(list_transform(employer_tokens, lambda word: word[1]), '') end as employer_acronym,
    coalesce(
        case when not (mail.is_free or mail.is_disposable) then mail.alias_root end,
        firm_domain.alias_root, own_domain.alias_root
    ) as main_org,
    list_concat(
        list_transform(coalesce(orgs, []), lambda org: 'd:' || org),
        list_transform(coalesce(employers, []), lambda name: 'n:' || name)
    ) as affiliations
from {people} as people
left join {domains} as mail on mail.domain = people.email_domain
left join prepared.companies as firm on firm.record_id = people.company_id
left join {domains} as firm_domain on firm_domain.domain = firm.domain
left join {domains} as own_domain on own_domain.domain = people.employer_domain
"""
_COMPANY_BASE = """
select
    firms.* exclude (domain_label),
    own.alias_root as org,
    own.label as domain_label,
    own.skeleton as domain_skeleton,
    nullif(list_distinct(list_filter(
        list_concat([own.alias_root], coalesce(staff.orgs, [])), lambda org: org is not null
    )), []) as orgs,
    firms.name_tokens[1] as name_head,
    list_transform(firms.name_tokens, lambda word: left(word, 3)) as name_heads,
    list_distinct(list_filter([firms.name_joined, own.label], lambda name: length(name) >= 4)) as name_keys,
    firms.house_number || '|' || coalesce(firms.postal_code, firms.street) as address_key
from {firms} as firms
left join {domains} as own on own.domain = firms.domain
left join matching.staff_orgs as staff on staff.company_id = firms.record_id
"""
# The domains from which a firm's people write: at most three, each by more than a tenth of them.
_STAFF = """
create or replace table matching.staff_orgs as
with mailing as (
    select people.company_id, mail.alias_root as org, count(*) as people
    from prepared.contacts as people
    inner join {domains} as mail on mail.domain = people.email_domain and not (mail.is_free or mail.is_disposable)
    where people.company_id is not null and people.is_live
    group by all
),
ranked as (
    select *, row_number() over (partition by company_id order by people desc, org) as place,
        sum(people) over (partition by company_id) as all_people
    from mailing
)
select company_id, list(org order by place) as orgs
from ranked
where place <= 3 and people * 10 > all_people
group by company_id
"""


def write_bases(con: duckdb.DuckDBPyConnection) -> None:
    """Replace the tables matching.contact_base and matching.company_base: the prepared CRM's live records.

    Tables, because every blocking rule and every count reads them: as views their joins would be made twenty times.
    """
    con.execute("create schema if not exists matching")
    con.execute(_STAFF.format(domains="prepared.domains"))
    for object_name, table in (("contact", "contacts"), ("company", "companies")):
        live = f"(select rowid::integer as record_number, * from prepared.{table} where is_live)"  # noqa: S608 - our own names
        con.execute(f"create or replace table matching.{object_name}_base as {base_sql(object_name, live)}")


def base_sql(object_name: str, relation: str, domains: str = "prepared.domains") -> str:
    """Return the SQL that puts domains and firms beside the prepared rows of `relation` (with `record_number`)."""
    if object_name == "contact":
        return _CONTACT_BASE.format(pattern=_PATTERN, people=relation, domains=domains)
    return _COMPANY_BASE.format(firms=relation, domains=domains)


def write_inputs(con: duckdb.DuckDBPyConnection, object_name: ObjectName, base: str) -> None:
    """Replace matching.<object>_inputs by the rows of `base` (a base's columns and `record_number`) with counts.

    Added: a count per value that Splink or a score term weighs (`<column>_records`), own_phones, few_phones;
    email_names, the names that use a contact's address; org_cities, the cities from which a company's domain is used.
    """
    counts = COUNTED[object_name]
    selected = "".join(f", coalesce({name}_count.records, 0) as {name}_records" for name in counts)
    joins = "".join(
        f" left join matching.frequencies as {name}_count on {name}_count.kind = '{object_name}.{name}'"
        f" and {name}_count.value = base.{name}"
        for name in counts
    )
    con.execute(
        f"""
        create or replace table matching.{object_name}_inputs as
        with phones as (
            select record_number,
                list(phone) filter (where names <= {OWN_PHONE_NAMES}) as own_phones,
                list(phone) filter (where names <= {FEW_PHONE_NAMES}) as few_phones
            from (select record_number, unnest(phones) as phone from {base})
            inner join matching.frequencies on kind = '{object_name}.phone' and value = phone
            group by record_number
        )
        select base.*, phones.own_phones, phones.few_phones{selected}{_EXTRA[object_name]}
        from {base} as base
        left join phones on phones.record_number = base.record_number
        {joins}
        """  # noqa: S608 - our own names and numbers
    )


COUNTED: dict[str, tuple[str, ...]] = {
    "contact": (
        "full_name",
        "family_core",
        "given_root",
        "name_key",
        "given_initial",
        "local_letters",
        "main_org",
        "employer_joined",
        "title_key",
        "city",
        "email",
    ),
    "company": ("name_core", "name_joined", "name_head", "org", "address_key", "city"),
}
"""Columns of a base whose values are counted over the CRM; Splink weighs agreements by them."""
_EXTRA = {
    "contact": ", coalesce(email_count.names, 0) as email_names",
    "company": ", coalesce(org_count.names, 0) as org_cities",
}
