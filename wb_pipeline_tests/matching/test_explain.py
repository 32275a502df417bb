"""Every comparison is shown with a column that people recognize."""

from __future__ import annotations

import duckdb
import pytest

from wb_pipeline.matching import explain
from wb_pipeline.matching.models.objects import MODELS
from wb_pipeline.matching.prepare import prepare_relation


@pytest.mark.parametrize("name", ["contact", "company"])
def test_every_comparison_shows_a_column_that_people_recognize(name: str) -> None:
    """IDN-2, issue 3, item 7: a column that is renamed in the prepared records is renamed in explanations too."""
    shown = explain._SHOWN[name]
    assert set(shown) == {comparison.name for comparison in MODELS[name].comparisons}
    with duckdb.connect() as con:
        con.execute("create table records (record_id varchar, object varchar, fields varchar, is_live boolean)")
        prepare_relation(con, "records", into="prepared_rows", object=name)
        columns = {row[0] for row in con.execute("describe prepared_rows").fetchall()}
    # Made of several prepared columns, in `matching.inputs`.
    assert set(shown.values()) - columns <= {"address_key", "employer_joined"}
