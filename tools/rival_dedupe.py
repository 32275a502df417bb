"""Measure the library dedupe (version 3) on the sites that `wb bench matching --kind sites` reads, in the same halves.

The library is no dependency of this project: install it beside the project into an environment of its own, as
docs/matching.md says, and run `python tools/rival_dedupe.py SITES_FOLDER`. It learns from labelled pairs of the
development half and links all rows; the figures are those of the held-out half.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import logging
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from wb_pipeline.benchmarks.matching.cluster_metrics import ClusterFigures, cluster_figures
from wb_pipeline.benchmarks.matching.labelled import load_labelled
from wb_pipeline.benchmarks.matching.split import split_halves

Row = dict[str, str | None]
Pair = tuple[Row, Row]

# The website would be there too, but the library does better without it.
FIELDS = ("name", "street", "postal_code", "phone")
DEFAULT_THRESHOLD = 0.5
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Sites:
    """The rows as dedupe wants them (lower case, None for empty), the entity and the half of each record id."""

    rows: dict[str, Row]
    entities: dict[str, str]
    halves: dict[str, str]

    def of_half(self, half: str) -> dict[str, Row]:
        """Return the rows of one half."""
        return {key: row for key, row in self.rows.items() if self.halves[key] == half}


def read_sites(folder: Path, seed: int) -> Sites:
    """Read the labelled sites and split them into halves, as the project's own bench does."""
    with duckdb.connect() as con:
        load_labelled(con, folder, kind="sites")
        split_halves(con, seed=seed)
        query = """
            select record_id, entity_id, half, fields
            from labelled.halves inner join raw.crm_records using (object, record_id) order by record_id
        """
        found = con.execute(query).fetchall()
    rows = {key: _cleaned(json.loads(fields)) for key, _, _, fields in found}
    return Sites(rows, {key: entity for key, entity, *_ in found}, {key: half for key, _, half, _ in found})


def _cleaned(fields: dict[str, str]) -> Row:
    return {name: " ".join(fields.get(name, "").lower().split()) or None for name in FIELDS}


def labelled_pairs(sites: Sites, count: int, chance: random.Random) -> dict[str, list[Pair]]:
    """Draw labelled pairs of the development half: one half matches, a quarter distinct ones that share a value.

    The rest are distinct at random. Distinct pairs that share a word or number are what a person would be asked about.
    """
    rows = sites.of_half("development")
    same = _pairs_sharing(rows, lambda key: [sites.entities[key]])
    alike = _pairs_sharing(rows, lambda key: [text for text in rows[key].values() if text])
    hard = [pair for pair in alike if sites.entities[pair[0]] != sites.entities[pair[1]]]
    keys = sorted(rows)
    easy: list[tuple[str, str]] = []
    while len(easy) < count:
        one, other = chance.sample(keys, 2)
        if sites.entities[one] != sites.entities[other]:
            easy.append((one, other))
    matches = chance.sample(same, min(count // 2, len(same)))
    distinct = chance.sample(hard, min(count // 4, len(hard)))
    distinct += easy[: count - len(matches) - len(distinct)]
    return {
        "match": [(rows[one], rows[other]) for one, other in matches],
        "distinct": [(rows[one], rows[other]) for one, other in distinct],
    }


def _pairs_sharing(rows: dict[str, Row], values_of: Any) -> list[tuple[str, str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for key in sorted(rows):
        for value in values_of(key):
            groups[value].append(key)
    return sorted({pair for keys in groups.values() for pair in combinations(keys, 2)})


def trained(dedupe: Any, sites: Sites, pairs: dict[str, list[Pair]]) -> Any:
    """Return a matcher trained on the labelled pairs, with the library's own defaults."""
    types = importlib.import_module("dedupe.variables")
    fields = [types.String("name"), types.String("street", has_missing=True)]
    fields += [types.ShortString(name, has_missing=True) for name in FIELDS[2:]]
    matcher = dedupe.Dedupe(fields, num_cores=0)
    # The labelled pairs come as a training file, so that the library's sample is sure to hold their records.
    training = io.StringIO()
    importlib.import_module("dedupe.serializer").write_training(pairs, training)
    training.seek(0)
    matcher.prepare_training(sites.of_half("development"), training_file=training)
    matcher.train()
    matcher.cleanup_training()
    return matcher


def linked(matcher: Any, sites: Sites, threshold: float, half: str) -> ClusterFigures:
    """Cluster all rows at a threshold and compare one half with its truth."""
    clusters: dict[str, str] = {}
    for number, (keys, _) in enumerate(matcher.partition(sites.rows, threshold)):
        clusters |= dict.fromkeys(keys, str(number))
    keys = sorted(sites.of_half(half))
    return cluster_figures([clusters[key] for key in keys], [sites.entities[key] for key in keys])


def run_once(dedupe: Any, sites: Sites, labels: int, seed: int) -> dict[str, float]:
    """Train with one draw of labels; return F1 at the default threshold and at the one best on the development half."""
    random.seed(seed)
    importlib.import_module("numpy").random.seed(seed)
    started = time.perf_counter()
    matcher = trained(dedupe, sites, labelled_pairs(sites, labels, random.Random(seed)))  # noqa: S311 - no secret
    default = linked(matcher, sites, DEFAULT_THRESHOLD, "held_out")
    seconds = time.perf_counter() - started
    chosen = max(THRESHOLDS, key=lambda threshold: linked(matcher, sites, threshold, "development").pairs.f1)
    tuned = linked(matcher, sites, chosen, "held_out")
    return {
        "f1_default": default.pairs.f1,
        "f1_tuned": tuned.pairs.f1,
        "threshold": chosen,
        "precision": tuned.pairs.precision.value or 0.0,
        "recall": tuned.pairs.recall.value or 0.0,
        "seconds": seconds,
    }


def main() -> None:
    """Run with several draws of labels and print each and the medians as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder with sites_with_true_ids.csv")
    parser.add_argument("--labels", type=int, default=600, help="labelled pairs to learn from (default 600)")
    parser.add_argument("--draws", type=int, default=5, help="how many draws of labels (default 5)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the halves, as in wb bench matching (default 1)")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    dedupe = importlib.import_module("dedupe")
    sites = read_sites(options.folder, options.seed)
    runs = []
    for draw in range(options.draws):
        runs.append(run_once(dedupe, sites, options.labels, draw))
        print(json.dumps(runs[-1]), flush=True)
    print(json.dumps({"median": {name: median(run[name] for run in runs) for name in runs[0]}}))


if __name__ == "__main__":
    main()
