"""Sending calls: answers by kind, few tries with growing pauses, nothing sent again that may have happened (SYN-4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from wb_pipeline.apply.limits import Limits, Timing
from wb_pipeline.apply.prepared import Prepared
from wb_pipeline.connectors.writing import (
    Conflict,
    CrmAnswer,
    CrmError,
    OutcomeUnknown,
    Refused,
    Throttled,
    WritableCrm,
)

_NO_ANSWER = OutcomeUnknown("the CRM gave no answer to this write")
# Answers after which the same write is not tried again in this run.
_LAST = (CrmAnswer, Refused, Conflict, OutcomeUnknown)


@dataclass(slots=True)
class Sent:
    """What became of one call: the last answer, None where it was not sent at all, and how often it was.

    `note`: why we did not send it again, in words of ours.
    """

    prepared: Prepared
    answer: CrmAnswer | CrmError | None = None
    attempts: int = 0
    note: str = ""


class Sender:
    """Sends the calls of a group. `may_send` is asked before every call, `recheck` before every further try."""

    def __init__(
        self,
        crm: WritableCrm,
        limits: Limits,
        timing: Timing,
        may_send: Callable[[Prepared], bool],
        recheck: Callable[[Sequence[Prepared]], Mapping[str, str]],
    ) -> None:
        self._crm = crm
        self._limits = limits
        self._timing = timing
        self._may_send = may_send
        self._recheck = recheck

    def send(self, group: Sequence[Prepared]) -> list[Sent]:
        """Send every write of a group until each has a last answer or the tries are spent."""
        started = self._timing.monotonic()
        found = {prepared.key: Sent(prepared) for prepared in group}
        waiting = list(found.values())
        for tried in range(1, self._limits.tries + 1):
            self._send_once(waiting, started + self._limits.group_seconds)
            waiting = [sent for sent in waiting if sent.answer is not None and not isinstance(sent.answer, _LAST)]
            if not waiting or tried == self._limits.tries:
                break
            pause = self._pause(waiting, tried)
            if self._timing.monotonic() + pause - started > self._limits.group_seconds:
                break
            self._timing.sleep(pause)
            try:
                waiting = self._still_fit(waiting)
            except CrmError:
                break
        return list(found.values())

    def _send_once(self, waiting: Sequence[Sent], until: float) -> None:
        """Send each once. What may not be sent now, or not any more, is not: it has no answer then."""
        size = max(1, self._crm.batch_size)
        for start in range(0, len(waiting), size):
            is_late = self._timing.monotonic() > until
            piece: list[Sent] = []
            for sent in waiting[start : start + size]:
                if is_late or not self._may_send(sent.prepared):
                    sent.answer = None
                else:
                    piece.append(sent)
            if not piece:
                continue
            for sent, answer in zip(piece, self._answers([sent.prepared for sent in piece]), strict=True):
                sent.answer = answer
                sent.attempts += 1

    def _answers(self, prepared: Sequence[Prepared]) -> list[CrmAnswer | CrmError]:
        sent_at = self._timing.clock()
        try:
            answers = self._crm.write_many([each.call(sent_at) for each in prepared])
        except CrmError as error:
            return [error] * len(prepared)
        # A CRM that answers some of the calls has perhaps carried out all of them.
        return answers if len(answers) == len(prepared) else [_NO_ANSWER] * len(prepared)

    def _pause(self, waiting: Sequence[Sent], tried: int) -> float:
        asked = [sent.answer.retry_after or 0.0 for sent in waiting if isinstance(sent.answer, Throttled)]
        return max([self._timing.pause(self._limits, tried), *asked])

    def _still_fit(self, waiting: Sequence[Sent]) -> list[Sent]:
        torn = self._recheck([sent.prepared for sent in waiting])
        for sent in waiting:
            if sent.prepared.key in torn:
                sent.answer, sent.note = Conflict("it was not sent again"), torn[sent.prepared.key]
        return [sent for sent in waiting if sent.prepared.key not in torn]
