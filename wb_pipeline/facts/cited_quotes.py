"""Temporary table of what is wrong with each quote of a run (EVD-6). Reads each cited text once."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from wb_pipeline.evidence.passages import passages
from wb_pipeline.evidence.quotes import Quote, QuotedItem
from wb_pipeline.evidence.voices import Voices
from wb_pipeline.facts.distinct_values import lent

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_BATCH = 200
"""Items read at a time: transcripts are large."""
_PERSONS = ("contact", "lead")
# Quotes of items that are not in the store, or whose id is ambiguous, need no looking up.
_QUOTES = """
select
    about.manifest_id, about.proposal_key, about.citation_ordinal, about.evidence_hash, about.evidence_id,
    citations.quote, citations.cited_offset, about.object, about.policy_hash, about.is_by_record,
    (select list(key order by key) from record_parties as parties where parties.manifest_id = about.manifest_id
        and parties.proposal_key = about.proposal_key and parties.party_kind = 'email') as addresses,
    (select list([first_name, last_name] order by first_name, last_name) from record_names as names
        where names.manifest_id = about.manifest_id and names.proposal_key = about.proposal_key) as names,
    exists (select 1 from subject_records as subjects where subjects.manifest_id = about.manifest_id
        and subjects.proposal_key = about.proposal_key and subjects.object = 'contact') as is_about_contact
from citations_about as about
inner join raw.proposal_citations as citations
    on citations.proposal_key = about.proposal_key and citations.citation_ordinal = about.citation_ordinal
where trim(coalesce(citations.quote, '')) <> ''
"""
_ITEMS = """
select evidence_hash, evidence_id, evidence_type, payload from cited_items
where (evidence_hash, evidence_id) in (select (evidence_hash, evidence_id) from items_with_quotes)
"""
_OWN = "select policy_hash, list(domain) from policy.mail_domains where kind = 'own' group by policy_hash"


class _Cited(NamedTuple):
    """A quote with its citation's key and who may say it."""

    citation: tuple[str, str, int]
    quote: Quote
    voices: Voices


@contextmanager
def lent_quote_problems(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Lend quote_problems: (manifest_id, proposal_key, citation_ordinal, problem), a row for each quote looked up.

    `problem` is a `QuoteProblem`. Needs citations_about, cited_items, subject_records, record_parties, record_names.
    """
    rows: list[tuple[str, str, int, str]] = []
    cited = _quotes_by_item(con)
    keys = list(cited)
    columns = {name: (pa.string(), [key[i] for key in keys]) for i, name in enumerate(("evidence_hash", "evidence_id"))}
    with lent(con, "items_with_quotes", columns):
        for evidence_hash, evidence_id, evidence_type, payload in _streamed(con, _ITEMS):
            rows += _problems(evidence_type, payload, cited[evidence_hash, evidence_id])
    names = ("manifest_id", "proposal_key", "citation_ordinal", "problem")
    table = {name: (pa.string(), [row[i] for row in rows]) for i, name in enumerate(names)}
    with lent(con, "quote_problems", {**table, "citation_ordinal": (pa.int64(), table["citation_ordinal"][1])}):
        yield


def _quotes_by_item(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[_Cited]]:
    own = {policy: frozenset(domains) for policy, domains in con.execute(_OWN).fetchall()}
    found: dict[tuple[str, str], list[_Cited]] = defaultdict(list)
    for row in con.execute(_QUOTES).fetchall():
        manifest_id, proposal_key, ordinal, evidence_hash, evidence_id, text, at, about, policy, by_record = row[:10]
        addresses, names, is_about_contact = row[10:]
        voices = Voices(
            is_person=about in _PERSONS or (about == "activity" and is_about_contact),
            addresses=frozenset(addresses or ()),
            names=tuple((first, last) for first, last in names or ()),
            own_domains=own.get(policy, frozenset()),
            is_by_record=bool(by_record),
        )
        found[evidence_hash, evidence_id].append(_Cited((manifest_id, proposal_key, ordinal), Quote(text, at), voices))
    return found


def _streamed(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    """Yield rows a few at a time; the result is always read to its end."""
    cursor = con.execute(query)
    while rows := cursor.fetchmany(_BATCH):
        yield from rows


def _problems(evidence_type: str, payload: str, cited: list[_Cited]) -> list[tuple[str, str, int, str]]:
    item = QuotedItem(passages(evidence_type, json.loads(payload)))
    known: dict[tuple[Quote, Voices], str] = {}
    rows = []
    for each in cited:
        key = (each.quote, each.voices)
        if key not in known:
            known[key] = item.problem(each.quote, each.voices.may_say)
        rows.append((*each.citation, known[key]))
    return rows
