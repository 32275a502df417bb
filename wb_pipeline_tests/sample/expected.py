"""Reads wb_pipeline/sample/expected.yaml for the golden test: what must come out, per proposal line. Runs nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from wb_pipeline.paths import sample_folder

REST = "*"


@dataclass(frozen=True)
class ExpectedProposal:
    """What must come out for one line of one batch file of the sample.

    `fields` maps canonical field names to lanes; `rest` is the lane of every other field (None = nothing is said).
    `gates` and `labels` are those that must be there; others may be there too.
    """

    batch: str
    line: int
    proposal_id: str | None
    case: str
    lane: str
    fields: dict[str, str]
    rest: str | None
    gates: tuple[str, ...]
    labels: tuple[str, ...]
    later: str | None
    story: str

    @property
    def name(self) -> str:
        """A readable test id: file, line and case."""
        return f"{self.batch.removesuffix('.jsonl').removesuffix('.json')}:{self.line}-{self.case}"

    def lane_of_field(self, field: str) -> str | None:
        """Return the lane that a field must have, by its canonical name, or None where nothing is said."""
        return self.fields.get(field, self.rest)


@dataclass(frozen=True)
class ExpectedSample:
    """The whole file: the clock, the runs (each a list of batch file names, in order), and all proposals."""

    now: str
    runs: tuple[tuple[str, ...], ...]
    proposals: tuple[ExpectedProposal, ...]

    def of_batch(self, batch: str) -> tuple[ExpectedProposal, ...]:
        """Return the proposals of one batch file, by line."""
        return tuple(each for each in self.proposals if each.batch == batch)


@lru_cache(maxsize=1)
def load_expected() -> ExpectedSample:
    """Return expected.yaml, typed. A wrong key or a missing one is a TypeError or KeyError: the file is ours."""
    document = YAML(typ="safe").load(sample_folder() / "expected.yaml")
    proposals = [_proposal(batch, row) for batch, rows in document["proposals"].items() for row in rows]
    return ExpectedSample(document["now"], tuple(map(tuple, document["runs"])), tuple(proposals))


def sample_rows(batch: str) -> list[dict[str, Any] | None]:
    """Return what stands in each line (element) of a batch file of the sample; None where a line is no JSON object."""
    path: Path = sample_folder() / "batches" / batch
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else [_row(line) for line in text.splitlines()]


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _proposal(batch: str, row: dict[str, Any]) -> ExpectedProposal:
    fields = dict(row.pop("fields", {}))
    rest = fields.pop(REST, None)
    texts = {key: row.pop(key, None) for key in ("proposal_id", "later")}
    gates, labels = tuple(row.pop("gates", ())), tuple(row.pop("labels", ()))
    return ExpectedProposal(batch=batch, fields=fields, rest=rest, gates=gates, labels=labels, **texts, **row)
