"""Applying that is killed, that meets itself, that finds no room; the long form is the harness."""

from __future__ import annotations

from pathlib import Path

import pytest

from wb_pipeline_tests.apply.files_trials import FilesLaboratory
from wb_pipeline_tests.apply.people import PeopleLaboratory
from wb_pipeline_tests.apply.trials import Laboratory, Result, random_moments

KILL_EACH = 3
"""Every third step here, which before and behind a deed take turns; the harness kills at every one."""


def end_as(undisturbed: Result, results: list[Result]) -> None:
    """Assert that accidents were ones, and that they all ended well and as if nothing had happened."""
    # A busy machine may make a run a little shorter or longer than the one whose steps were counted.
    assert sum(result.was_killed for result in results) > len(results) / 2
    for result in results:
        assert result.is_well, f"{result.name}: {result.problems}"
        assert result.records == undisturbed.records, result.name


def test_apply_killed_at_a_decisive_step_ends_as_if_it_was_not(lab: Laboratory, undisturbed: Result) -> None:
    """OPS-4, SYN-2: kill -9 before and behind a write to the CRM and a commit of the ledger; then the next
    run. The CRM ends as without a kill, and was asked for everything once.
    """
    assert undisturbed.steps > 20
    results = [lab.kill_at(step) for step in range(1, undisturbed.steps + 1, KILL_EACH)]
    end_as(undisturbed, results)


def test_apply_killed_at_any_moment_amid_faults_ends_well(lab: Laboratory, undisturbed: Result) -> None:
    """OPS-4, SYN-2: kill -9 whenever it happens to come, while the CRM is in trouble too."""
    for number, moment in enumerate(random_moments(3, undisturbed.seconds, seed=5)):
        result = lab.kill_after(moment, seed=number)
        assert result.is_well, f"{result.name}: {result.problems}"


def test_crm_killed_while_it_is_written_to_costs_nothing(lab: Laboratory, undisturbed: Result) -> None:
    """OPS-4, SYN-2: the CRM dies and comes back; what it had carried out is found, the rest is sent."""
    result = lab.kill_crm_after(undisturbed.seconds / 2)
    assert result.is_well, result.problems
    assert result.records == undisturbed.records


@pytest.mark.parametrize("most_bytes", [0, 20_000, 200_000])
def test_full_disk_costs_nothing_but_time(lab: Laboratory, undisturbed: Result, most_bytes: int) -> None:
    """OPS-4: no room for the ledger: nothing is sent that does not stand in the outbox; with room it goes on."""
    result = lab.full_disk(most_bytes)
    assert result.is_well, result.problems
    assert result.records == undisturbed.records


def test_several_applies_at_once_write_everything_once(lab: Laboratory, undisturbed: Result) -> None:
    """OPS-4, SYN-2: whoever comes second waits, and finds nothing left to do."""
    result = lab.rivals()
    assert result.is_well, result.problems
    assert result.records == undisturbed.records


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> FilesLaboratory:
    """A laboratory whose CRM is a folder."""
    return FilesLaboratory(tmp_path_factory.mktemp("files"))


def test_apply_to_files_killed_at_a_decisive_step_ends_as_if_it_was_not(files: FilesLaboratory) -> None:
    """OPS-4, SYN-1: the same on a folder of files: each change stands once in each record's history."""
    undisturbed = files.kill_at(0)
    assert undisturbed.is_well, undisturbed.problems
    assert undisturbed.steps > 20
    end_as(undisturbed, [files.kill_at(step) for step in range(2, undisturbed.steps + 1, KILL_EACH)])


def test_undo_killed_at_a_decisive_step_takes_everything_back_once(lab: Laboratory) -> None:
    """OPS-4, AUD-4: a kill -9 while a batch is taken back, and a CRM that does not answer: the same end."""
    undisturbed = lab.kill_undo(0)
    assert undisturbed.is_well, undisturbed.problems
    assert undisturbed.steps > 10
    titles = {key[1]: record.get("title") for key, record in undisturbed.records.items() if key[0] == "contact"}
    assert [titles[f"con-{number}"] for number in range(1, 6)] == [f"Title {number}" for number in range(1, 6)]
    steps = range(2, undisturbed.steps, KILL_EACH)
    end_as(undisturbed, [lab.kill_undo(step, fault="timeout_after") for step in steps])


def test_bulk_approval_killed_at_a_commit_is_whole_or_not_there(tmp_path: Path) -> None:
    """OPS-4, RVW-1: kill -9 before and behind the commit of a bulk approval: all 25 of a go are decided or none, and
    the reviewer approves the rest; nothing is decided twice.
    """
    people = PeopleLaboratory(tmp_path / "people", items=50, is_every=False)
    undisturbed = people.undisturbed()
    assert undisturbed.is_well, undisturbed.problems
    assert undisturbed.steps == 4
    for step in (1, 2):
        result = people.kill_at(step)
        assert result.was_killed
        assert result.is_well, f"{result.name}: {result.problems}"
