"""What `wb bench matching` found, typed, as a plain table and as JSON. Nothing is measured here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching.calibration import calibration_error
from wb_pipeline.benchmarks.matching.evaluate import PRECISIONS, PairReport, WorkingPoint
from wb_pipeline.benchmarks.matching.pair_metrics import PairFigures
from wb_pipeline.benchmarks.matching.proposal_metrics import ProposalFigures, TargetFigures
from wb_pipeline.benchmarks.matching.rates import Rate
from wb_pipeline.benchmarks.matching.text_table import Table, share

if TYPE_CHECKING:
    from wb_pipeline.matching.inputs import ObjectName

_PROPOSAL_LINES = (
    ("wrong", "wrong: matched to another entity, of all"),
    ("duplicates", "duplicates: created though in the CRM, of those in it"),
    ("review", "review, of all"),
    ("matched", "matched rightly, of those in the CRM"),
    ("created", "created, of those not in the CRM"),
    ("created_twice", "created again within the batch, of all"),
)


@dataclass(frozen=True)
class ProposalReport:
    """One method's decisions on the held-out proposals: over all, and per `object: case type`."""

    method: str
    all: ProposalFigures
    per_case: dict[str, ProposalFigures]

    def as_json(self) -> dict[str, object]:
        """Return everything for the JSON report."""
        per_case = {name: figures.as_json() for name, figures in self.per_case.items()}
        return {"method": self.method, "all": self.all.as_json(), "per_case": per_case}


