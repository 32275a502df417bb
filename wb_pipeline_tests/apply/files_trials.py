"""Accidents while a folder of CRM files is written: a kill, and somebody who changes a row right behind it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from wb_pipeline.connectors.files_writing import WritableFiles
from wb_pipeline.home import Home
from wb_pipeline_tests.apply.dying import apply_now, apply_to_files_and_die, ended, started
from wb_pipeline_tests.apply.invariants import read_books, violations
from wb_pipeline_tests.apply.trials import Records, Result, steps_of, until_done
from wb_pipeline_tests.apply.world import CRM, make_world

Row = dict[str, Any]

EDITS = {"com-9": {"industry": "mining"}, "com-8": {"industry": "mining"}}
"""What somebody writes into the loser of the world's merge, or into its survivor."""


class FilesLaboratory:
    """A world whose CRM is a folder, and accidents on copies of both."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._root, self._count = root, 0
        self._world = make_world(root / "world")
        write_crm(self._world.root / "crm")

    def kill_at(self, step: int, *, is_every: bool = False, edited: str = "") -> Result:
        """Kill a process that applies to the folder; let somebody edit a record, maybe; apply until it is done."""
        self._count += 1
        home = Home(self._root / f"home-{self._count}")
        shutil.copytree(self._world.root, home.root)
        folder = home.root / "crm"
        code = ended(started(apply_to_files_and_die, home.root, folder, step, is_every))
        steps = 0 if code else steps_of(home)
        edits = [edit(folder, edited, EDITS[edited])] if edited else []
        until_done(lambda: apply_now(home, WritableFiles(folder)))
        result = Result(
            f"files, step {step} {edited}".strip(), problems(home, folder, edits), rows(folder), code == -9, steps
        )
        shutil.rmtree(home.root)
        return result


def write_crm(folder: Path) -> None:
    """Write the CRM as one file per object, and a second one for the company that is merged away."""
    folder.mkdir()
    for record in CRM:
        name = "company-more" if record["id"] == "com-9" else record["object"]
        with (folder / f"{name}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")


def edit(folder: Path, record_id: str, fields: Row) -> Row:
    """Let somebody save a file with other values in one record; return what they did, as the fake CRM would log it."""
    for path in sorted(folder.glob("*.jsonl")):
        standing = _rows_in(path)
        for row in standing:
            if row["id"] == record_id:
                before, row["fields"] = row["fields"], row["fields"] | fields
                path.write_text("".join(json.dumps(each) + "\n" for each in standing), encoding="utf-8")
                return {"action": "edit", "effect": "committed", "object": row["object"], "record_id": record_id,
                        "before": before, "after": row["fields"], "write_key": ""}  # fmt: skip
    raise AssertionError(f"{record_id} is nowhere")


def rows(folder: Path) -> Records:
    """Return what stands in the files, without marks and times; ids of made records come from their keys."""
    return {
        (row["object"], row["id"]): {
            **{name: value for name, value in row["fields"].items() if not name.startswith("ai_")},
            "(merged into)": row.get("merged_into"),
        }
        for row in _all_rows(folder)
    }


def problems(home: Home, folder: Path, edits: list[Row]) -> dict[str, list[str]]:
    """Return what does not hold. A folder keeps no log of what it was asked: each row's history tells what was done."""
    found = _all_rows(folder)
    books = read_books(home, {"records": found, "log": edits})
    ids = Counter((row["object"], row["id"]) for row in found)
    changes = Counter((row["id"], entry["field"]) for row in found for entry in row.get("history", []))
    changes = Counter({key: count for key, count in changes.items() if not key[1].startswith("ai_")})
    left = [path.name for path in folder.glob(".*") if not path.name.endswith(".lock")]
    return {
        "lost": violations(books)["lost"],
        "overwritten": violations(books)["overwritten"],
        "twice": [f"{what} is there {count} times" for what, count in (ids + changes).items() if count > 1],
        "wrong": [f"{name} was left behind" for name in left],
    }


def _all_rows(folder: Path) -> list[Row]:
    return [row for path in sorted(folder.glob("*.jsonl")) for row in _rows_in(path)]


def _rows_in(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
