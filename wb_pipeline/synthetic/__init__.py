"""A made-up CRM with known truth, of any size: for training, for load tests, for trying things out. No real data."""

from wb_pipeline.synthetic.generate import GeneratedCrm, generate_crm, varied_rates
from wb_pipeline.synthetic.rates import Rates

__all__ = ["GeneratedCrm", "Rates", "generate_crm", "varied_rates"]
