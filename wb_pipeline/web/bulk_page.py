"""One decision on many items: what it would be is shown and asked first. What may be decided is for `review` to say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import content_hash
from wb_pipeline.review.model import Decision
from wb_pipeline.web import item_view
from wb_pipeline.web.decision_form import REASONS, Tried, sentence
from wb_pipeline.web.filters import Filter, cause_key
from wb_pipeline.web.queue_page import first_objection, item_address, list_address
from wb_pipeline.web.visit import go_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from wb_pipeline.review.model import Item, Outcome
    from wb_pipeline.web.forms import Form
    from wb_pipeline.web.visit import Visit

MOST_AT_ONCE = 2_000
_MOST_EXAMPLES = 30
_MOST_TALLIES = 25
_VERBS = {"approve": "Approve", "reject": "Reject", "accept": "Accept", "dismiss": "Dismiss"}
_OF_SUGGESTIONS = frozenset({"accept", "dismiss"})
_REFUSING = frozenset({"reject", "dismiss"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to decide about which items, as an address or a form says it."""

    decision: str
    asked: Filter
    ids: frozenset[str]
    causes: frozenset[str]
    is_all: bool

    @classmethod
    def from_form(cls, form: Form) -> Wish:
        """Return what an address or a form asks for."""
        ids, causes = frozenset(form.every("item")), frozenset(form.every("cause"))
        return cls(form["decision"], Filter.from_query(form), ids, causes, bool(form["all"]))

    @property
    def is_suggestion(self) -> bool:
        """Whether it is about suggestions."""
        return self.decision in _OF_SUGGESTIONS

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The fields by which a form says the same."""
        chosen = [("item", each) for each in sorted(self.ids)] + [("cause", each) for each in sorted(self.causes)]
        return [("decision", self.decision), ("all", "1" if self.is_all else ""), *self.asked.given.items(), *chosen]

    def is_about(self, item: Item) -> bool:
        """Say whether an item is meant."""
        if not self.asked.is_met(item):
            return False
        return (
            self.is_all or item.item_id in self.ids or not self.causes.isdisjoint({item.case_id or "", cause_key(item)})
        )


def ask(visit: Visit) -> Response:
    """Show how many items and which a decision would be about."""
    wish = Wish.from_form(visit.query)
    if wish.decision not in _VERBS:
        return visit.not_found("An address for many items says what is to be decided.")
    return _question(visit, wish, _meant(visit, wish))


def decide_many(visit: Visit) -> Response:
    """Take the decision, if it still is about the items that were shown."""
    wish, form = Wish.from_form(visit.form), visit.form
    if wish.decision not in _VERBS:
        return visit.not_found("Say what is decided. Nothing was changed.")
    meant = _meant(visit, wish)[:MOST_AT_ONCE]
    tried = Tried(wish.decision, form["reason_code"], form["words"])
    if not meant or form["seen"] != _seen(meant):
        error = "Some of these items changed or were decided meanwhile. Nothing was decided: look at them again."
        return _question(visit, wish, _meant(visit, wish), 409, error, tried)
    visit.look_again()
    outcomes = visit.office.decide([_decision(item, tried) for item in meant], visit.person)
    refused = [outcome for outcome in outcomes if not outcome.is_done]
    if len(refused) == len(outcomes) and len({outcome.message for outcome in refused}) == 1:
        return _question(visit, wish, meant, 422, sentence(refused[0].message), tried)
    back = list_address(wish.asked, is_suggestion=wish.is_suggestion)
    if not refused:
        return go_to(back, said="bulk", many=str(len(outcomes)))
    done = len(outcomes) - len(refused)
    return visit.page(
        "bulk_done.html",
        is_suggestion=wish.is_suggestion,
        done=done,
        refused=_refused(visit, meant, refused),
        back=back,
    )


def _meant(visit: Visit, wish: Wish) -> list[Item]:
    return [item for item in visit.open_items(is_suggestion=wish.is_suggestion) if wish.is_about(item)]


def _seen(meant: Sequence[Item]) -> str:
    """Return a digest over what was shown: any item that changes, comes or goes makes another."""
    return content_hash(sorted([item.item_id, item.binding] for item in meant))


def _decision(item: Item, tried: Tried) -> Decision:
    return Decision(
        item.item_id,
        tried.decision,  # type: ignore[arg-type]  # the caller looked it up among the verbs
        item.binding,
        tried.reason_code,
        tried.words,
        supersedes=item.standing_sequence,
    )


def _question(
    visit: Visit,
    wish: Wish,
    meant: Sequence[Item],
    status: int = 200,
    error: str = "",
    tried: Tried | None = None,
) -> Response:
    back = list_address(wish.asked, is_suggestion=wish.is_suggestion)
    shown = meant[:MOST_AT_ONCE]
    if not shown:
        title, words = "Nothing is selected", error or "Select items first, or decide on all of a filter."
        return visit.page("message.html", status if error else 200, title=title, words=words, hint="")
    return visit.page(
        "bulk.html",
        status,
        verb=_VERBS[wish.decision],
        count=len(shown),
        left_out=len(meant) - len(shown),
        tallies=_tallies(shown),
        examples=_examples(visit, shown[:_MOST_EXAMPLES]),
        kept=wish.kept,
        seen=_seen(shown),
        is_suggestion=wish.is_suggestion,
        is_refusing=wish.decision in _REFUSING,
        reasons=REASONS,
        tried=tried or Tried(),
        error=error,
        back=back,
    )


def _tallies(meant: Sequence[Item]) -> list[dict[str, Any]]:
    """Return what kinds of changes are meant, most frequent first."""
    counted = Counter((_what(item), item.actor_id, first_objection(item)) for item in meant)
    return [
        {"count": count, "what": what, "actor": actor, "why": why}
        for (what, actor, why), count in counted.most_common(_MOST_TALLIES)
    ]


def _what(item: Item) -> str:
    field = f"{item.fields[0].field} of " if item.action == "update" and item.fields else f"{item.action} "
    return f"{field}{item.object}"


def _examples(visit: Visit, meant: Sequence[Item]) -> list[dict[str, Any]]:
    names = visit.office.names_of(meant)
    return [
        {
            "title": item_view.title(item, names[item.item_id]),
            "address": item_address(item.item_id, Filter()),
            "change": item_view.change_view(item.fields[0]) if len(item.fields) == 1 and not item.is_erased else None,
        }
        for item in meant
    ]


def _refused(visit: Visit, meant: Sequence[Item], refused: Sequence[Outcome]) -> list[dict[str, str]]:
    by_id = {item.item_id: item for item in meant}
    names = visit.office.names_of(meant)
    return [
        {
            "title": item_view.title(by_id[each.item_id], names[each.item_id]),
            "address": item_address(each.item_id, Filter()),
            "message": sentence(each.message),
        }
        for each in refused
    ]
