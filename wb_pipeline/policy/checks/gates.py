"""Verdicts: every gate is listed, and with a verdict it may have."""

from __future__ import annotations

from wb_pipeline.policy.findings import Finding, did_you_mean
from wb_pipeline.policy.gates import RULES
from wb_pipeline.policy.models import PolicyDocument


def check_gates(document: PolicyDocument) -> list[Finding]:
    """Return gates that are unknown, missing, or weaker than their guardrail."""
    findings = []
    for gate, verdict in document.gates.items():
        rule = RULES.get(gate)
        if rule is None:
            findings.append(Finding(("gates", gate), "there is no such gate", did_you_mean(gate, RULES)))
        elif verdict not in rule.allowed:
            findings.append(
                Finding(
                    ("gates", gate), f"{verdict} is not allowed here, only {' or '.join(rule.allowed)}", rule.reason
                )
            )
    findings += [
        Finding(("gates", gate), "the gate is missing", f"its default is {RULES[gate].default}")
        for gate in RULES
        if gate not in document.gates
    ]
    return findings
