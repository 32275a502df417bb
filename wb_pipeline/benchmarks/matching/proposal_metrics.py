"""What the decisions on proposals were worth: wrong matches, duplicates, reviews, agents' ids. Decides nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from wb_pipeline.benchmarks.matching.rates import Rate

DECISIONS = ("match", "review", "create")


@dataclass(frozen=True)
class ProposalOutcome:
    """One proposal that was decided, with what is true of it.

    `entity_id` is the entity that is meant, `matched_entity_id` that of the record (or earlier proposal) which a match
    named. `is_in_crm` tells whether the meant entity has a record in the CRM.
    """

    object: str
    case_type: str
    entity_id: str
    is_in_crm: bool
    decision: str
    matched_entity_id: str | None = None

    def __post_init__(self) -> None:
        if self.decision not in DECISIONS:
            raise ValueError(f"no such decision: {self.decision}")

    @property
    def is_wrong_match(self) -> bool:
        """Whether the proposal would change the record of somebody else."""
        return self.decision == "match" and self.matched_entity_id != self.entity_id

    @property
    def is_duplicate(self) -> bool:
        """Whether the proposal would create a second record of an entity that the CRM has."""
        return self.is_in_crm and self.decision == "create"


@dataclass(frozen=True)
class ProposalFigures:
    """Shares over a set of proposals.

    `wrong`: of all, automatically matched to another entity. `duplicates`: of those whose entity is in the CRM,
    automatically created. `review`: of all. `matched`: of those in the CRM, automatically matched to the right entity.
    `created`: of those not in the CRM, automatically created. `created_twice`: creates of entities that are not in the
    CRM beyond the first one in the batch, of all.
    """

    wrong: Rate
    duplicates: Rate
    review: Rate
    matched: Rate
    created: Rate
    created_twice: Rate

    def as_json(self) -> dict[str, object]:
        """Return everything for the JSON report."""
        return {name: rate.as_json() for name, rate in vars(self).items()}


def proposal_figures(outcomes: Iterable[ProposalOutcome]) -> ProposalFigures:
    """Count the outcomes of one batch."""
    rows = list(outcomes)
    known = [row for row in rows if row.is_in_crm]
    unknown = [row for row in rows if not row.is_in_crm]
    creates = Counter(row.entity_id for row in unknown if row.decision == "create")
    return ProposalFigures(
        wrong=Rate(sum(row.is_wrong_match for row in rows), len(rows)),
        duplicates=Rate(sum(row.is_duplicate for row in known), len(known)),
        review=Rate(sum(row.decision == "review" for row in rows), len(rows)),
        matched=Rate(sum(row.decision == "match" and not row.is_wrong_match for row in known), len(known)),
        created=Rate(sum(row.decision == "create" for row in unknown), len(unknown)),
        created_twice=Rate(sum(times - 1 for times in creates.values()), len(rows)),
    )


def figures_per_case(outcomes: Iterable[ProposalOutcome]) -> dict[str, ProposalFigures]:
    """Return the figures per `object: case type`, in alphabetical order."""
    groups: defaultdict[str, list[ProposalOutcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[f"{outcome.object}: {outcome.case_type}"].append(outcome)
    return {name: proposal_figures(groups[name]) for name in sorted(groups)}


@dataclass(frozen=True)
class TargetFigures:
    """The agents' own target ids: wrong ones that were `caught`, right ones that were doubted (`false_alarms`)."""

    caught: Rate
    false_alarms: Rate

    def as_json(self) -> dict[str, object]:
        """Return everything for the JSON report."""
        return {"caught": self.caught.as_json(), "false_alarms": self.false_alarms.as_json()}


def target_figures(cases: Iterable[tuple[bool, bool]]) -> TargetFigures:
    """Count cases of (is the given id wrong, was it let through)."""
    counts = Counter(cases)
    wrong, right = (counts[is_wrong, True] + counts[is_wrong, False] for is_wrong in (True, False))
    return TargetFigures(Rate(counts[True, False], wrong), Rate(counts[False, False], right))
