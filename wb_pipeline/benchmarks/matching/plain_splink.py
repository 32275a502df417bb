"""The baseline: Splink as a newcomer writes it, one comparison per field, trained by EM. Nothing of ours is in it.

Fields are only trimmed and lower-cased. Blocking takes the fields that one would think of first.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching.scores import keep_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import duckdb
    from splink import DuckDBAPI, Linker
    from splink.internals.comparison_creator import ComparisonCreator

_Rule = tuple[str, ...]

METHOD = "plain Splink"
_U_PAIRS = 1_000_000.0 + 1
"""Enough for the sizes of this bench; the library warns at exactly its default of 1,000,000."""
_FIELDS = {
    "contact": (
        "first_name", "last_name", "email", "phone", "mobile", "company_name", "title", "city", "linkedin_url",
        "street", "postal_code", "date_of_birth",
    ),
    "company": ("name", "domain", "website", "phone", "street", "city", "postal_code", "country", "industry"),
}  # fmt: skip
_BLOCKING = {
    "contact": (
        ("email",), ("phone",), ("mobile",), ("linkedin_url",), ("substr(first_name, 1, 1)", "last_name"),
        ("last_name", "company_name"), ("first_name", "company_name"),
    ),
    "company": (("name",), ("domain",), ("website",), ("phone",), ("street",), ("substr(name, 1, 6)",)),
}  # fmt: skip
_EM_BLOCKING = {
    "contact": (("first_name", "last_name"), ("email",), ("last_name", "company_name")),
    "company": (("name",), ("domain",), ("phone",)),
}


def score_plainly(con: duckdb.DuckDBPyConnection, object_name: str, linker: Linker) -> int:
    """Score the records of one object with its trained linker, keep the pairs as `plain Splink`; return their number.

    The score is Splink's match weight in bits.
    """
    predicted = linker.inference.predict().physical_name
    query = f"select record_id_l, record_id_r, match_weight, false from {predicted}"  # noqa: S608 - Splink's own table name
    return keep_scores(con, METHOD, object_name, query)


def trained_linker(con: duckdb.DuckDBPyConnection, object_name: str, *, seed: int) -> Linker | None:
    """Return the baseline's linker over the records of raw.crm_records, trained without labels.

    Fields that are empty in all records are left out. None if no two records share the first field of the blocking:
    Splink has nothing to train on then. Writes temp table `plain_<object>`.
    """
    import splink
    from splink.internals.exceptions import EMTrainingException

    fields = write_fields(con, f"plain_{object_name}", "record_id", "raw.crm_records", object_name)
    usable = _usable(_BLOCKING[object_name], fields)
    if not usable or not _is_shared(con, object_name, usable[0][0]):
        return None
    rules = [splink.block_on(*rule) for rule in usable]
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="record_id",
        comparisons=[_comparison(field) for field in fields],
        blocking_rules_to_generate_predictions=[*rules],
    )
    table = api_over(con).register(f"plain_{object_name}")
    linker = splink.Linker(table, settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match([*rules[:1]], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=_U_PAIRS, seed=seed)
    for rule in _usable(_EM_BLOCKING[object_name], fields):
        # A rule without pairs trains nothing, and so few pairs that some m sinks to 0 end in an error of Splink's:
        # either way what was trained before stands, and the next rule may do.
        with suppress(EMTrainingException, ValueError):
            linker.training.estimate_parameters_using_expectation_maximisation(splink.block_on(*rule))
    return linker


def write_fields(con: duckdb.DuckDBPyConnection, name: str, key: str, source: str, object_name: str) -> list[str]:
    """Write the plain fields of a table's rows to temp table `name`, its key as record_id; return the filled fields."""
    columns = ", ".join(
        f"nullif(lower(trim(json_extract_string(fields, '$.{field}'))), '') as {field}"
        for field in _FIELDS[object_name]
    )
    con.execute(
        f"""
        create or replace temp table {name} as
        select {key} as record_id, {columns} from {source} where object = ? order by {key}
        """,  # noqa: S608 - our own names
        [object_name],
    )
    counts = ", ".join(f"count({field})" for field in _FIELDS[object_name])
    filled = con.execute(f"select {counts} from {name}").fetchall()[0]  # noqa: S608 - our own names
    return [field for field, count in zip(_FIELDS[object_name], filled, strict=True) if count]


def api_over(con: duckdb.DuckDBPyConnection) -> DuckDBAPI:
    """Return Splink's view of a connection: the same for all tables that are compared with one another."""
    import splink

    return splink.DuckDBAPI(connection=con)


def _usable(rules: Sequence[_Rule], fields: list[str]) -> list[_Rule]:
    return [rule for rule in rules if all(any(field in part for field in fields) for part in rule)]


def _is_shared(con: duckdb.DuckDBPyConnection, object_name: str, field: str) -> bool:
    """Tell whether any two records have the same value in a field."""
    counts = f"select count({field}) - count(distinct {field}) from plain_{object_name}"  # noqa: S608 - our own names
    return bool(con.execute(counts).fetchall()[0][0])


def _comparison(field: str) -> ComparisonCreator:
    from splink import comparison_library as library

    makers: dict[str, Callable[[str], ComparisonCreator]] = {
        "first_name": library.NameComparison,
        "last_name": library.NameComparison,
        "email": library.EmailComparison,
        "name": library.JaroWinklerAtThresholds,
        "company_name": library.JaroWinklerAtThresholds,
        "title": library.JaroWinklerAtThresholds,
        "street": library.JaroWinklerAtThresholds,
        "domain": library.LevenshteinAtThresholds,
        "phone": library.LevenshteinAtThresholds,
        "mobile": library.LevenshteinAtThresholds,
    }
    return makers.get(field, library.ExactMatch)(field)
