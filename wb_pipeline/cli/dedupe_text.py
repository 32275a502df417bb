"""What a dedupe run found, in words for a terminal. Reads the published files only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.errors import InputError

if TYPE_CHECKING:
    from wb_pipeline.home import Home

_NOUNS = {"contact": "contacts and leads", "company": "companies"}
_MOST_CLUSTERS = 5
_MOST_VALUE = 60

_COUNTS = """
select
    if(object = 'company', 'company', 'contact') as family, count(*) as records,
    count(distinct entity_id) as entities
from rows group by family order by family desc
"""
_LARGEST = "select cluster_id, records, survivor_id, record_ids from rows order by records desc, cluster_id limit $most"


def found_text(home: Home) -> str:
    """Return the counts of the last run, its largest clusters, and where to look."""
    from wb_pipeline.steps.publishing import DUPLICATE_RATE, dedupe_folder, reports_folder

    lines = [_counts_line(row) for row in _read(home, "entity_ids", _COUNTS)] or ["The CRM holds no live records."]
    ((pairs, apart),) = [
        tuple(row.values())
        for row in _read(
            home, "duplicate_pairs", "select count(*), count(*) filter (where not is_in_one_cluster) from rows"
        )
    ]
    ((merges,),) = [tuple(row.values()) for row in _read(home, "merge_candidates", "select count(*) from rows")]
    lines.append(f"{pairs:,} pairs are likely one; {apart:,} of them are kept apart, by a conflict or too thin a link.")
    lines.append(f"{merges:,} records would end in a merge. Each waits for a person: nothing was merged.")
    lines += _largest(home)
    lines += [
        "",
        "Where to look now",
        "  one cluster, and why           wb dedupe show CLUSTER",
        "  to say what is one             wb dedupe judge LEFT RIGHT --same|--different --by NAME --reason TEXT",
        f"  all tables, as CSV too         {dedupe_folder(home)}",
        f"  the duplicate rate over time   {reports_folder(home) / DUPLICATE_RATE}.csv",
    ]
    return "\n".join(lines)


def cluster_text(home: Home, name: str) -> str:
    """Return one cluster, found by its id or by a record's: members, pairs with their weights, surviving values.

    Raises InputError if no cluster has that id, or two records of different objects do.
    """
    cluster = _find(home, name)
    given = {"cluster_id": cluster["cluster_id"]}
    pairs = _read(
        home,
        "duplicate_pairs",
        "from rows where left_entity_id = $cluster_id and right_entity_id = $cluster_id"
        " order by match_probability desc nulls last, left_id, right_id",
        given,
    )
    values = _read(home, "surviving_values", "from rows where cluster_id = $cluster_id order by field", given)
    members = ", ".join(plain(each) for each in json.loads(cluster["record_ids"]))
    return "\n".join(
        [
            f"{cluster['cluster_id']}: {cluster['records']} records are held to be one: {members}",
            f"A merge would keep {plain(cluster['survivor_id'])}. It waits for a person.",
            "",
            "Why",
            *(line for pair in pairs for line in _pair_lines(pair)),
            "",
            "What would stay",
            *map(_value_line, values),
        ]
    )


def _read(home: Home, table: str, query: str, given: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    from wb_pipeline.steps.published import read_duplicates

    return read_duplicates(home, table, query, **(given or {}))


def _counts_line(row: dict[str, Any]) -> str:
    surplus = row["records"] - row["entities"]
    share = surplus / row["records"]
    noun = _NOUNS[row["family"]]
    return f"{row['records']:,} {noun} stand for {row['entities']:,}: {surplus:,} are surplus ({share:.1%})."


def _largest(home: Home) -> Iterator[str]:
    clusters = _read(home, "duplicate_clusters", _LARGEST, {"most": _MOST_CLUSTERS})
    if clusters:
        yield ""
        yield "Largest clusters"
    for each in clusters:
        members = plain(", ".join(json.loads(each["record_ids"])), 100)
        yield f"  {each['cluster_id']:<24} {each['records']:>4} records: {members}"


def _find(home: Home, name: str) -> dict[str, Any]:
    query = (
        "from rows where cluster_id = $name or list_contains(record_ids::json::varchar[], $name) order by cluster_id"
    )
    found = _read(home, "duplicate_clusters", query, {"name": name})
    if not found:
        raise InputError(
            f"no cluster {name!r}", hint="a record without duplicates is in none; see duplicate_clusters.csv"
        )
    exact = [each for each in found if each["cluster_id"] == name]
    if len(found) > 1 and not exact:
        known = ", ".join(each["cluster_id"] for each in found)
        raise InputError(f"{name!r} is the id of several records", hint=f"name the cluster: {known}")
    return (exact or found)[0]


def _pair_lines(pair: dict[str, Any]) -> Iterator[str]:
    probability = "a person's word" if pair["is_judged_same"] else f"{pair['match_probability']:.1%}"
    ids = f"{plain(pair['left_id'])} and {plain(pair['right_id'])}"
    yield f"  {probability:>7}  {ids}: {plain(pair['match_reason'] or 'no reason given')}"
    if pair["has_conflict"]:
        yield f"           but: {plain(pair['conflict_reason'] or 'something says that they differ')}"
    weights = json.loads(pair["field_weights"] or "{}")
    if weights:
        by_weight = sorted(weights.items(), key=lambda item: -abs(item[1]))
        yield "           " + ", ".join(f"{plain(field)} {weight:+.1f}" for field, weight in by_weight)


def _value_line(row: dict[str, Any]) -> str:
    others = [_short(value) for value in json.loads(row["other_values"])]
    instead = f", not {', '.join(others)}" if others else ""
    rule = row["survivorship_rule"].replace("_", " ")
    return f"  {plain(row['field'])}: {_short(row['field_value'])} of {plain(row['from_record_id'])} ({rule}){instead}"


def _short(value: str) -> str:
    return plain(json.loads(value) if value.startswith('"') else value, _MOST_VALUE)
