"""Confidence bands, threshold and exchange rates: numbers that are typed easily and wrongly."""

from __future__ import annotations

from wb_pipeline.policy.expanded import picklists
from wb_pipeline.policy.findings import Finding, KeyPath
from wb_pipeline.policy.models import PolicyDocument

# Below an even chance nothing is written by itself; below one in ten a suggestion is noise.
# Both catch a lost digit (8 for 80).
LEAST_AUTO = 50
LEAST_SUGGEST = 10
_FULL = 100


def check_numbers(document: PolicyDocument) -> list[Finding]:
    """Return what is wrong with bands and currencies."""
    return [*_bands(document), *_currencies(document)]


def _bands(document: PolicyDocument) -> list[Finding]:
    bands = document.confidence
    findings = [
        *_band(("confidence", "auto_from"), bands.auto_from, LEAST_AUTO),
        *_band(("confidence", "suggest_from"), bands.suggest_from, LEAST_SUGGEST),
    ]
    if bands.auto_from <= bands.suggest_from:
        findings.append(Finding(("confidence", "auto_from"), "auto_from must be higher than suggest_from"))
    return findings


def _band(path: KeyPath, value: float, least: int) -> list[Finding]:
    if least <= value <= _FULL:
        return []
    hint = f"confidence runs from 0 to 100: write {value * _FULL:g} for {value:g}" if 0 < value <= 1 else ""
    return [Finding(path, f"{value:g} is not between {least} and 100", hint)]


def _currencies(document: PolicyDocument) -> list[Finding]:
    deals = document.deals
    findings = []
    if deals.currency in deals.exchange_rates:
        path: KeyPath = ("deals", "exchange_rates", deals.currency)
        findings.append(Finding(path, f"{deals.currency} is the policy's own currency and has no rate", "leave it out"))
    listed = picklists(document).get(("deal", "currency"))
    for currency in [deals.currency, *deals.exchange_rates] if listed is not None else []:
        if currency not in (listed or ()):
            key: KeyPath = (
                ("deals", "exchange_rates", currency) if currency in deals.exchange_rates else ("deals", "currency")
            )
            findings.append(Finding(key, f"{currency} is not in picklists.deal.currency"))
    return findings
