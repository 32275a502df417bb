"""From writes that were carried out to writes that take them back, and what cannot be taken back (AUD-4, HIA-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wb_pipeline.apply.entries import Entry
from wb_pipeline.apply.model import Part, Write
from wb_pipeline.apply.outbox import Outbox
from wb_pipeline.apply.prepare_whole import OPT_OUTS, says_yes
from wb_pipeline.apply.undo_history import History, pointing_writes, referrers

_NEVER = {
    "trigger": "a sequence that was started cannot be called back: mail may have left",
    "merge": "a merge cannot be undone",
    "undo": "it takes something back itself: to have that again, propose it anew",
}
_AGAIN = {
    "written": "it was taken back before",
    "already_so": "it was taken back before",
    "conflict": "it could not be taken back before: somebody had changed it",
    "refused": "it could not be taken back before: the CRM refused it",
    "gave_up": "it could not be taken back before: the CRM was away too often",
}
_WRITTEN_AGAIN = "a later write of ours set it again"


@dataclass(frozen=True, slots=True)
class Left:
    """A write, or one of its fields, that stays as it is, and why."""

    entry: Entry
    why: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What takes the writes back, the latest first, and what is left."""

    writes: list[Write] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def plan_undo(
    entries: Sequence[Entry], outbox: Outbox, kept: Mapping[str, Mapping[str, Any]], *, by: str, reason: str
) -> UndoPlan:
    """Return how to take writes back, in the order given.

    `kept`: what each wrote, and what earlier undos of it meant, by key; a missing one was erased. Whether a value still
    stands as it was written is found out when it is read.
    """
    plan = UndoPlan()
    history = History(outbox, kept, (entry.key for entry in entries))
    pointing = referrers(pointing_writes(outbox), kept)
    for entry in entries:
        wrote = kept.get(entry.key, {})
        if why := _NEVER.get(entry.planned.action, "") or _why_unknown(wrote):
            plan.left.append(Left(entry, why))
            continue
        stays = {name: why for name in sorted(wrote["fields"]) if (why := _why_stays(entry, name, wrote, history))}
        plan.left.extend(_left(entry, wrote, stays))
        names = sorted(wrote["fields"].keys() - stays.keys())
        # A record that says that somebody opted out, or that we wrote to since, is not put away either.
        if names and not (stays and is_made(entry)):
            write = _taking_back(entry, wrote, names, by=by, reason=reason)
            places = pointing.get(write.record_id or "", frozenset()) if write.is_archiving else frozenset()
            plan.writes.append(replace(write, referrers=places))
    return plan


def _why_stays(entry: Entry, name: str, wrote: Mapping[str, Any], history: History) -> str:
    if why := _AGAIN.get(history.ended(entry, name), ""):
        return why
    if _is_opt_out(name, wrote):
        return "an opt-out is never taken back"
    return _WRITTEN_AGAIN if history.is_written_again(entry, name) else ""


def _left(entry: Entry, wrote: Mapping[str, Any], stays: Mapping[str, str]) -> list[Left]:
    """Return what stays, field by field; in one where a whole write stays for one reason."""
    reasons = set(stays.values())
    if stays.keys() == wrote["fields"].keys() and len(reasons) == 1 and reasons <= set(_AGAIN.values()):
        return [Left(entry, reasons.pop())]
    return [Left(entry, why, name) for name, why in stays.items()]


def _why_unknown(wrote: Mapping[str, Any]) -> str:
    if not wrote:
        return "its values were erased on request"
    return "" if wrote["fields"] else "our books do not say what it wrote"


def _is_opt_out(name: str, wrote: Mapping[str, Any]) -> bool:
    return name in OPT_OUTS and says_yes(wrote["fields"][name])


def is_made(entry: Entry) -> bool:
    """Say whether a write made a record, which is put away where it is taken back."""
    return entry.planned.action in ("create", "log")


def _taking_back(entry: Entry, wrote: Mapping[str, Any], names: Sequence[str], *, by: str, reason: str) -> Write:
    return Write(
        action="undo",
        object=entry.planned.object,
        record_id=entry.settled.record_id if entry.settled else entry.planned.record_id,
        parts=tuple(_part(entry, wrote, name) for name in names),
        change_ids=tuple(entry.planned.change_ids),
        item_ids=(),
        approvals=(),
        actor_id=by,
        actor_type="user",
        batch_key=entry.planned.batch_key,
        proposal_key=entry.planned.proposal_key,
        policy_hash=wrote.get("policy_hash", ""),
        undoes=entry.key,
        is_archiving=is_made(entry),
        reason=reason,
    )


def _part(entry: Entry, wrote: Mapping[str, Any], name: str) -> Part:
    """Return a field with its old value, over what we wrote: what somebody wrote since stays (AUD-4)."""
    return Part(
        change_id=wrote["changes"].get(name, entry.planned.change_ids[0]),
        field=name,
        value=wrote["before"].get(name),
        base=wrote["fields"][name],
        checked=name,
    )
