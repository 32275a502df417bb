"""The generated road: the same bytes for the same seed, and everything in it that a real batch has."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from wb_pipeline.benchmarks import road_words as words
from wb_pipeline.benchmarks.generate import EvidenceSize, GeneratedRoad, generate_road
from wb_pipeline.canonical import file_hash
from wb_pipeline.contract.read import open_rows
from wb_pipeline.paths import default_policy_file

SIZES = {"contacts": 300, "proposals": 1_000, "bad_rows": 100}


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> GeneratedRoad:
    """One small load that the tests below read."""
    return generate_road(tmp_path_factory.mktemp("road"), **SIZES)


def hashes(folder: Path) -> dict[str, str]:
    """The content of every file below a folder."""
    return {str(path.relative_to(folder)): file_hash(path) for path in sorted(folder.rglob("*.jsonl"))}


def good_lines(road: GeneratedRoad) -> list[dict[str, object]]:
    """The lines that are proposals."""
    found = []
    for line in road.batch.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and str(row.get("proposal_id")).startswith("p-"):
            found.append(row)
    return found


def test_generate_road_writes_the_same_bytes_for_the_same_seed(road: GeneratedRoad, tmp_path: Path) -> None:
    """Two people who measure, measure the same."""
    generate_road(tmp_path, **SIZES)
    assert hashes(tmp_path) == hashes(road.folder)


def test_generate_road_writes_another_batch_for_another_seed(road: GeneratedRoad, tmp_path: Path) -> None:
    """The seed is used."""
    other = generate_road(tmp_path, **SIZES, seed=2)
    assert file_hash(other.batch) != file_hash(road.batch)


def test_generate_road_writes_as_many_lines_as_it_says(road: GeneratedRoad) -> None:
    """The report tells the true sizes."""
    for name, rows in road.rows.items():
        assert len((road.folder / name).read_text(encoding="utf-8").splitlines()) == rows
    assert road.rows["batches/road.jsonl"] == SIZES["proposals"]
    assert road.rows["crm/contacts.jsonl"] == SIZES["contacts"]


def test_generate_road_makes_exactly_the_bad_rows_asked_for(road: GeneratedRoad) -> None:
    """CON-2: the bad rows are spread over the batch, and all others are proposals."""
    assert len(good_lines(road)) == SIZES["proposals"] - SIZES["bad_rows"]
    lines = road.batch.read_text(encoding="utf-8").splitlines()
    bad = [number for number, line in enumerate(lines) if '"proposal_id":"p-' not in line]
    assert bad == list(range(9, 1_000, 10))


def test_generate_road_mixes_all_actions_twins_and_replays(road: GeneratedRoad) -> None:
    """CON-4, IDN-4, OVW-6: the load is not only harmless."""
    proposals = good_lines(road)
    assert {row["action"] for row in proposals} == {"create", "update", "log", "trigger", "merge"}
    assert max(Counter(str(row["proposal_id"]) for row in proposals).values()) == 2
    twins = Counter(json.dumps([row.get("target"), row.get("changes")]) for row in proposals if "changes" in row)
    assert max(twins.values()) > 1


def test_generate_road_stores_most_of_the_evidence_that_is_cited(road: GeneratedRoad) -> None:
    """EVD-2: most citations exist, some do not."""
    lines = (road.evidence / "items.jsonl").read_text(encoding="utf-8").splitlines()
    stored = {json.loads(line)["id"] for line in lines}
    cited = [each["ref"] for row in good_lines(road) for each in row["evidence"]]  # type: ignore[attr-defined]
    found = sum(ref in stored for ref in cited)
    assert 0.9 < found / len(cited) < 1


def test_generate_road_fills_up_the_evidence_when_more_is_asked_for(tmp_path: Path) -> None:
    """The evidence store can be larger than what is cited."""
    road = generate_road(tmp_path, contacts=20, proposals=5, bad_rows=5, evidence=EvidenceSize(40))
    assert road.rows["evidence/items.jsonl"] == 40


def test_generate_road_lets_next_steps_quote_long_calls_when_asked_to(tmp_path: Path) -> None:
    """EVD-6: the quote stands in the turn that the citation names."""
    road = generate_road(tmp_path, contacts=50, proposals=300, bad_rows=0, evidence=EvidenceSize(0, 21))
    items = map(json.loads, (road.evidence / "items.jsonl").read_text(encoding="utf-8").splitlines())
    said = {(item["id"], turn["t"]): turn["text"] for item in items for turn in item.get("transcript", [])}
    assert len(said) > 21
    cited = [each for row in good_lines(road) for each in row["evidence"] if "quote" in each]  # type: ignore[attr-defined]
    assert cited
    assert [each for each in cited if said[each["ref"], each["at"]] != each["quote"]] == []


@pytest.mark.parametrize("sizes", [{"contacts": 9}, {"bad_rows": 11}, {"bad_rows": -1}], ids=str)
def test_generate_road_refuses_sizes_that_do_not_fit(tmp_path: Path, sizes: dict[str, int]) -> None:
    """Sizes that make no sense are refused before anything is written."""
    with pytest.raises(ValueError, match="bad_rows"):
        generate_road(tmp_path, **({"contacts": 10, "proposals": 10, "bad_rows": 0} | sizes))


def test_words_of_the_load_test_are_those_of_the_default_policy() -> None:
    """FLD-7, FLD-5: a load of unknown actors and invalid values would measure nothing but denials."""
    policy = YAML(typ="safe").load(default_policy_file())
    for agent in words.AGENTS:
        assert policy["actors"][agent.actor_id]["type"] == agent.actor_type
        assert agent.source in policy["sources"]
    assert words.OWN_DOMAIN in policy["domains"]["own"]
    picklists = policy["picklists"]
    assert set(words.PERSONAS) <= set(picklists["contact"]["persona"])
    assert set(words.INDUSTRIES) <= set(picklists["company"]["industry"])
    assert set(words.EMPLOYEE_RANGES) <= set(picklists["company"]["employee_range"])
    assert set(words.STAGES) <= set(picklists["deal"]["stage"])
    assert policy["deals"]["currency"] == words.CURRENCY


def test_contracts_reader_sees_every_line_of_the_load(road: GeneratedRoad) -> None:
    """CON-2: no good line of the load is refused by the reader, and no line is lost."""
    rows = list(open_rows(road.batch).rows)
    assert len(rows) == SIZES["proposals"]
    good = {str(row["proposal_id"]) for row in good_lines(road)}
    read = {str(row.mapping["proposal_id"]) for row in rows if row.problem is None and row.mapping}
    assert good <= read
