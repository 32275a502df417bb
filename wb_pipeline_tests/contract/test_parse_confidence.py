"""What counts as a confidence: a number from 0 to 100 and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from wb_pipeline.contract.models_proposal import Proposal
from wb_pipeline_tests.contract.factories import is_kept, line, parse, proposal, reasons


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ('"85%"', "not_a_number"),
        ('"85"', "not_a_number"),
        ("true", "not_a_number"),
        ("[85]", "not_a_number"),
        ("null", "missing"),
        ("NaN", "not_finite"),
        ("Infinity", "not_finite"),
        ("-Infinity", "not_finite"),
        ("1e999", "number_too_large"),
        ("-1", "out_of_range"),
        ("-0.0001", "out_of_range"),
        ("100.0001", "out_of_range"),
        ("101", "out_of_range"),
        ("1" + "0" * 60, "out_of_range"),
        ("9" * 5_000, "number_too_long"),
    ],
)
def test_parse_batch_quarantines_a_confidence_that_is_no_number_from_0_to_100(tmp_path, value, code):
    """CON-3: nothing but a number from 0 to 100 passes, and nothing is repaired."""
    text = json.dumps(proposal(confidence=0)).replace('"confidence": 0', f'"confidence": {value}')
    batch = parse(tmp_path, text)
    assert is_kept(batch) == [False]
    assert code in [found for found, _ in reasons(batch)]
    assert "confidence" in [field for _, field in reasons(batch)]
    assert line(batch)["confidence"] is None
    assert batch.changes.num_rows == 0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_proposal_model_refuses_a_confidence_that_is_not_finite(value):
    """CON-3: the model does not lean on the reader: a number from any other way in is refused as well."""
    with pytest.raises(ValidationError, match="finite"):
        Proposal.model_validate(proposal(confidence=value))


@pytest.mark.parametrize("value", [0, 100, 50.5, 0.0, 100.0, 1e-9])
def test_parse_batch_keeps_a_confidence_from_0_to_100_as_it_is(tmp_path, value):
    """CON-3: the ends of the range belong to it."""
    assert line(parse(tmp_path, proposal(confidence=value)))["confidence"] == value


@given(value=st.one_of(st.floats(), st.integers(), st.text(max_size=8), st.booleans(), st.none()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parse_batch_keeps_a_confidence_if_and_only_if_it_is_a_number_in_range(tmp_path, value):
    """CON-3: for any JSON scalar."""
    given_line = json.dumps({**proposal(), "confidence": value})
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    assert is_kept(parse(tmp_path, given_line)) == [is_number and 0 <= value <= 100]
