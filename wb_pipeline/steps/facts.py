"""All facts of a run, in the order in which they need each other. What each fact is stands in `wb_pipeline.facts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wb_pipeline.facts.activity_evidence import write_activity_evidence
from wb_pipeline.facts.activity_twins import write_activity_twins
from wb_pipeline.facts.actor_likeness import write_actor_likeness
from wb_pipeline.facts.cause_chains import write_cause_chains
from wb_pipeline.facts.citation_facts import write_citation_facts
from wb_pipeline.facts.domain_facts import write_domain_facts
from wb_pipeline.facts.email_companies import write_email_companies
from wb_pipeline.facts.field_names import write_field_names
from wb_pipeline.facts.identity_statements import write_identity_statements
from wb_pipeline.facts.likeness import write_likeness
from wb_pipeline.facts.match_candidates import write_match_candidates
from wb_pipeline.facts.opt_outs import write_opt_outs
from wb_pipeline.facts.payload_references import write_payload_references
from wb_pipeline.facts.person_standing import write_person_standing
from wb_pipeline.facts.prepared_records import write_prepared_records
from wb_pipeline.facts.proposal_keys import write_proposal_keys
from wb_pipeline.facts.standing_values import write_standing_values
from wb_pipeline.facts.trigger_effects import write_trigger_effects
from wb_pipeline.facts.trigger_standing import write_trigger_standing
from wb_pipeline.facts.twin_keys import write_twin_keys
from wb_pipeline.facts.value_facts import write_value_facts
from wb_pipeline.facts.value_support import write_value_support

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from wb_pipeline.matching.bundle import Bundle

_BEFORE_LIKENESS = (
    write_field_names,
    write_value_facts,
    write_prepared_records,
    write_proposal_keys,
    write_identity_statements,
)
_AFTER_LIKENESS = (
    write_actor_likeness,
    write_twin_keys,
    write_match_candidates,
    write_standing_values,
    write_payload_references,
    write_trigger_effects,
    write_opt_outs,
    write_person_standing,
    write_cause_chains,
    write_trigger_standing,
    write_domain_facts,
    write_email_companies,
    write_citation_facts,
    write_activity_twins,
    write_activity_evidence,
    write_value_support,
)


def write_facts(con: duckdb.DuckDBPyConnection, read_model: Callable[[str], Bundle]) -> None:
    """Replace every table of schema facts for the run that stands in schema raw.

    `read_model` gives the matching model that a manifest names by its hash.
    """
    for write in _BEFORE_LIKENESS:
        write(con)
    write_likeness(con, read_model)
    for write in _AFTER_LIKENESS:
        write(con)
