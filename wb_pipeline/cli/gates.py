"""`wb gates`: every rule by name, with what it says and what the default policy makes of it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from wb_pipeline.steps.gate_catalog import GateWords


@click.command()
@click.option("--markdown", is_flag=True, help="As the table of docs/gates.md.")
@click.option("--families", is_flag=True, help="Only the families, as the table of the README.")
def command(markdown: bool, families: bool) -> None:  # noqa: FBT001  (click passes flags by position or name)
    """List every gate: what it looks for, which guardrails it keeps, its verdict in the policy that ships."""
    verdicts = _default_verdicts()
    if families:
        lines = family_table(words())
    else:
        lines = markdown_table(words(), verdicts) if markdown else _text(words(), verdicts)
    click.echo("\n".join(lines))


def words() -> list[GateWords]:
    """Return the words of every gate of the SQL project."""
    from wb_pipeline.paths import sql_project_folder
    from wb_pipeline.sql_project import SqlProject
    from wb_pipeline.steps.gate_catalog import gate_catalog

    return gate_catalog(SqlProject.load(sql_project_folder()))


def markdown_table(gates: list[GateWords], verdicts: dict[str, str]) -> list[str]:
    """Return the gates as lines of a Markdown table."""
    lines = ["| gate | verdict | keeps | says |", "|---|---|---|---|"]
    for gate in gates:
        name = gate.gate.removeprefix("gate_")
        lines.append(f"| `{name}` | {verdicts[gate.gate]} | {', '.join(gate.guardrails)} | {gate.says} |")
    return lines


def family_table(gates: list[GateWords]) -> list[str]:
    """Return the families of gates, with what each of their gates looks for, as lines of a Markdown table."""
    lines = ["| family | gates | keeps |", "|---|---|---|"]
    for family, members in groupby(gates, key=lambda gate: gate.family):
        listed = list(members)
        names = ", ".join(gate.gate.partition("__")[2].replace("_", " ") for gate in listed)
        keeps = sorted({guardrail for gate in listed for guardrail in gate.guardrails})
        lines.append(f"| {family} | {names} | {', '.join(keeps)} |")
    return lines


def _default_verdicts() -> dict[str, str]:
    from wb_pipeline.paths import default_policy_file
    from wb_pipeline.policy.load import load_policy
    from wb_pipeline.policy.tables import policy_tables

    rows = policy_tables(load_policy(default_policy_file()))["gates"].to_pylist()
    return {row["gate"]: row["verdict"] for row in rows}


def _text(gates: list[GateWords], verdicts: dict[str, str]) -> list[str]:
    lines = []
    for gate in gates:
        lines.append(f"{gate.gate}  [{verdicts[gate.gate]}]  {', '.join(gate.guardrails)}  ({gate.judged_by})")
        lines.append(f"    {gate.description}")
    return lines
