"""What a training ended in, in words for a terminal. Reads the ledger and the report beside the model only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from wb_pipeline.audit.terminal_text import plain
from wb_pipeline.errors import AuditError

if TYPE_CHECKING:
    from wb_pipeline.home import Home


def trained_text(home: Home) -> str:
    """Return what the latest training said of each object, and where to look."""
    from wb_pipeline.ledger.kinds_models import ModelTrained
    from wb_pipeline.ledger.store import Ledger

    event = Ledger.open(home).events(ModelTrained.kind)[-1]
    path = home.models / event.subject / "report.json"
    try:
        report = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise AuditError(f"{path} cannot be read", hint="train again with `wb train`") from error
    kept = "the models that ship" if event.payload["is_shipped"] else f"model {event.subject}"
    lines = [f"In force from now on: {kept} (ledger event {event.sequence})."]
    for name, each in sorted(report["objects"].items(), reverse=True):
        lines += ["", f"{name}", *(f"  {plain(line, 2_000)}" for line in _object_lines(each))]
        lines.append(f"  page: {path.with_name(f'{name}.html')}")
    return "\n".join([*lines, "", "Next: wb dedupe (every pair is scored anew once)."])


def _object_lines(report: dict[str, Any]) -> Iterator[str]:
    yield report["splink"]["said"] + "."
    yield report["card"]["said"] + "."
    for words in report["splink"]["levels_against_meaning"]:
        yield f"Look at this: {words} (an agreement that speaks against a pair)."
    yield f"{report['scores']['pairs']:,} pairs found by {len(report['blocking'])} blocking rules."
    for each in report["blocking"]:
        if each["warning"]:
            yield f"Warning: {each['warning']}."
