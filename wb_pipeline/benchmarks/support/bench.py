"""`wb bench support`: how often the support checker says what a person says, by category. Nothing is tuned here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from wb_pipeline.benchmarks.support.pairs import Pair, read_pairs
from wb_pipeline.evidence.support.judge import judge_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wb_pipeline.policy.load import Policy

VERDICTS = ("supports", "hedged", "silent", "contradicts")
_ALL = "**all**"
AIM_ACCEPTED = 0.9
"""Share of plain support that is to be accepted; of contradictions and hedges none may be."""


class Judged(NamedTuple):
    """A pair with the verdict and the reason of the checker."""

    pair: Pair
    verdict: str
    reason: str


@dataclass(frozen=True)
class SupportReport:
    """What was found on one file of pairs."""

    name: str
    judged: list[Judged]

    @property
    def wrongly_accepted(self) -> list[Judged]:
        """Contradictions and hedges that were accepted as support: the aim is none."""
        return [
            each for each in self.judged if each.verdict == "supports" and each.pair.label in ("contradicts", "hedged")
        ]

    @property
    def silent_accepted(self) -> list[Judged]:
        """Pairs that say nothing of the value and were accepted as support."""
        return [each for each in self.judged if each.verdict == "supports" and each.pair.label == "silent"]

    @property
    def plain_support(self) -> list[Judged]:
        """Pairs that a person calls support."""
        return [each for each in self.judged if each.pair.label == "supports"]

    @property
    def accepted_share(self) -> float:
        """The share of plain support that is accepted; 0 where there is none."""
        plain = self.plain_support
        return sum(each.verdict == "supports" for each in plain) / len(plain) if plain else 0.0

    def counts(self) -> dict[tuple[str, str, str], int]:
        """Return {(category, label, verdict): pairs}."""
        return dict(Counter((each.pair.category, each.pair.label, each.verdict) for each in self.judged))

    def as_json(self) -> dict[str, object]:
        """Return the figures, and each pair that is not judged as labelled."""
        return {
            "pairs": len(self.judged),
            "wrongly_accepted": [each.pair.pair_id for each in self.wrongly_accepted],
            "silent_accepted": [each.pair.pair_id for each in self.silent_accepted],
            "plain_support": len(self.plain_support),
            "accepted_share": round(self.accepted_share, 4),
            "counts": [
                {"category": key[0], "label": key[1], "verdict": key[2], "pairs": pairs}
                for key, pairs in sorted(self.counts().items())
            ],
            "differing": [
                {"id": each.pair.pair_id, "label": each.pair.label, "verdict": each.verdict, "reason": each.reason}
                for each in self.judged
                if each.verdict != each.pair.label
            ],
        }

    def render(self) -> str:
        """Return the confusion table by category, in Markdown, and the two figures."""
        return "\n".join([*self._table(), "", *self._figures()])

    def _table(self) -> list[str]:
        counts = self.counts()
        rows = sorted(
            {(category, label) for category, label, _ in counts}, key=lambda row: (row[0], VERDICTS.index(row[1]))
        )
        lines = [f"| category | label | pairs | {' | '.join(VERDICTS)} |", "|---|---|---:|" + "---:|" * len(VERDICTS)]
        for category, label in [*rows, *((_ALL, label) for label in VERDICTS)]:
            found = [
                sum(n for (c, *rest), n in counts.items() if rest == [label, verdict] and category in (c, _ALL))
                for verdict in VERDICTS
            ]
            lines.append(f"| {category} | {label} | {sum(found)} | {' | '.join(str(n) for n in found)} |")
        return lines

    def _figures(self) -> list[str]:
        plain = self.plain_support
        accepted = sum(each.verdict == "supports" for each in plain)
        return [
            f"{self.name}: {len(self.judged)} pairs",
            f"contradictions and hedges accepted as support: {len(self.wrongly_accepted)} (aim 0)",
            f"pairs that say nothing accepted as support: {len(self.silent_accepted)}",
            f"plain support accepted: {accepted} of {len(plain)} = {self.accepted_share:.1%} (aim {AIM_ACCEPTED:.0%})",
        ]


def development_pairs() -> list[Path]:
    """Return the files of pairs that ship, each by a hand of its own. The checker is tuned on them."""
    return sorted(Path(__file__).parent.glob("dev*.jsonl"))


def bench_support(pairs_files: Sequence[Path], policy: Policy) -> SupportReport:
    """Judge every pair of some files once and return what came of it."""
    judged = []
    for pair in (pair for file in pairs_files for pair in read_pairs(file, policy)):
        support = judge_item(pair.claim, pair.item, pair.quote).support
        judged.append(Judged(pair, support.verdict, support.reason))
    return SupportReport(", ".join(file.name for file in pairs_files), judged)
