"""What every gate must have: its spec, its cases, its place in the list and in the policy, and NULL-safe predicates."""

from __future__ import annotations

import re

import pytest

from wb_pipeline.facts.named_domains import DOMAIN_FIELDS
from wb_pipeline.facts.payload_references import REFERENCED_OBJECTS
from wb_pipeline.paths import default_policy_file, sql_project_folder
from wb_pipeline.sql_project import Model, SqlProject
from wb_pipeline.sql_project.files import read_yaml
from wb_pipeline_tests.dbt_like_sql.gate_cases import OBJECTION_COLUMNS, VARIABLES, CaseRunner, read_cases
from wb_pipeline_tests.dbt_like_sql.null_safety import unsafe_predicates

_GUARDRAIL = re.compile(r"(CON|IDN|FLD|EVD|CNF|HIA|OVW|LOG|TRG|EXC|AUD|RVW)-\d+")
_NAME = re.compile(
    r"gate_(contract|confidence|evidence|identity|policy|overwrite|conflict|activity|trigger)__[a-z0-9_]+"
)
_LISTS = ("int_objections_standing_alone", "int_objections_unioned")
_EXPECTATION_GATES = "expectation_gates"

_PROJECT = SqlProject.load(sql_project_folder())
_GATES = [model for model in _PROJECT.models.values() if model.is_gate]

every_gate = pytest.mark.parametrize("gate", _GATES, ids=[gate.name for gate in _GATES])


@every_gate
def test_gate_is_specified(gate: Model) -> None:
    """Law 2: a gate has a YAML beside it that says why, and which guardrail it stands for."""
    assert _NAME.fullmatch(gate.name), f"{gate.name}: the family in the name is not known"
    assert gate.properties_path == gate.path.with_suffix(".yml"), f"{gate.name}.yml is missing beside the SQL"
    assert gate.description, f"{gate.name}.yml: the description (why) is missing"
    guardrails = gate.meta.get("guardrails") or []
    assert guardrails, f"{gate.name}.yml: config.meta.guardrails is missing"
    assert all(_GUARDRAIL.fullmatch(str(one)) for one in guardrails), (
        f"{gate.name}.yml: {guardrails} are not guardrail ids"
    )


@every_gate
@pytest.mark.parametrize(
    ("pattern", "what"),
    [(r"objects_when_\w+", "that objects"), (r"passes_when_\w+", "that passes"), (r"\w+_is_null", "for NULL")],
)
def test_gate_has_a_case(gate: Model, pattern: str, what: str) -> None:
    """Law 2: at least one case that objects, one that passes, one in which something is NULL."""
    names = [case.name for case in read_cases(gate)]
    assert any(re.fullmatch(pattern, name) for name in names), f"{gate.name}.yml: no case {what} ({pattern})"


@every_gate
def test_case_is_named_for_what_it_expects(gate: Model) -> None:
    """objects_when_... objects, passes_when_... passes."""
    for case in read_cases(gate):
        wanted = "objects_when_" if case.objects else "passes_when_"
        assert case.name.startswith(wanted), f"{gate.name}.yml: case {case.name!r} should be called {wanted}..."


@every_gate
def test_gate_is_null_safe(gate: Model) -> None:
    """Law 1, FLD-1: no predicate of a gate can be NULL and so drop an objection unseen."""
    unsafe = unsafe_predicates(_PROJECT.render(gate.name, VARIABLES))
    assert not unsafe, f"{gate.name}.sql: these may be NULL: " + "; ".join(unsafe)


@every_gate
def test_gate_returns_objections(gate: Model, runner: CaseRunner) -> None:
    """A gate returns who objects to what, why, and nothing else."""
    assert runner.columns(gate.name) == OBJECTION_COLUMNS


@every_gate
def test_gate_is_listed(gate: Model) -> None:
    """Law 2: an unlisted gate would object to nothing."""
    listed = {name for model in _LISTS if model in _PROJECT.models for name in _PROJECT.models[model].depends_on}
    assert gate.name in listed, f"{gate.name} is not in the list of gates (macros/gate_names.sql)"


@every_gate
def test_gate_attests(gate: Model) -> None:
    """Law 1: building a gate leaves its attestation in the same transaction."""
    hooks = " ".join(_PROJECT.render_hooks(gate.name, VARIABLES))
    assert "insert into main.gate_attestations" in hooks
    assert f"'{gate.name}' as gate" in hooks


def test_every_listed_gate_is_a_file() -> None:
    """The list names no gate that does not exist."""
    known = {gate.name for gate in _GATES}
    listed = {name for model in _LISTS for name in _PROJECT.models[model].depends_on if name.startswith("gate_")}
    assert listed <= known, f"listed, but no such file: {sorted(listed - known)}"


def test_policy_and_gates_name_each_other() -> None:
    """Law 2: the default policy gives every gate a verdict, and names no gate that does not exist."""
    named = set(read_yaml(default_policy_file(), "policy.yaml")["gates"])
    files = {gate.name for gate in _GATES} | {
        path.stem for path in (_PROJECT.folder / _EXPECTATION_GATES).glob("*.yml")
    }
    assert not files - named, f"without a verdict in the policy: {sorted(files - named)}"
    assert not named - files, f"in the policy, but no such gate: {sorted(named - files)}"


def test_sql_and_python_mean_the_same_references() -> None:
    """IDN-9: a field that points to a record is looked up by Python, and missed by SQL where it was not."""
    query = _PROJECT.render("gate_identity__reference_not_found", VARIABLES)
    listed = re.search(r"coalesce\(changes\.field, ''\) in \(([^)]*)\)", query)
    assert listed
    assert set(re.findall(r"'(\w+)'", listed[1])) == set(REFERENCED_OBJECTS)


def test_sql_and_python_mean_the_same_domain_fields() -> None:
    """IDN-5: a field that has a domain is looked at by Python, and missed by SQL where it was not."""
    query = _PROJECT.render("gate_identity__lookalike_domain", VARIABLES)
    listed = re.search(r"coalesce\(changes\.field, 'domain'\) in \(([^)]*)\)", query)
    assert listed
    assert set(re.findall(r"'(\w+)'", listed[1])) == set(DOMAIN_FIELDS)
