"""Reads the labelled cases in `data` and lays each over its pieces. Runs nothing.

A case is one mapping of a YAML list:

    case       its name, a slug that no other case has
    guardrail  the guardrail that has to stop it (or a list: any of them)
    base       the proposal that it starts from (`proposals.BASES`)
    why        one line for a reader
    both       what it changes for the bad one and for its benign twin
    bad        what makes it bad; never empty
    twin       what makes the twin benign; often nothing
    policy     [[old text, new text], ...] of the policy that ships, where it needs another one
    reason     a reason code that must be among those given, where no gate speaks (a quarantine, a repetition), or where
               one gate of several that keep the guardrail has to
    known      one line, where the product is wrong and not the case: a bug on record, which fails until it is mended
    passes     the lane in which the twin is through: `auto` unless the policy always asks a person

`both`, `bad` and `twin` may hold: crm and evidence (by name of piece; new names add pieces), proposal (laid over the
base), earlier (a list of proposals in an earlier batch) and more (in the same batch), each {base: ..., proposal: ...},
before (how the CRM stood for that earlier batch, by piece) and line (the text of the line instead of a proposal).
Mappings are merged, all else is replaced; the text `<drop>` takes away.
`{con}`, `{email}` and so on are the case's names (`pieces.Names`); `<<900 times ab>>` is ab 900 times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

from wb_pipeline_tests.cases.pieces import Names, crm_pieces, evidence_pieces
from wb_pipeline_tests.cases.proposals import base_proposal

Row = dict[str, Any]
Side = Literal["bad", "twin"]
DATA = Path(__file__).parent / "data"
DROP = "<drop>"
_TIMES = re.compile(r"<<(\d+) times (.+?)>>")
_KEYS = {"case", "guardrail", "base", "why", "both", "bad", "twin", "policy", "reason", "passes", "known"}
_PARTS = {"crm", "evidence", "proposal", "earlier", "more", "before", "line"}


@dataclass(frozen=True)
class Laid:
    """One side of a case, ready to run: `line` in its batch, `crm_before` is the CRM of the earlier one."""

    crm: list[Row]
    evidence: list[Row]
    crm_before: list[Row]
    earlier: list[Row]
    more: list[Row]
    line: str


@dataclass(frozen=True)
class Case:
    """A labelled case."""

    name: str
    guardrails: tuple[str, ...]
    base: str
    why: str
    bad: Laid
    twin: Laid
    policy: tuple[tuple[str, str], ...]
    reason: str
    passes: str
    known: str


def read_cases(folder: Path = DATA) -> list[Case]:
    """Return every case of every file. Raises ValueError for a mistake in one."""
    rows = [row for path in sorted(folder.glob("*.yaml")) for row in YAML(typ="safe").load(path) or []]
    names = [row["case"] for row in rows]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"cases that stand twice: {twice}")
    return [_case(row) for row in rows]


def _case(row: Row) -> Case:
    if unknown := set(row) - _KEYS:
        raise ValueError(f"{row.get('case')}: unknown keys {sorted(unknown)}")
    if not row.get("bad"):
        raise ValueError(f"{row['case']}: nothing makes it bad")
    guardrails = row["guardrail"] if isinstance(row["guardrail"], list) else [row["guardrail"]]
    policy = tuple((old, new) for old, new in row.get("policy", []))
    bad, twin = (_laid(row, side) for side in ("bad", "twin"))
    return Case(
        row["case"],
        tuple(guardrails),
        row["base"],
        row["why"],
        bad,
        twin,
        policy,
        row.get("reason", ""),
        row.get("passes", "auto"),
        row.get("known", ""),
    )


def _laid(row: Row, side: str) -> Laid:
    names = Names(row["case"]).as_dict()
    changes = merged(row.get("both") or {}, row.get(side) or {})
    if unknown := set(changes) - _PARTS:
        raise ValueError(f"{row['case']}: unknown parts {sorted(unknown)}")
    changes = filled(changes, names)
    pieces = {"crm": crm_pieces(names), "evidence": evidence_pieces(names)}
    crm, evidence = (merged(pieces[part], changes.get(part) or {}) for part in ("crm", "evidence"))
    proposal = merged(base_proposal(row["base"], names), changes.get("proposal") or {})
    others = {
        part: [_other(each, names, part, i) for i, each in enumerate(changes.get(part) or [])]
        for part in ("earlier", "more")
    }
    return Laid(
        list(crm.values()),
        list(evidence.values()),
        list(merged(crm, changes.get("before") or {}).values()),
        others["earlier"],
        others["more"],
        changes.get("line") or json.dumps(proposal),
    )


def _other(each: Row, names: dict[str, str], part: str, number: int) -> Row:
    named = {"proposal_id": f"p-{names['case']}-{part}-{number}"}
    return merged(base_proposal(each["base"], names) | named, each.get("proposal") or {})


def merged(base: Mapping[str, Any], overlay: Mapping[str, Any]) -> Row:
    """Return `base` with `overlay` laid over it."""
    result = deepcopy(dict(base))
    for key, value in overlay.items():
        if value == DROP:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = deepcopy(value)
    return result


def filled(value: Any, names: Mapping[str, str]) -> Any:
    """Return the value with every `{name}` in its texts replaced; other braces stay."""
    if isinstance(value, str):
        for name, text in names.items():
            value = value.replace("{" + name + "}", text)
        return _TIMES.sub(lambda found: found[2] * int(found[1]), value)
    if isinstance(value, Mapping):
        return {filled(key, names): filled(each, names) for key, each in value.items()}
    return [filled(each, names) for each in value] if isinstance(value, list) else value
