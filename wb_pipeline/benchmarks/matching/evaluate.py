"""All figures of one method on one object: thresholds set on one half, everything else counted on the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wb_pipeline.benchmarks.matching.calibration import (
    CalibrationBin,
    calibration_bins,
    calibration_error,
    threshold_by_probability,
)
from wb_pipeline.benchmarks.matching.cluster_metrics import ClusterFigures
from wb_pipeline.benchmarks.matching.linked_clusters import clustered
from wb_pipeline.benchmarks.matching.pair_metrics import PairFigures, pair_curve
from wb_pipeline.benchmarks.matching.rates import Rate
from wb_pipeline.benchmarks.matching.scores import (
    HalfScores,
    Linking,
    half_scores,
    linked_look_alikes,
    recall_per_variant,
)

if TYPE_CHECKING:
    import duckdb

    from wb_pipeline.benchmarks.matching.pair_metrics import PairCurve

PRECISIONS = (0.99, 0.995)


@dataclass(frozen=True)
class Method:
    """A way to score pairs: its name, whether its score is a probability, and whether it is the newcomer's way.

    The newcomer's way is shown per type at the threshold of its best F1: at precision 0.99 it links next to nothing.
    """

    name: str
    is_probability: bool = False
    is_plain: bool = False


@dataclass(frozen=True)
class AtPrecision:
    """Held-out figures when a precision is aimed at, the threshold set in three ways.

    `from_development`: by the truth of the other half. `by_probability`: without any truth, by what the scores say
    (None where they are no probabilities). `optimistic`: by the truth of the very half that is reported on.
    """

    from_development: PairFigures
    by_probability: PairFigures | None
    optimistic: PairFigures


@dataclass(frozen=True)
class WorkingPoint:
    """Held-out figures at one threshold that was set on the development half: its pairs, and the clusters they make."""

    pairs: PairFigures
    clusters: ClusterFigures

    def as_json(self) -> dict[str, object]:
        """Return everything for the JSON report."""
        return {"pairs": self.pairs.as_json(), "clusters": self.clusters.as_json()}


@dataclass(frozen=True)
class PairReport:
    """What one method does with the pairs of one object; counts are those of the held-out half.

    `blocked`: true pairs that became candidates. `best_f1` is optimistic. `precise` and `balanced` are taken at the
    thresholds with precision 0.99 and with the best F1 on the development half. `variants` (recall) and `look_alikes`
    (wrongly linked) are taken at the former, for the newcomer's way at the latter.
    """

    object_name: str
    method: Method
    candidates: int
    blocked: Rate
    best_f1: PairFigures
    at_precision: dict[float, AtPrecision]
    precise: WorkingPoint
    balanced: WorkingPoint
    variants: dict[str, Rate]
    look_alikes: dict[str, Rate]
    calibration: list[CalibrationBin]

    def as_json(self) -> dict[str, object]:
        """Return everything for the JSON report."""
        return {
            "object": self.object_name,
            "method": self.method.name,
            "candidates": self.candidates,
            "blocked": self.blocked.as_json(),
            "best_f1_optimistic": self.best_f1.as_json(),
            "at_precision": {
                str(least): {name: figures and figures.as_json() for name, figures in vars(ways).items()}
                for least, ways in self.at_precision.items()
            },
            "precise": self.precise.as_json(),
            "balanced": self.balanced.as_json(),
            "recall_per_variant": {name: rate.as_json() for name, rate in self.variants.items()},
            "look_alikes_linked": {name: rate.as_json() for name, rate in self.look_alikes.items()},
            "calibration": [each.as_json() for each in self.calibration],
            "calibration_error": calibration_error(self.calibration) if self.calibration else None,
        }


def evaluate_pairs(con: duckdb.DuckDBPyConnection, object_name: str, method: Method) -> PairReport:
    """Return the figures of a method whose scores are kept in labelled.scores."""
    development = half_scores(con, method.name, object_name, "development")
    held_out = half_scores(con, method.name, object_name, "held_out")
    known, reported = _curve(development), _curve(held_out)
    precise = Linking(method.name, object_name, "held_out", known.at_precision(PRECISIONS[0]).threshold)
    balanced = replace(precise, threshold=known.best_f1().threshold)
    working = balanced if method.is_plain else precise

    def point(linking: Linking) -> WorkingPoint:
        return WorkingPoint(reported.at(linking.threshold), clustered(con, linking, is_plain=method.is_plain))

    return PairReport(
        object_name=object_name,
        method=method,
        candidates=len(held_out.scores),
        blocked=Rate(int(held_out.is_match.sum()), held_out.true_pairs),
        best_f1=reported.best_f1(),
        at_precision={least: _ways(known, reported, development, method, least) for least in PRECISIONS},
        precise=point(precise),
        balanced=point(balanced),
        variants=recall_per_variant(con, working),
        look_alikes=linked_look_alikes(con, working),
        calibration=calibration_bins(held_out.scores, held_out.is_match) if method.is_probability else [],
    )


def _curve(half: HalfScores) -> PairCurve:
    return pair_curve(half.scores, half.is_match, half.true_pairs)


def _ways(known: PairCurve, reported: PairCurve, development: HalfScores, method: Method, least: float) -> AtPrecision:
    by_probability = None
    if method.is_probability:
        # Either half would do, for no truth is used: the one that is not reported on leaves nothing to be explained.
        by_probability = reported.at(threshold_by_probability(development.scores, least))
    return AtPrecision(
        from_development=reported.at(known.at_precision(least).threshold),
        by_probability=by_probability,
        optimistic=reported.at_precision(least),
    )
