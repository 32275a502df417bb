"""Floors well below what is measured: a broken model is noticed, a figure that wobbles is not. `wb bench` measures."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from wb_pipeline.matching.inputs import ObjectName
from wb_pipeline_tests.matching.made_up import scored_made_up_crm

# Recall of true pairs at 99 % precision. Measured with this seed: contacts 0.77, companies 0.91.
FLOORS: dict[ObjectName, float] = {"contact": 0.65, "company": 0.75}
_RECALL = """
with truth as (from labelled.truth where object = $object),
pairs as (
    select match_probability, l.entity_id = r.entity_id as is_same
    from matching.scored_pairs as scored
    inner join truth as l on l.record_id = left_id
    inner join truth as r on r.record_id = right_id
    where scored.object = $object
),
ranked as (
    select sum(is_same::int) over above as hits, count(*) over above as cases
    from pairs window above as (order by match_probability desc)
),
groups as (select count(*) as members from truth group by entity_id)
select max(hits) / (select sum(members * (members - 1) / 2) from groups) from ranked where hits >= 0.99 * cases
"""
_DIFFERENT_NAMES = """
select terms.mailbox, scores.match_probability,
    terms.phone not in ('own_phone', 'same_mobile') and terms.linkedin <> 'same_profile' and terms.title <> 'same_title'
        as is_mailbox_alone
from matching.pair_terms as terms
inner join matching.pair_scores as scores using (record_number_l, record_number_r)
where terms.name = 'different' and terms.mailbox in ('shared_mailbox', 'same_role_mailbox')
"""


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A made-up CRM of a seed that no shipped model was made from."""
    with scored_made_up_crm(contacts=6_000, seed=9_203) as con:
        yield con


@pytest.mark.parametrize("name", FLOORS)
def test_most_duplicates_are_found_at_99_percent_precision(con: duckdb.DuckDBPyConnection, name: ObjectName) -> None:
    """IDN-2: the models that ship, on a CRM that they never saw."""
    assert con.execute(_RECALL, {"object": name}).fetchall()[0][0] > FLOORS[name]


def test_a_mailbox_alone_makes_nobody_the_same(con: duckdb.DuckDBPyConnection) -> None:
    """IDN-1: different names at one shared or role mailbox are no match unless another sign agrees."""
    found = con.execute(_DIFFERENT_NAMES).fetchall()
    assert len(found) > 40
    assert max(probability for _, probability, is_mailbox_alone in found if is_mailbox_alone) < 0.95
    assert max(probability for mailbox, probability, _ in found if mailbox == "same_role_mailbox") < 0.5
