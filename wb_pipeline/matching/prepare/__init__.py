"""The prepared CRM: identifying values in a form to compare, kept up to date. Compares nothing, decides nothing."""

from wb_pipeline.matching.prepare.crm import PreparedCrm, prepare_crm
from wb_pipeline.matching.prepare.domains import DomainLists
from wb_pipeline.matching.prepare.field_names import FieldNames
from wb_pipeline.matching.prepare.relation import prepare_relation

__all__ = ["DomainLists", "FieldNames", "PreparedCrm", "prepare_crm", "prepare_relation"]
