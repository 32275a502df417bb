"""prepared.domains: every domain that a record bears, what it looks like, and for whom it stands by the policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.matching.prepare import readings
from wb_pipeline.matching.prepare.lookups import write_lookup
from wb_pipeline.normalize.domains import normalize_domain, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb


@dataclass(frozen=True, slots=True)
class DomainLists:
    """What the policy knows of domains: free mail, throw-away mail, our own, and alias -> the domain it stands for."""

    free: frozenset[str] = frozenset()
    disposable: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)


_SEEN = """
create or replace temp table seen_domains as
select domain, sum(contacts)::bigint as contact_count, sum(companies)::bigint as company_count
from (
    select email_domain as domain, count(*) filter (where is_live) as contacts, 0 as companies
    from prepared.contacts where email_domain is not null group by all
    union all
    select employer_domain, 0, 0 from prepared.contacts where employer_domain is not null group by all
    union all
    select domain, 0, count(*) filter (where is_live)
    from (select unnest(domains) as domain, is_live from prepared.companies) group by all
)
group by all
"""
_UNKNOWN = "select domain from seen_domains anti join prepared.domain_parts using (domain)"
_PARTS = """
create table if not exists prepared.domain_parts (
    domain text, registrable text, label text, suffix text, skeleton text
)
"""
_DOMAINS = """
create or replace table prepared.domains as
with company_aliases as (
    select parts.registrable, min(companies.registrable) as stands_for, count(distinct companies.registrable) as firms
    from (select registrable, unnest(domains) as domain from prepared.companies where is_live) as companies
    inner join prepared.domain_parts as parts using (domain)
    where parts.registrable != companies.registrable
    group by all
),
mains as (select distinct registrable from prepared.companies where is_live and registrable is not null)
select
    parts.domain, parts.registrable, parts.label, parts.suffix, parts.skeleton,
    free.domain is not null as is_free,
    disposable.domain is not null as is_disposable,
    own.domain is not null as is_own,
    coalesce(
        policy.stands_for,
        case when firms = 1 and mains.registrable is null and free.domain is null then company_aliases.stands_for end,
        parts.registrable
    ) as alias_root,
    seen.contact_count, seen.company_count
from seen_domains as seen
inner join prepared.domain_parts as parts using (domain)
left join listed_domains as free on free.kind = 'free' and free.domain = parts.registrable
left join listed_domains as disposable on disposable.kind = 'disposable' and disposable.domain = parts.registrable
left join listed_domains as own on own.kind = 'own' and own.domain = parts.registrable
left join alias_domains as policy on policy.alias = parts.registrable
left join company_aliases on company_aliases.registrable = parts.registrable
left join mains on mains.registrable = parts.registrable
"""


def write_domains(con: duckdb.DuckDBPyConnection, lists: DomainLists) -> int:
    """Write prepared.domains and return its rows; prepared.domain_parts keeps what was read of each domain.

    Grain: domain (full host) of a record: domain, registrable, label, suffix, skeleton, is_free, is_disposable, is_own,
    alias_root (registrable domain that stands for the firm), contact_count, company_count (live records).
    A firm's additional domain stands for the firm unless it is another firm's own or claimed by several.
    """
    con.execute(_PARTS)
    con.execute(_SEEN)
    write_lookup(con, "unknown_domains", _UNKNOWN, readings.host_parts, ("registrable", "label", "suffix", "skeleton"))
    con.execute("insert into prepared.domain_parts by name from unknown_domains")
    con.execute("drop table unknown_domains")
    _register(con, lists)
    con.execute(_DOMAINS)
    con.execute("drop table seen_domains")
    for name in ("listed_domains", "alias_domains"):
        con.unregister(name)
    return int(con.execute("select count(*) from prepared.domains").fetchall()[0][0])


def _register(con: duckdb.DuckDBPyConnection, lists: DomainLists) -> None:
    kinds = {"free": lists.free, "disposable": lists.disposable, "own": lists.own}
    listed = [(kind, host) for kind, hosts in kinds.items() for host in sorted(hosts)]
    con.register(
        "listed_domains",
        pa.table(
            {
                "kind": pa.array([kind for kind, _ in listed], pa.string()),
                "domain": pa.array([host for _, host in listed], pa.string()),
            }
        ),
    )
    pairs = sorted((_registered(alias), _registered(main)) for alias, main in lists.aliases.items())
    con.register(
        "alias_domains",
        pa.table(
            {
                "alias": pa.array([alias for alias, _ in pairs], pa.string()),
                "stands_for": pa.array([main for _, main in pairs], pa.string()),
            }
        ),
    )


def _registered(given: str) -> str:
    host = normalize_domain(given)
    return registrable_domain(host) if host else given
