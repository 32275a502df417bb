"""Numbering plans of the library phonenumbers as two small tables for SQL. No numbers are read here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    from phonenumbers import PhoneMetadata

# Where the plan's prefix is a pattern or has no plain form: what is dialled in practice.
_TRUNKS = {"LT": "8", "BY": "8", "SM": None}
_ABROAD = {"JP": "010", "AU": "0011", "RU": "810", "BY": "810", "KZ": "810", "HK": "001", "SG": "001", "TH": "001"}


def register_regions(con: duckdb.DuckDBPyConnection) -> None:
    """Register `phone_regions` and `phone_codes`.

    phone_regions grain: region (ISO 3166-1 alpha-2): region, code, trunk (prefix of national calls or NULL), abroad
      (prefix of calls abroad), lengths (possible lengths of national numbers).
    phone_codes grain: calling code without `+`: code, trunk (of its main region), lengths (of all its regions).
    """
    con.register("phone_regions", _regions())
    con.register("phone_codes", _codes())


@cache
def code_pattern() -> str:
    """Return a regular expression that finds the calling code at the start of digits; no code begins another."""
    codes = _codes().column("code").to_pylist()
    return f"^(?:{'|'.join(sorted(codes))})"


@cache
def _plans() -> dict[str, PhoneMetadata]:
    import phonenumbers

    plans = {
        region: phonenumbers.PhoneMetadata.metadata_for_region(region) for region in phonenumbers.SUPPORTED_REGIONS
    }
    return {region: plan for region, plan in sorted(plans.items()) if plan}


def _trunk(region: str) -> str | None:
    return _TRUNKS.get(region, _plans()[region].national_prefix)


def _lengths(plan: PhoneMetadata) -> list[int]:
    return [length for length in plan.general_desc.possible_length if length > 0] if plan.general_desc else []


@cache
def _regions() -> pa.Table:
    rows = []
    for region, plan in _plans().items():
        prefix = plan.international_prefix or "00"
        abroad = _ABROAD.get(region, prefix if prefix.isdigit() else "00")
        rows.append((region, str(plan.country_code), _trunk(region), abroad, _lengths(plan)))
    return _table(rows, ("region", "code", "trunk", "abroad", "lengths"))


@cache
def _codes() -> pa.Table:
    import phonenumbers

    rows = []
    for code, regions in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
        known = [region for region in regions if region in _plans()]
        lengths = sorted({length for region in known for length in _lengths(_plans()[region])})
        rows.append((str(code), _trunk(known[0]) if known else None, lengths or list(range(4, 16))))
    return _table(rows, ("code", "trunk", "lengths"))


def _table(rows: Sequence[tuple[object, ...]], names: tuple[str, ...]) -> pa.Table:
    kinds = {"lengths": pa.list_(pa.int64())}
    columns = {
        name: pa.array([row[i] for row in rows], type=kinds.get(name, pa.string())) for i, name in enumerate(names)
    }
    return pa.table(columns)
