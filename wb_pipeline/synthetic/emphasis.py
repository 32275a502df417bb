"""Rates drawn by a seed, so that models see many kinds of CRM and not one. What the rates mean stands in rates.py."""

from __future__ import annotations

from wb_pipeline.synthetic.company_lookalikes import COMPANY_LOOKALIKE_WEIGHTS
from wb_pipeline.synthetic.company_variants import COMPANY_VARIANT_WEIGHTS
from wb_pipeline.synthetic.contact_lookalikes import CONTACT_LOOKALIKE_WEIGHTS
from wb_pipeline.synthetic.contact_variants import CONTACT_VARIANT_WEIGHTS
from wb_pipeline.synthetic.rates import Rates

KINDS = {
    **COMPANY_VARIANT_WEIGHTS,
    **CONTACT_VARIANT_WEIGHTS,
    **COMPANY_LOOKALIKE_WEIGHTS,
    **CONTACT_LOOKALIKE_WEIGHTS,
}
"""Every variant and look-alike type, with its usual weight."""


def varied_rates(seed: int) -> Rates:
    """Return rates around the defaults, every single kind of damage and look-alike more or less frequent than usual."""
    return Rates.varied(seed, KINDS)
