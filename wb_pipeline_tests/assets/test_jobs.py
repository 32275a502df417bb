"""The sensor: files of the inbox become archived batches, partitions and run requests, named by content alone."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from wb_pipeline.canonical import file_hash
from wb_pipeline.home import Home
from wb_pipeline.jobs.inbox_sensor import new_batches
from wb_pipeline.ledger.kinds import BatchReceived
from wb_pipeline.ledger.store import Ledger
from wb_pipeline.resources import Books
from wb_pipeline_tests.end_to_end.road import FOLLOWUP, MORNING, STRAY

HOSTILE_NAMES = (
    "$(reboot).jsonl",
    "; rm -rf ~.jsonl",
    "a'; drop table events; --.json",
    "x\\..\\..\\y.jsonl",
    "\u202egpj.jsonl",
    "new\nline.jsonl",
    "x" * 240 + ".jsonl",
)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """An instance in memory."""
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def tick(home: Home, instance: dg.DagsterInstance, cursor: str | None = None) -> dg.SensorResult:
    """Evaluate the sensor once and add the partitions it asks for, as the daemon does."""
    books = Books(home_folder=str(home.root))
    with dg.build_sensor_context(instance=instance, cursor=cursor, resources={"books": books}) as context:
        result = new_batches(context)
    assert isinstance(result, dg.SensorResult)
    for request in result.dynamic_partitions_requests or []:
        instance.add_dynamic_partitions(request.partitions_def_name, list(request.partition_keys))
    return result


def drop(home: Home, name: str, content: bytes) -> Path:
    """Put a file into the inbox, as an agent does."""
    home.inbox.mkdir(parents=True, exist_ok=True)
    path = home.inbox / name
    path.write_bytes(content)
    return path


def test_sensor_asks_for_a_run_per_batch_named_by_its_content(home: Home, instance: dg.DagsterInstance) -> None:
    """OPS-1: each new file is archived, leaves the inbox, and becomes a partition and a run whose key is its content
    hash.
    """
    for batch in (MORNING, STRAY, FOLLOWUP):
        drop(home, batch.name, batch.read_bytes())
    result = tick(home, instance)
    keys = {file_hash(batch) for batch in (MORNING, STRAY, FOLLOWUP)}
    assert {request.partition_key for request in result.run_requests or []} == keys
    assert {request.run_key for request in result.run_requests or []} == keys
    assert set(instance.get_dynamic_partitions("batches")) == keys
    assert {path.stem for path in home.archive.iterdir()} == keys
    assert list(home.inbox.iterdir()) == []


def test_sensor_repeats_itself_when_a_tick_is_lost(home: Home, instance: dg.DagsterInstance) -> None:
    """OPS-4: a tick that was killed before its cursor was kept is made again, with the same run key: nothing runs
    twice.
    """
    drop(home, "a.jsonl", FOLLOWUP.read_bytes())
    first, again = tick(home, instance), tick(home, instance)
    assert [each.run_key for each in first.run_requests or []] == [each.run_key for each in again.run_requests or []]
    assert len(Ledger.open(home).events(BatchReceived.kind)) == 1
    after = tick(home, instance, first.cursor)
    assert (list(after.run_requests or []), after.cursor) == ([], first.cursor)


def test_sensor_asks_for_nothing_when_all_is_decided(demo_copy: Home, instance: dg.DagsterInstance) -> None:
    """CON-4: the same bytes under another name are the batch that was decided; no run, no event, and the file is
    taken.
    """
    before = Ledger.open(demo_copy).head()
    drop(demo_copy, "again.json", FOLLOWUP.read_bytes())
    result = tick(demo_copy, instance)
    assert list(result.run_requests or []) == []
    assert Ledger.open(demo_copy).head() == before
    assert list(demo_copy.inbox.iterdir()) == []


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_sensor_takes_hostile_names_as_labels(home: Home, instance: dg.DagsterInstance, name: str) -> None:
    """Law 7, contract section 3: a file's name is never a key, a path, a partition or an order to a log."""
    path = drop(home, name, FOLLOWUP.read_bytes())
    key = file_hash(path)
    result = tick(home, instance)
    assert [request.partition_key for request in result.run_requests or []] == [key]
    assert [each.name for each in home.archive.iterdir()] == [f"{key}.batch"]
    (event,) = Ledger.open(home).events(BatchReceived.kind)
    assert event.payload["file_name"] == name
    assert event.payload["path"] == f"archive/{key}.batch"


def test_sensor_leaves_unfinished_files_alone(home: Home, instance: dg.DagsterInstance) -> None:
    """CON-2: a file that is still being written has a leading dot or another ending; folders are no batches."""
    drop(home, ".half.jsonl", b"{")
    drop(home, "half.jsonl.part", b"{")
    (home.inbox / "folder.jsonl").mkdir()
    assert list(tick(home, instance).run_requests or []) == []
    assert sorted(path.name for path in home.inbox.iterdir()) == [".half.jsonl", "folder.jsonl", "half.jsonl.part"]


def test_sensor_goes_on_when_a_file_is_refused(home: Home, instance: dg.DagsterInstance, tmp_path: Path) -> None:
    """CON-2: a link into the machine is refused and set aside; binary rubbish is a batch to be quarantined; the good
    one runs.
    """
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps({"password": "x"}))
    home.inbox.mkdir(parents=True)
    (home.inbox / "a link.json").symlink_to(secret)
    rubbish = drop(home, "b rubbish.jsonl", b"\x00\xff" * 100)
    good = drop(home, "c good.json", FOLLOWUP.read_bytes())
    keys = [file_hash(path) for path in (rubbish, good)]
    result = tick(home, instance)
    assert [request.partition_key for request in result.run_requests or []] == keys
    assert [path.name for path in home.inbox.iterdir()] == ["refused"]
    assert [path.name for path in (home.inbox / "refused").iterdir()] == ["a link.json"]
    assert file_hash(secret) not in {path.stem for path in home.archive.iterdir()}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_sensor_goes_on_when_a_file_may_not_be_read(home: Home, instance: dg.DagsterInstance) -> None:
    """CON-2: the others of the inbox are taken."""
    drop(home, "a.jsonl", b"{}").chmod(0)
    drop(home, "b.json", FOLLOWUP.read_bytes())
    assert len(tick(home, instance).run_requests or []) == 1


def test_sensor_asks_for_all_of_a_flood_even_if_no_run_ends_well(
    home: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CON-2, CON-7: a flooded inbox is emptied over several ticks; batches that stay undecided keep no other one
    waiting.
    """
    monkeypatch.setattr("wb_pipeline.jobs.inbox_sensor._MOST_BATCHES_A_TICK", 3)
    for number in range(7):
        drop(home, f"{number}.jsonl", json.dumps({"n": number}).encode())
    asked, cursor = [], None
    for _ in range(4):
        result = tick(home, instance, cursor)
        asked.append(len(result.run_requests or []))
        cursor = result.cursor
    assert asked == [3, 3, 1, 0]
    assert len(instance.get_dynamic_partitions("batches")) == 7
