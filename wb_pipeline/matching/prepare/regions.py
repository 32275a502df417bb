"""Lookups of countries: of a record's country field, and of a top-level domain. No phone numbers here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from wb_pipeline.matching.prepare.lookups import write_lookup
from wb_pipeline.normalize.places import country_code

if TYPE_CHECKING:
    import duckdb

_COUNTRIES = "select distinct country from preparing_given where country is not null"
# Top-level domains of countries that the whole world uses: they say nothing about where a phone is.
_NOT_NATIONAL = frozenset({"AI", "CC", "CO", "FM", "IO", "LY", "ME", "TV", "WS", "GG", "TO", "SH", "AC", "LA", "VC"})


def write_countries(con: duckdb.DuckDBPyConnection) -> None:
    """Write the temporary table `preparing_countries`: country -> code (alpha-2 or NULL)."""
    write_lookup(con, "preparing_countries", _COUNTRIES, lambda text: (country_code(text),), ("code",))


def register_top_levels(con: duckdb.DuckDBPyConnection) -> None:
    """Register `top_levels`: top_level -> region, for the national top-level domains that nations use."""
    import phonenumbers

    regions = sorted(phonenumbers.SUPPORTED_REGIONS - _NOT_NATIONAL)
    levels = ["uk" if region == "GB" else region.lower() for region in regions]
    con.register("top_levels", pa.table({"top_level": levels, "region": regions}))
