"""What proposals say of a record, in the form in which it is compared: matching.probe_base. Compares nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.matching.inputs import ObjectName, base_sql
from wb_pipeline.matching.prepare import DomainLists, prepare_relation
from wb_pipeline.normalize.domain_skeleton import label_of, skeleton
from wb_pipeline.normalize.domains import registrable_domain

if TYPE_CHECKING:
    import duckdb

_DOMAINS_OF = {
    "contact": "select unnest([email_domain, employer_domain]) as domain from matching.probe_rows",
    "company": "select unnest(list_append(coalesce(domains, []), domain)) as domain from matching.probe_rows",
}


def write_probes(con: duckdb.DuckDBPyConnection, object_name: ObjectName, source: str, lists: DomainLists) -> int:
    """Replace matching.probe_base by the prepared rows of `source`, and return their number.

    `source`: a relation with record_id (the probe's id), object, fields (JSON text), is_live. A probe's `record_number`
    is negative, so that no record of the CRM has the same.
    """
    prepare_relation(con, source, into="matching.probe_rows", object=object_name)
    _write_known_domains(con, object_name, lists)
    numbered = (
        "(select -(row_number() over (order by record_id))::integer as record_number, * from matching.probe_rows)"
    )
    con.execute(
        f"create or replace table matching.probe_base as {base_sql(object_name, numbered, 'matching.known_domains')}"
    )
    return int(con.execute("select count(*) from matching.probe_base").fetchall()[0][0])


def _write_known_domains(con: duckdb.DuckDBPyConnection, object_name: str, lists: DomainLists) -> None:
    """Replace the view matching.known_domains: the CRM's domains and those that only a probe names."""
    unknown = con.execute(
        f"select distinct domain from ({_DOMAINS_OF[object_name]}) anti join prepared.domains using (domain)"  # noqa: S608 - our own names
        " where domain is not null"
    ).fetchall()
    rows = [_described(domain, lists) for (domain,) in unknown]
    names = ("domain", "registrable", "label", "skeleton", "is_free", "is_disposable", "alias_root")
    types = (pa.string(), pa.string(), pa.string(), pa.string(), pa.bool_(), pa.bool_(), pa.string())
    columns = [pa.array([row[place] for row in rows], kind) for place, kind in enumerate(types)]
    con.register("described_domains", pa.table(dict(zip(names, columns, strict=True))))
    con.execute("create or replace table matching.probe_domains as from described_domains")
    con.unregister("described_domains")
    listed = ", ".join(names)
    con.execute(
        f"create or replace view matching.known_domains as select {listed} from prepared.domains"  # noqa: S608 - our own names
        f" union all select {listed} from matching.probe_domains"
    )


def _described(domain: str, lists: DomainLists) -> tuple[str | bool | None, ...]:
    registrable = registrable_domain(domain)
    return (
        domain,
        registrable,
        label_of(domain) or None,
        skeleton(domain) or None,
        registrable in lists.free,
        registrable in lists.disposable,
        lists.aliases.get(registrable, registrable),
    )