@dataclass(frozen=True)
class MatchingReport:
    """All figures of one run. `labels` counts judged pairs per object that the matcher could learn from.

    `seconds` tells where the time went, per part. `notes` are for the reader, such as a method that could not be tried.
    """

    kind: str
    seed: int
    labels: Mapping[ObjectName, int]
    records: Mapping[ObjectName, int]
    held_out: Mapping[ObjectName, int]
    pairs: list[PairReport]
    proposals: list[ProposalReport] = field(default_factory=list)
    targets: dict[str, TargetFigures] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Return everything for the JSON report."""
        return {
            "kind": self.kind,
            "seed": self.seed,
            "labels": dict(self.labels),
            "records": dict(self.records),
            "held_out_records": dict(self.held_out),
            "pairs": [report.as_json() for report in self.pairs],
            "proposals": [report.as_json() for report in self.proposals],
            "targets": {name: figures.as_json() for name, figures in self.targets.items()},
            "seconds": self.seconds,
            "notes": self.notes,
        }

    def render(self) -> str:
        """Return the figures as plain text."""
        blocks = [_WHAT]
        for name in self.records:
            reports = [report for report in self.pairs if report.object_name == name]
            blocks.append(self._pair_table(name, reports).render())
        if self.proposals:
            blocks += [_proposal_table(self.proposals).render(), _case_table(self.proposals).render()]
        if self.targets:
            blocks.append(_target_table(self.targets).render())
        times = Table("where the time goes", ["seconds"])
        for part, seconds in self.seconds.items():
            times.add(part, f"{seconds:.1f}")
        return "\n\n".join([*blocks, times.render(), *self.notes])

    def _pair_table(self, name: ObjectName, reports: list[PairReport]) -> Table:
        title = (
            f"pairs of {name}: {self.records[name]:,} records, {self.held_out[name]:,} of them held out,"
            f" seed {self.seed}, {self.labels.get(name, 0):,} labels"
        )
        table = Table(title, [report.method.name for report in reports])
        table.add("candidate pairs", *(f"{report.candidates:,}" for report in reports))
        table.add("true pairs among them", *(share(report.blocked) for report in reports))
        for least in PRECISIONS:
            table.add(f"recall when aiming at precision {least}")
            ways = [report.at_precision[least] for report in reports]
            table.add("  threshold set on the other half", *(_reached(way.from_development) for way in ways))
            table.add("  threshold by the probabilities", *(_reached(way.by_probability) for way in ways))
            table.add("  threshold by the truth (optimistic)", *(_reached(way.optimistic) for way in ways))
        table.add("best F1 (optimistic)", *(f"{report.best_f1.f1:.3f}" for report in reports))
        _add_point(table, f"aiming at precision {PRECISIONS[0]}", [report.precise for report in reports])
        _add_point(table, "aiming at the best F1", [report.balanced for report in reports])
        errors = (f"{calibration_error(each.calibration):.4f}" if each.calibration else "-" for each in reports)
        table.add("mean error of the probabilities", *errors)
        _add_kinds(table, reports)
        return table


_WHAT = (
    "Counted on the held-out half; shares with their 95 % interval and number of cases. `optimistic`: the threshold was"
    " picked\nby the truth of the very half that is shown, which nobody can do in earnest."
)


def _add_point(table: Table, title: str, points: list[WorkingPoint]) -> None:
    """Add what was linked at one threshold that was set on the other half, and the clusters that follow."""
    table.add(f"{title} (threshold set on the other half)")
    table.add("  pairs: recall at precision", *(_reached(point.pairs) for point in points))
    table.add("  pairs: F1", *(f"{point.pairs.f1:.3f}" for point in points))
    clusters = [point.clusters for point in points]
    table.add("  clusters: pairwise precision", *(share(each.pairs.precision) for each in clusters))
    table.add("  clusters: pairwise recall", *(share(each.pairs.recall) for each in clusters))
    table.add("  clusters: pairwise F1", *(f"{each.pairs.f1:.3f}" for each in clusters))
    b_cubed = (f"{each.bcubed_precision:.3f} / {each.bcubed_recall:.3f} / {each.bcubed_f1:.3f}" for each in clusters)
    table.add("  clusters: B-cubed precision / recall / F1", *b_cubed)
    table.add("  clusters: entities found exactly", *(share(each.exact) for each in clusters))


def _add_kinds(table: Table, reports: list[PairReport]) -> None:
    """Add the rates per look-alike type and per variant."""
    for title, rates in (
        ("look-alikes wrongly linked (ours at precision 0.99, plain at best F1)", [r.look_alikes for r in reports]),
        ("recall per variant (the same)", [r.variants for r in reports]),
    ):
        names = sorted({name for each in rates for name in each})
        if names:
            table.add(title)
        for name in names:
            table.add(f"  {name}", *(share(each[name]) if name in each else "-" for each in rates))


def _reached(figures: PairFigures | None) -> str:
    if figures is None:
        return "-"
    precision = figures.precision.value
    return f"{share(figures.recall)} at {'-' if precision is None else f'{precision:.4f}'}"


def _proposal_table(reports: list[ProposalReport]) -> Table:
    table = Table("decisions on held-out proposals", [report.method for report in reports])
    for name, words in _PROPOSAL_LINES:
        table.add(words, *(share(getattr(report.all, name)) for report in reports))
    return table


def _case_table(reports: list[ProposalReport]) -> Table:
    table = Table("per case: wrong | duplicates | review", [report.method for report in reports])
    for case in sorted({case for report in reports for case in report.per_case}):
        cells = [_short(report.per_case.get(case)) for report in reports]
        table.add(f"{case} ({reports[0].per_case[case].wrong.cases:,})", *cells)
    return table


def _short(figures: ProposalFigures | None) -> str:
    rates: list[Rate] = [figures.wrong, figures.duplicates, figures.review] if figures else []
    return " | ".join("-" if rate.value is None else f"{rate.value:.1%}" for rate in rates)


def _target_table(targets: dict[str, TargetFigures]) -> Table:
    table = Table("record ids given by agents, made from the held-out proposals", ["ours"])
    for name, figures in targets.items():
        table.add(f"wrong ids caught: {name}", share(figures.caught))
    table.add("right ids doubted (false alarms)", share(targets["all"].false_alarms))
    return table
