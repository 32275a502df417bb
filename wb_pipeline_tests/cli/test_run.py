"""`wb run` on files as hostile as they come, and `wb decisions` on what became of them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wb_pipeline.canonical import file_hash
from wb_pipeline.home import Home
from wb_pipeline.paths import sample_folder
from wb_pipeline_tests.conftest import CommandRun, wb_environment, wb_process

Wb = Callable[..., CommandRun]
SAMPLE = sample_folder()
FIVE_MEGABYTES = 5_000_000
HOSTILE_ID = '=HYPERLINK("http://x")\x1b[2J\u202e'


def good_line(proposal_id: str) -> dict[str, object]:
    """Return a proposal of the sample under another id, on a record of its own."""
    lines = (SAMPLE / "batches" / "2026-03-02-morning.jsonl").read_text(encoding="utf-8").splitlines()
    row: dict[str, object] = json.loads(lines[0])
    changes = [{"field": "title", "op": "set", "value": f"Title {len(proposal_id)}", "seen": "Head of IT"}]
    return {**row, "proposal_id": proposal_id, "idempotency_key": proposal_id, "changes": changes}


def note(body: str) -> dict[str, object]:
    """Return a proposal that logs a note."""
    payload = {"activity_type": "note", "contact_id": "con-1", "occurred_at": "2026-03-01T09:00:00Z", "body": body}
    row = {key: value for key, value in good_line("p-note").items() if key not in {"changes", "target"}}
    return {**row, "action": "log", "object": "activity", "payload": payload}


@dataclass(frozen=True)
class HostileRun:
    """A run over good and bad files: its home, the files by name, and what the command said."""

    home: Home
    files: dict[str, Path]
    command: CommandRun


@pytest.fixture(scope="module")
def hostile_run(tmp_path_factory: pytest.TempPathFactory) -> HostileRun:
    """Run `wb run` once over every kind of bad file together with a good one."""
    folder = tmp_path_factory.mktemp("hostile")
    deep = '{"proposal_id": "p-deep", "payload": ' + "[" * 100_000 + "]" * 100_000 + "}"
    contents = {
        "good.jsonl": json.dumps(good_line("p-good")).encode(),
        "ids.jsonl": json.dumps(good_line(HOSTILE_ID)).encode(),
        "large.jsonl": "\n".join([json.dumps(note("x" * FIVE_MEGABYTES)), json.dumps(good_line("p-12345"))]).encode(),
        "deep.jsonl": "\n".join([deep, json.dumps(good_line("p-123456"))]).encode(),
        "rubbish lines.jsonl": b"\x80\xfd\x00 rubbish\n"
        + json.dumps(good_line("p-1234567")).encode()
        + b"\n\x00\x80\n",
        "utf16.jsonl": json.dumps(good_line("p-utf16")).encode("utf-16"),
        "$(reboot); drop table.parquet": b"PAR1" + b"\x00rubbish" * 100,
        "empty.jsonl": b"",
    }
    files = {name: folder / name for name in contents}
    for name, content in contents.items():
        files[name].write_bytes(content)
    nested = ("actor", "target", "changes", "evidence")
    row = {key: json.dumps(value) if key in nested else value for key, value in good_line("p-parquet").items()}
    files["table.parquet"] = folder / "table.parquet"
    pq.write_table(pa.Table.from_pylist([row]), files["table.parquet"])
    home = Home(folder / "home")
    given = [part for file in files.values() for part in ("--batch", file)]
    command = wb_process("run", "--home", home.root, "--crm", SAMPLE / "crm", "--evidence", SAMPLE / "evidence",
                         "--now", "2026-03-02T10:00:00Z", *given)  # fmt: skip
    done = subprocess.run(command, env=wb_environment(), capture_output=True, text=True, check=False)
    return HostileRun(home, files, CommandRun(done.returncode, done.stdout, done.stderr))


def outcomes(run: HostileRun, name: str, wb: Wb) -> list[dict[str, object]]:
    """Return `wb decisions --format jsonl` of one of the files."""
    done = wb("decisions", "--batch", file_hash(run.files[name]), "--format", "jsonl", "--home", run.home.root)
    assert done.exit_code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_run_goes_on_when_files_are_hostile(hostile_run: HostileRun) -> None:
    """CON-2, CON-7: a 5 MB note, 100,000 brackets, binary rubbish and files of no known format end no run."""
    assert hostile_run.command.exit_code == 0, hostile_run.command.err
    assert "Traceback" not in hostile_run.command.err


def test_run_says_which_files_could_not_be_read(hostile_run: HostileRun) -> None:
    """CON-2: a file that is quarantined as a whole is named, with the reason, where the run is summed up."""
    told = hostile_run.command.out
    assert "utf16.jsonl cannot be read: it is saved as UTF-16" in told
    assert "drop table.parquet cannot be read" in told
    assert "good.jsonl cannot be read" not in told


@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("utf16.jsonl", 0, "unreadable_file"),
        ("$(reboot); drop table.parquet", 0, "unreadable_file"),
    ],
)
def test_unreadable_file_is_one_quarantined_line(
    hostile_run: HostileRun, name: str, line: int, code: str, wb: Wb
) -> None:
    """CON-2: nothing disappears: the file has its outcome, which can be handed back to whoever sent it."""
    (outcome,) = outcomes(hostile_run, name, wb)
    assert (outcome["line"], outcome["lane"], outcome["reason_codes"]) == (line, "quarantine", [code])


@pytest.mark.parametrize("name", ["large.jsonl", "deep.jsonl", "rubbish lines.jsonl"])
def test_bad_lines_do_not_take_the_good_one_with_them(hostile_run: HostileRun, name: str, wb: Wb) -> None:
    """CON-2, CON-7: the bad lines of a batch are quarantined, the good one is judged."""
    found = outcomes(hostile_run, name, wb)
    good = [each for each in found if each["lane"] != "quarantine"]
    assert len(found) > len(good) == 1
    assert str(good[0]["proposal_id"]).startswith("p-1234")
    assert all(each["reason_codes"] for each in found if each["lane"] == "quarantine")


def test_every_format_is_judged_alike(hostile_run: HostileRun, wb: Wb) -> None:
    """CON-2: JSON Lines and Parquet; an empty file is a batch of nothing."""
    (from_lines,), (from_table,) = (outcomes(hostile_run, name, wb) for name in ("good.jsonl", "table.parquet"))
    assert from_lines["fields"].keys() == from_table["fields"].keys() == {"title"}
    assert "quarantine" not in {from_lines["lane"], from_table["lane"]}
    assert outcomes(hostile_run, "empty.jsonl", wb) == []


def test_decisions_csv_runs_no_formula(hostile_run: HostileRun, wb: Wb) -> None:
    """Law 7, RPT-6: what an agent wrote is text to a spreadsheet."""
    done = wb("decisions", "--batch", file_hash(hostile_run.files["ids.jsonl"]), "--format", "csv",
              "--home", hostile_run.home.root)  # fmt: skip
    (row,) = csv.DictReader(io.StringIO(done.out))
    assert row["proposal_id"].startswith("'=HYPERLINK")
    assert row["lane"]


def test_decisions_table_gives_the_terminal_no_orders(hostile_run: HostileRun, wb: Wb) -> None:
    """Law 7, EVD-10: escape sequences and text that turns its direction do not reach the terminal."""
    done = wb("decisions", "--batch", file_hash(hostile_run.files["ids.jsonl"]), "--home", hostile_run.home.root)
    assert done.exit_code == 0
    assert "=HYPERLINK" in done.out
    assert {letter for letter in done.out if not letter.isprintable()} == {"\n"}


def test_decisions_jsonl_has_the_keys_of_the_contract(demo_home: Home, wb: Wb) -> None:
    """Contract, section 5: one line per proposal line, with everything that an agent needs to go on."""
    followup = file_hash(SAMPLE / "batches" / "2026-03-02-followup.json")
    done = wb("decisions", "--batch", followup, "--format", "jsonl", "--home", demo_home.root)
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["line"] for row in rows] == list(range(1, 7))
    for row in rows:
        assert set(row) == {"batch", "line", "proposal_id", "lane", "reason_codes", "labels", "fields"}
    assert rows[4]["fields"] == {"title": "auto"}


def test_decisions_finds_a_batch_by_its_first_digits_and_no_other(demo_home: Home, wb: Wb) -> None:
    """Issue 2, item 7: an ambiguous or unknown batch is told with the latest ones that exist."""
    key = file_hash(SAMPLE / "batches" / "2026-03-02-followup.json")
    assert wb("decisions", "--batch", key[:12], "--home", demo_home.root).exit_code == 0
    batches = len(list((SAMPLE / "batches").iterdir()))
    for wrong, says in (("zzz", "no decided batch begins"), ("", f"{batches} batches begin")):
        done = wb("decisions", "--batch", wrong, "--home", demo_home.root)
        assert done.exit_code == 2
        assert says in done.err
        assert key[:16] in done.err
