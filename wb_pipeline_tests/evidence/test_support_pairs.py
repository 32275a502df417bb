"""How well does the support checker do on the pairs that ship?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wb_pipeline.benchmarks.support.bench import AIM_ACCEPTED, SupportReport, bench_support, development_pairs
from wb_pipeline.benchmarks.support.pairs import read_pairs
from wb_pipeline.errors import InputError
from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import Policy, load_policy

_DEV = development_pairs()[0]


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the policy that ships."""
    return load_policy(default_policy_file())


@pytest.fixture(scope="module")
def report(policy: Policy) -> SupportReport:
    """Return what the checker says of the pairs that ship, by three hands."""
    return bench_support(development_pairs(), policy)


def test_no_contradiction_or_hedge_is_accepted(report: SupportReport) -> None:
    """EVD-7: hedges and negations do not support a commitment; nor does an item that says nothing of the value."""
    assert [each.pair.pair_id for each in report.wrongly_accepted + report.silent_accepted] == []


def test_plain_support_is_accepted(report: SupportReport) -> None:
    """EVD-7: what is plainly said passes, in the share that is aimed at."""
    assert len(report.judged) > 1_000
    assert report.accepted_share >= AIM_ACCEPTED


def test_report_counts_every_pair(report: SupportReport) -> None:
    """The table that is published adds up."""
    assert sum(report.counts().values()) == len(report.judged)
    lines = [line for line in report.render().splitlines() if line.startswith("| **all**")]
    assert sum(int(line.split("|")[3]) for line in lines) == len(report.judged)
    assert report.as_json()["plain_support"] == len(report.plain_support)


def test_pairs_have_ids_of_their_own_and_every_label(policy: Policy) -> None:
    """The labelled set is data that can be trusted: no id twice, each label and many categories."""
    pairs = [pair for file in development_pairs() for pair in read_pairs(file, policy)]
    assert len({pair.pair_id for pair in pairs}) == len(pairs)
    assert {pair.label for pair in pairs} == {"supports", "hedged", "silent", "contradicts"}
    assert len({pair.category for pair in pairs}) > 10


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "x"}'])
def test_unreadable_pair_is_named_by_its_line(tmp_path: Path, policy: Policy, line: str) -> None:
    """A slip in a pairs file stops the measurement: a figure over fewer pairs would be another figure."""
    good = _DEV.read_text(encoding="utf-8").splitlines()[0]
    path = tmp_path / "pairs.jsonl"
    path.write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        read_pairs(path, policy)


def test_unknown_label_is_refused(tmp_path: Path, policy: Policy) -> None:
    """A misspelt label would count as one more error, or hide one."""
    pair = json.loads(_DEV.read_text(encoding="utf-8").splitlines()[0])
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps({**pair, "label": "suports"}), encoding="utf-8")
    with pytest.raises(InputError, match="no label"):
        read_pairs(path, policy)
