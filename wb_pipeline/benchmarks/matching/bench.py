"""`wb bench matching`: from a folder of labelled data to the report, ours beside the baseline. Figures, no verdicts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching import our_matcher, plain_proposals, plain_splink
from wb_pipeline.benchmarks.matching.evaluate import Method, PairReport, evaluate_pairs
from wb_pipeline.benchmarks.matching.labelled import LabelledData, load_labelled
from wb_pipeline.benchmarks.matching.labels import draw_labels
from wb_pipeline.benchmarks.matching.outcomes import outcomes
from wb_pipeline.benchmarks.matching.proposal_metrics import figures_per_case, proposal_figures
from wb_pipeline.benchmarks.matching.report import MatchingReport, ProposalReport
from wb_pipeline.benchmarks.matching.split import split_halves
from wb_pipeline.benchmarks.matching.targets import BATCHES, make_target_cases, target_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb
    from splink import Linker

    from wb_pipeline.benchmarks.matching.proposal_metrics import TargetFigures
    from wb_pipeline.matching.bundle import Bundle
    from wb_pipeline.matching.inputs import ObjectName

OURS = Method(our_matcher.METHOD, is_probability=True)
PLAIN = Method(plain_splink.METHOD, is_plain=True)


@dataclass(frozen=True)
class Labelled:
    """Which labelled data to measure on: its folder, the folder of its truth if that lies apart, and its kind."""

    crm: Path
    truth: Path | None = None
    kind: str = "crm"


def bench_matching(source: Labelled, *, labels: int, seed: int, echo: Callable[[str], object]) -> MatchingReport:
    """Match the records and proposals of labelled data with ours and with plain Splink, and return the figures.

    `labels` pairs per object are judged by the truth of the development half, and ours learns from them before it is
    measured. `echo` gets a line of progress per step. Raises InputError for data that cannot be read.
    """
    import duckdb

    with duckdb.connect() as con:
        bench = _Bench(con, seed, echo)
        with bench.part("read"):
            data = load_labelled(con, source.crm, truth=source.truth, kind=source.kind)
            split_halves(con, seed=seed)
        pairs = [report for name in data.objects for report in bench.pairs_plain(name)]
        judged = bench.ours(data, labels)
        pairs += [evaluate_pairs(con, name, OURS) for name in data.objects]
        proposals, targets = bench.proposals(data)
        return MatchingReport(
            kind=data.kind,
            seed=seed,
            labels=judged,
            records=data.records,
            held_out=bench.held_out(),
            pairs=sorted(pairs, key=lambda report: (report.object_name, report.method.is_plain)),
            proposals=proposals,
            targets=targets,
            seconds=bench.seconds,
            notes=bench.notes,
        )


@dataclass
class _Bench:
    """One run: its connection, the models of the baseline and those learned from labels, seconds and notes."""

    con: duckdb.DuckDBPyConnection
    seed: int
    echo: Callable[[str], object]
    linkers: dict[ObjectName, Linker | None] = field(default_factory=dict)
    learned: dict[str, Bundle] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Measure a part of the run under its name."""
        started = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
        self.echo(f"{name}: {self.seconds[name]:.1f} s")

    def pairs_plain(self, name: ObjectName) -> list[PairReport]:
        """Train, score and evaluate the baseline; nothing if it cannot be trained."""
        with self.part(f"{PLAIN.name}: {name}"):
            linker = self.linkers[name] = plain_splink.trained_linker(self.con, name, seed=self.seed)
            if linker is not None:
                plain_splink.score_plainly(self.con, name, linker)
        if linker is None:
            self.notes.append(f"plain Splink: no two {name} records share a value that it could be trained on.")
            return []
        return [evaluate_pairs(self.con, name, PLAIN)]

    def ours(self, data: LabelledData, labels: int) -> dict[ObjectName, int]:
        """Prepare and score with ours; with labels, score again after learning from them. Return labels per object."""
        our_matcher.load_policy_of_bench(self.con)
        with self.part("ours: prepare"):
            our_matcher.stand(self.con, data.snapshot_hash)
        judged: dict[ObjectName, int] = {}
        for name in data.objects:
            with self.part(f"ours: {name}"):
                our_matcher.score(self.con, data.snapshot_hash, name)
            judged[name] = self._learn(data, name, labels) if labels else 0
        return judged

    def _learn(self, data: LabelledData, name: ObjectName, labels: int) -> int:
        """Let ours learn from labels and score again; return how many labels there were."""
        count = draw_labels(self.con, OURS.name, name, count=labels, seed=self.seed)
        with self.part(f"ours: learn {name} from labels"):
            bundle = self.learned[name] = our_matcher.learn(self.con, data.snapshot_hash, name)
            our_matcher.score(self.con, data.snapshot_hash, name, bundle)
        return count

    def proposals(self, data: LabelledData) -> tuple[list[ProposalReport], dict[str, TargetFigures]]:
        """Decide the proposals with both; return the figures of the held-out half, and how given ids fared."""
        if not data.proposals:
            return [], {}
        with self.part(f"{PLAIN.name}: proposals"):
            plain_proposals.decide_plainly(self.con, self.linkers)
        with self.part("ours: proposals"):
            our_matcher.decide(self.con, self.learned)
        reports = []
        for method in (OURS.name, PLAIN.name):
            found = outcomes(self.con, method, "held_out")
            reports.append(ProposalReport(method, proposal_figures(found), figures_per_case(found)))
        with self.part("ours: given ids"):
            make_target_cases(self.con, seed=self.seed)
            for batch in BATCHES:
                our_matcher.judge_targets(self.con, batch, self.learned)
        return reports, target_report(self.con)

    def held_out(self) -> dict[ObjectName, int]:
        """Return the number of held-out records per object."""
        query = "select object, count(*) filter (where half = 'held_out') from labelled.halves group by object"
        return dict(self.con.execute(query).fetchall())
