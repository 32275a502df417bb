"""The published JSON Schemas say what the loader takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from wb_pipeline.contract.fields import FIELDS_BY_OBJECT
from wb_pipeline.contract.models_evidence import EVIDENCE_MODELS
from wb_pipeline.contract.schema import contract_schemas, main, schema_texts
from wb_pipeline_tests.contract.factories import create, parse, proposal, record

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "schema"


def validator(name):
    """Return a validator of one published schema."""
    return Draft202012Validator(contract_schemas()[f"{name}.schema.json"])


def test_published_schemas_are_those_of_the_models():
    """CON-1: the published schema is the loader's own. To mend it: python -m wb_pipeline.contract.schema docs/schema"""
    assert {path.name: path.read_text(encoding="utf-8") for path in PUBLISHED.glob("*.json")} == schema_texts()


def test_main_writes_the_schemas(tmp_path, capsys):
    """CON-1: one command publishes them."""
    assert main([str(tmp_path / "schema")]) == 0
    assert {path.name for path in (tmp_path / "schema").iterdir()} == set(schema_texts())
    assert "proposal.schema.json" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(contract_schemas()))
def test_schema_is_valid_json_schema(name):
    """CON-1: other programs can read what is published."""
    Draft202012Validator.check_schema(contract_schemas()[name])


@pytest.mark.parametrize(
    "document", [proposal(), create(), create(action=" LOG "), proposal(action="delete", changes=None)]
)
def test_proposal_schema_accepts_what_the_loader_accepts(tmp_path, document):
    """CON-1: the examples of the contract are valid."""
    validator("proposal").validate(document)
    assert parse(tmp_path, document).lines.column("is_readable").to_pylist() == [True]


def test_record_and_evidence_schemas_accept_the_examples():
    """CON-1: records, known evidence and evidence of an unknown type are valid."""
    validator("crm-record").validate(record())
    for kind in [*EVIDENCE_MODELS, "fax"]:
        validator("evidence-item").validate({"id": "ev-1", "type": kind, "colour": "red"})
    assert not validator("evidence-item").is_valid({"id": "ev-1", "type": "email", "to": "a@b.example"})
    assert not validator("crm-record").is_valid(record(fields=None))


def test_fields_are_those_of_the_contract():
    """CON-5: the field list knows each object of the contract; a lead has all a contact has."""
    assert set(FIELDS_BY_OBJECT) == {
        *("company", "contact", "deal", "lead", "activity"),
        *("user", "workflow", "enrollment", "suppression"),
    }
    assert set(FIELDS_BY_OBJECT["lead"]) - set(FIELDS_BY_OBJECT["contact"]) == {"company_name", "status"}


value = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 120),
    st.floats(-5, 120).filter(lambda number: not number.is_integer()),
    st.text(max_size=5),
    st.sampled_from([[], {}, ["a"], [{"ref": "ev-1"}], [{"field": "title", "value": 1}], {"id": "x"}, {"loser": "a"}]),
    st.fixed_dictionaries({"type": st.sampled_from(["ai_agent", "robot"]), "id": st.sampled_from(["x", 3, " ", None])}),
    st.sampled_from(["create", "update", "merge", "log", "delete", "Trigger", {"survivor": "a", "loser": 2}]),
)
keys = st.sampled_from([*proposal(), "payload", "read_at", "causation", "workflow_id", "other"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(changes=st.dictionaries(keys, value, max_size=3), start=st.sampled_from([proposal(), create()]))
def test_proposal_schema_and_loader_agree_whatever_the_document(tmp_path, changes, start):
    """CON-1: one source: a document is valid for the schema if and only if the loader reads it."""
    document = {**start, **changes}
    is_valid = validator("proposal").is_valid(json.loads(json.dumps(document)))
    assert parse(tmp_path, document).lines.column("is_readable").to_pylist() == [is_valid]
