"""`wb bench matching` from its data to its tables. The single figures have tests of their own beside this one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from wb_pipeline.benchmarks.matching.bench import Labelled, bench_matching
from wb_pipeline.benchmarks.matching.report import MatchingReport
from wb_pipeline.benchmarks.matching.size import bench_size
from wb_pipeline.benchmarks.matching.size_part import PARTS, run_part
from wb_pipeline.errors import InputError
from wb_pipeline.synthetic import generate_crm
from wb_pipeline_tests.benchmarks.matching.labelled_files import write_sites
from wb_pipeline_tests.conftest import CommandRun

Wb = Callable[..., CommandRun]


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small labelled CRM with proposals, of a seed that no model was made from."""
    folder = tmp_path_factory.mktemp("labelled")
    generate_crm(folder, contacts=1_500, seed=9_001, proposals=250)
    return folder


@pytest.fixture(scope="module")
def report(crm: Path) -> MatchingReport:
    """Everything measured once, with a few labels."""
    return bench_matching(Labelled(crm), labels=150, seed=1, echo=lambda _line: None)


def test_ours_is_measured_beside_plain_splink_on_the_same_half(report: MatchingReport) -> None:
    """Same records, same true pairs: the two columns can be compared, and ours has the better F1 on contacts."""
    ours, plain = (each for each in report.pairs if each.object_name == "contact")
    assert (ours.method.name, plain.method.name) == ("ours", "plain Splink")
    assert ours.blocked.cases == plain.blocked.cases > 50
    assert ours.balanced.pairs.f1 > plain.balanced.pairs.f1
    assert set(ours.variants) == set(plain.variants)


def test_every_held_out_proposal_is_counted_for_both_methods(report: MatchingReport) -> None:
    """IDN-4: neither method can leave out what it finds hard; ours makes fewer wrong matches."""
    ours, plain = report.proposals
    assert ours.all.wrong.cases == plain.all.wrong.cases > 80
    assert ours.all.wrong.hits < plain.all.wrong.hits
    assert sum(each.wrong.cases for each in ours.per_case.values()) == ours.all.wrong.cases


def test_given_ids_are_judged_right_and_wrong(report: MatchingReport) -> None:
    """IDN-3: an id of a stranger is caught; the id of the record that the evidence points at mostly stands."""
    assert report.targets["stranger"].caught.value > 0.95
    assert report.targets["all"].false_alarms.value < 0.5
    assert report.targets["all"].caught.cases == sum(
        report.targets[kind].caught.cases for kind in ("look-alike", "namesake", "stranger")
    )


def test_labels_are_told(report: MatchingReport) -> None:
    """The report says how many labels there were: figures with labels must not pass for figures without."""
    assert report.labels["contact"] == 150
    assert "150 labels" in report.render()
    assert "ours: learn contact from labels" in report.seconds


def test_the_command_prints_tables_and_writes_json(wb: Wb, tmp_path: Path) -> None:
    """A set without proposals and look-alikes, too small for the baseline: what cannot be measured is said."""
    file = tmp_path / "figures.json"
    options = ["--crm", str(write_sites(tmp_path / "sites")), "--kind", "sites", "--json", str(file)]
    done = wb("bench", "matching", *options)
    assert done.exit_code == 0
    assert "pairs of company: 3 records" in done.out
    assert "plain Splink: no two company records share a value" in done.out
    figures = json.loads(file.read_text(encoding="utf-8"))
    assert [each["method"] for each in figures["pairs"]] == ["ours"]
    assert figures["proposals"] == []


def test_a_folder_without_labelled_data_is_refused_without_a_traceback(wb: Wb, tmp_path: Path) -> None:
    """The message names the file that is missing."""
    done = wb("bench", "matching", "--crm", str(tmp_path))
    assert done.exit_code == 2
    assert "crm_contacts.parquet" in done.err


def test_the_parts_build_on_each_other(crm: Path, tmp_path: Path) -> None:
    """Each part finds what the one before left: 1 % of the records are prepared again, and all proposals decided."""
    for name in PARTS:
        took = run_part(name, home=tmp_path, data=crm)
        assert took.seconds > 0
        assert took.cpu_seconds > 0
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as con:
        changed = "select count(*) filter (where fields like '%Head of %' || record_id || '%') from raw.crm_records"
        assert 4 < con.execute(changed).fetchall()[0][0] < 50
        assert con.execute("select count(*) from labelled.decisions").fetchall() == [(250,)]
        assert con.execute("select count(distinct object) from matching.scored_pairs").fetchall() == [(2,)]


def test_every_part_of_every_size_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The table has a line per part; what was generated is gone afterwards."""
    lines: list[str] = []
    report = bench_size(tmp_path / "size", sizes=[1_000], echo=lines.append)
    figures = report.figures[1_000]
    assert list(figures) == ["generate the CRM", *PARTS]
    assert all(part.peak_bytes > 50 * 2**20 for part in figures.values())
    assert len(lines) == len(PARTS)
    assert "1,000 contacts" in report.render()
    assert json.loads(json.dumps(report.as_json()))["1000"]["proposals"]["cpu_seconds"] > 0
    assert list((tmp_path / "size").iterdir()) == []


def test_sizes_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    """Before anything is generated."""
    with pytest.raises(InputError, match="cannot measure sizes"):
        bench_size(tmp_path, sizes=[10], echo=lambda _line: None)
