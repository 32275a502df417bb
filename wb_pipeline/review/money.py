"""What a deal is worth in the policy's currency, at worst (RVW-5). Who may approve how much is in `people`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from wb_pipeline.normalize.fields import is_empty
from wb_pipeline.normalize.numbers import normalize_number

if TYPE_CHECKING:
    from wb_pipeline.policy.models import Deals

Fields = Mapping[str, Any]


def at_worst(versions: Iterable[Fields], deals: Deals) -> float:
    """Return the largest worth that the versions of a deal (as it stands, as it would be) can have together.

    Any amount may go with any currency among them. What cannot be told is infinite: nobody knows how much it is.
    """
    given = list(versions)
    amounts = [version["amount"] for version in given if not is_empty(version.get("amount"))]
    named = {str(version["currency"]).strip().upper() for version in given if not is_empty(version.get("currency"))}
    rates = [_rate(currency, deals) for currency in named or {deals.currency}]
    return max((_worth(amount, max(rates)) for amount in amounts), default=0.0)


def _rate(currency: str, deals: Deals) -> float:
    return 1.0 if currency == deals.currency else deals.exchange_rates.get(currency, math.inf)


def _worth(amount: Any, rate: float) -> float:
    number = normalize_number(amount)
    if number is None:
        return math.inf
    # Nothing is nothing in any currency.
    return abs(number) * rate if number else 0.0
