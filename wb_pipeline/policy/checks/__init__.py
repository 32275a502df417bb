"""What the sections of a policy say about each other. Each check takes the document and returns findings."""

from __future__ import annotations

from collections.abc import Callable

from wb_pipeline.policy.checks.evidence import check_evidence
from wb_pipeline.policy.checks.evidence_coverage import check_coverage
from wb_pipeline.policy.checks.fields import check_fields
from wb_pipeline.policy.checks.floors import check_floors
from wb_pipeline.policy.checks.gates import check_gates
from wb_pipeline.policy.checks.matching import check_matching
from wb_pipeline.policy.checks.names import check_names
from wb_pipeline.policy.checks.numbers import check_numbers
from wb_pipeline.policy.checks.people import check_people
from wb_pipeline.policy.checks.precedence import check_precedence
from wb_pipeline.policy.checks.stages import check_stages
from wb_pipeline.policy.checks.values import check_values
from wb_pipeline.policy.findings import Finding
from wb_pipeline.policy.models import PolicyDocument

CHECKS: tuple[Callable[[PolicyDocument], list[Finding]], ...] = (
    check_numbers,
    check_fields,
    check_floors,
    check_values,
    check_stages,
    check_names,
    check_evidence,
    check_coverage,
    check_people,
    check_precedence,
    check_matching,
    check_gates,
)


def run_checks(document: PolicyDocument) -> list[Finding]:
    """Return the findings of every check."""
    return [finding for check in CHECKS for finding in check(document)]
