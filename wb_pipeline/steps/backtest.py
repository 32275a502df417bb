"""What a new policy would have decided otherwise, beside what people did then (OPS-3). Judging is `judging_again`'s.

Publishes, queues and writes nothing (law 4): the policy need not be registered either.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.errors import InputError
from wb_pipeline.ledger.kinds import payload_of
from wb_pipeline.ledger.kinds_review import ItemDecided, ItemReturned
from wb_pipeline.ledger.kinds_writes import WritePlanned, WriteSettled
from wb_pipeline.ledger.manifests import sealed_batches
from wb_pipeline.steps.judging_again import JudgedAgain, judge_again

if TYPE_CHECKING:
    from wb_pipeline.home import Home
    from wb_pipeline.ledger.chain import Event
    from wb_pipeline.ledger.store import Ledger
    from wb_pipeline.policy.load import Policy
    from wb_pipeline.sql_project import SqlProject

_DID = {"approve": "approved", "reject": "rejected", "accept": "accepted", "dismiss": "dismissed"}
NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Flip:
    """A change whose lane would be another one; `no_longer` and `new`: gates; `then`: what became of it."""

    batch_key: str
    line: int
    proposal_id: str
    change_id: str
    action: str
    object: str
    record_id: str
    field: str
    was: str
    would_be: str
    no_longer: tuple[str, ...]
    new: tuple[str, ...]
    then: str


@dataclass(frozen=True, slots=True)
class Backtest:
    """How many changes were judged again, and those that would end otherwise, in the order of the books."""

    judged: int
    flips: tuple[Flip, ...]

    @property
    def counts(self) -> dict[tuple[str, str], int]:
        """{(lane then, lane by the new policy): changes}, the most frequent first."""
        return dict(Counter((flip.was, flip.would_be) for flip in self.flips).most_common())


def backtest(
    home: Home,
    ledger: Ledger,
    project: SqlProject,
    policy: Policy,
    batch_keys: Collection[str],
    say: Callable[[str], object] = lambda _line: None,
) -> Backtest:
    """Judge sealed batches by a policy and return what would flip. Raises InputError for a batch that is not sealed."""
    known = {batch.seal.batch_key for batch in sealed_batches(ledger)}
    if unknown := sorted(set(batch_keys) - known):
        raise InputError(f"batch {unknown[0][:16]} is not decided yet", hint="`wb decisions` lists decided batches")
    judged = [
        each for each in judge_again(home, ledger, project, policy, batch_keys, say) if each.batch_key in batch_keys
    ]
    acts = acts_of(judged)
    deeds = deeds_by_change(ledger)
    flips = (each for each in judged if each.before.lane != each.after.lane)
    return Backtest(len(judged), tuple(_flip(each, _then(each, acts, deeds)) for each in flips))


def acts_of(judged: Iterable[JudgedAgain]) -> dict[str, str]:
    """Return {change id: id of its action's row}: what is no update is decided as a whole."""
    rows = list(judged)
    heads = {(each.batch_key, each.line_number): each.change_id for each in rows if each.is_action_row}
    return {each.change_id: heads.get((each.batch_key, each.line_number), each.change_id) for each in rows}


def deeds_by_change(ledger: Ledger) -> dict[str, list[str]]:
    """Return {change id: what people decided about it and what was written, in order, in words}."""
    deeds: dict[str, list[str]] = defaultdict(list)
    planned: dict[str, Sequence[str]] = {}
    for event in ledger.events():
        if event.kind == WritePlanned.kind:
            write = payload_of(event, WritePlanned)
            planned[event.subject] = () if write.undoes else write.change_ids
        elif words := _deed(event):
            about = planned.get(event.subject, ()) if event.kind == WriteSettled.kind else (event.subject,)
            for change_id in about:
                deeds[change_id].append(words)
    return dict(deeds)


def _deed(event: Event) -> str:
    """Return an event about a change in words, "" for one that is none."""
    if event.kind == ItemDecided.kind:
        said = payload_of(event, ItemDecided)
        edited = " with another value" if said.edited_digest else ""
        reason = f": {said.reason_code}" if said.reason_code else ""
        return f"{_DID[said.decision]}{edited} by {event.recorded_by}{reason}"
    if event.kind == ItemReturned.kind:
        return f"sent back: {payload_of(event, ItemReturned).reason}"
    if event.kind == WriteSettled.kind:
        return payload_of(event, WriteSettled).outcome.replace("_", " ")
    return ""


def _then(each: JudgedAgain, acts: dict[str, str], deeds: dict[str, list[str]]) -> str:
    found = deeds.get(each.change_id) or deeds.get(acts[each.change_id]) or []
    return "; ".join(found) or ("nobody decided yet" if each.before.lane in ("review", "suggest") else "")


def _flip(each: JudgedAgain, then: str) -> Flip:
    before, after = ({gate for gate, _, _ in judged.objections} for judged in (each.before, each.after))
    return Flip(
        batch_key=each.batch_key,
        line=each.line_number,
        proposal_id=each.proposal_id or "",
        change_id=each.change_id,
        action=each.action or "",
        object=each.object or "",
        record_id=each.record_id or "",
        field="" if each.is_action_row else each.field or "",
        was=each.before.lane or NOT_JUDGED,
        would_be=each.after.lane or NOT_JUDGED,
        no_longer=tuple(sorted(before - after)),
        new=tuple(sorted(after - before)),
        then=then,
    )
