"""The two halves of labelled data share nothing that could give an answer away."""

from __future__ import annotations

from pathlib import Path

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.benchmarks.matching.labelled import load_labelled
from wb_pipeline.benchmarks.matching.split import joined_entities, split_halves
from wb_pipeline_tests.benchmarks.matching.labelled_files import write_crm

_MANY = """
insert into labelled.truth select 'contact', 'r' || range, 'e' || range // 2, [], [] from range(2000);
insert into labelled.look_alikes select 'contact', 'g' || range // 3, 'e' || range * 3, 'family' from range(300);
"""


def many(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """A thousand entities of two records each, some of them looking alike in groups of three."""
    load_labelled(con, write_crm(tmp_path))
    con.execute(_MANY)


def test_halves_share_no_entity_and_no_look_alikes(tmp_path: Path) -> None:
    """What is learnt on one half cannot be known on the other."""
    with duckdb.connect() as con:
        many(con, tmp_path)
        split_halves(con, seed=3)
        torn = "select entity_id from labelled.halves group by entity_id having count(distinct half) > 1"
        assert con.execute(torn).fetchall() == []
        torn = """
            select group_id from labelled.look_alikes inner join labelled.halves using (entity_id)
            group by group_id having count(distinct half) > 1
        """
        assert con.execute(torn).fetchall() == []
        sizes = dict(con.execute("select half, count(*) from labelled.halves group by half").fetchall())
        assert sum(sizes.values()) == 2_005
        assert min(sizes.values()) > 850


def test_the_same_seed_gives_the_same_halves_and_another_seed_others(tmp_path: Path) -> None:
    """Figures can be had again; the order of the rows does not matter."""
    query = "select record_id, half from labelled.halves order by record_id"
    with duckdb.connect() as con:
        many(con, tmp_path)
        found = []
        for seed in (1, 1, 2):
            con.execute("create or replace table labelled.truth as from labelled.truth order by random()")
            split_halves(con, seed=seed)
            found.append(con.execute(query).fetchall())
    assert found[0] == found[1] != found[2]


def test_a_proposal_goes_with_its_entity_or_with_the_record_it_may_be_taken_for(tmp_path: Path) -> None:
    """A threshold set on proposals has not seen the entities of those that are reported on."""
    query = """
        select count(*) from labelled.proposal_halves as proposals
        inner join labelled.halves as halves on halves.half = proposals.half
        where (proposal_id, record_id) in (('pr_1', 'ct_1'), ('pr_2', 'co_1'))
    """
    with duckdb.connect() as con:
        load_labelled(con, write_crm(tmp_path))
        for seed in range(8):
            split_halves(con, seed=seed)
            assert con.execute(query).fetchall() == [(2,)]


@given(st.lists(st.tuples(st.sampled_from("12345"), st.sampled_from("abcdefgh")), max_size=20))
def test_joined_entities_agrees_with_spreading_names_until_nothing_changes(memberships: list[tuple[str, str]]) -> None:
    """Entities hang together through any chain of groups."""
    root = {entity: entity for _, entity in memberships}
    for _ in root:
        for group, entity in memberships:
            root[entity] = min(root[other] for same, other in memberships if same == group)
    assert joined_entities(memberships) == root
