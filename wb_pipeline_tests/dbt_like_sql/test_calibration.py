"""How far a claim of confidence is believed: the models behind effective confidence, over made-up books (CNF-3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wb_pipeline.sql_project import SqlProject

_TABLES = """
create schema policy;
create table policy.settings (policy_hash varchar, least_confidence_record bigint);
create table stg_writeback__proposals (manifest_id varchar, proposal_key varchar, policy_hash varchar,
    actor_type varchar, actor_id varchar, source varchar, confidence double);
create table stg_books__earlier_changes (manifest_id varchar, proposal_key varchar, actor_type varchar,
    actor_id varchar, source varchar, confidence double, lane varchar, objections varchar,
    standing varchar);
"""
_BELIEVED = """
select least(proposals.confidence, held.confidence_ceiling)
from int_claims_held_to_record as held
inner join stg_writeback__proposals as proposals on proposals.proposal_key = held.proposal_key
order by proposals.proposal_key
"""
_REFUTED = '[{"gate":"gate_evidence__cited_evidence_missing","verdict":"deny","reason":"x","details":{}}]'
_UNSURE = '[{"gate":"gate_confidence__below_suggest_band","verdict":"deny","reason":"x","details":{}}]'
_NO_RIGHT = '[{"gate":"gate_policy__actor_without_right","verdict":"deny","reason":"x","details":{}}]'
_REPEATED = '[{"gate":"gate_activity__already_logged","verdict":"deny","reason":"x","details":{}}]'
_LABELLED = (
    '[{"gate":"gate_policy__actor_without_right","verdict":"deny","reason":"x","details":{}},'
    '{"gate":"gate_evidence__activity_unverified","verdict":"label","reason":"y","details":{}}]'
)
LEAST = 50


@dataclass(frozen=True)
class Claim:
    """An earlier proposal: what it claimed and how it ended."""

    confidence: float
    lane: str = "auto"
    objections: str | None = "[]"
    standing: str | None = None


def refuted(confidence: float) -> Claim:
    """Return a claim that its evidence did not bear out."""
    return Claim(confidence, "deny", _REFUTED)


@pytest.fixture(scope="module")
def books(project: SqlProject) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with just what the two models read."""
    with duckdb.connect() as con:
        con.execute(_TABLES)
        for name in ("int_claims_recorded", "int_claims_held_to_record"):
            con.execute(f"create view {name} as {project.render(name, {'run_id': 'run-1'})}")
        yield con


def believed(
    con: duckdb.DuckDBPyConnection, history: Sequence[Claim], *claims: float, source: str | None = "s"
) -> list[float]:
    """Return what is believed of each claim of the actor `a` and the source, after the history of `a` and `s`."""
    con.begin()
    try:
        con.execute("insert into policy.settings values ('p', ?)", [LEAST])
        rows = [
            ["m", f"e-{i}", "ai_agent", "a", "s", c.confidence, c.lane, c.objections, c.standing]
            for i, c in enumerate(history)
        ]
        new = [["m", f"n-{i}", "p", "ai_agent", "a", source, claim] for i, claim in enumerate(claims)]
        for table, found in (("stg_books__earlier_changes", rows), ("stg_writeback__proposals", new)):
            if found:
                # One statement for all rows: row by row it takes a second.
                columns = [list(column) for column in zip(*found, strict=True)]
                places = ", ".join("unnest(?)" for _ in columns)
                con.execute(f"insert into {table} select {places}", columns)
        return [row[0] for row in con.execute(_BELIEVED).fetchall()]
    finally:
        con.rollback()


def test_over_confident_source_is_held_to_its_record(books: duckdb.DuckDBPyConnection) -> None:
    """CNF-3: 40 of 100 claims of 95 were refuted: no claim counts for more than 70, and a lower one for itself."""
    high, low = believed(books, [Claim(95)] * 60 + [refuted(95)] * 40, 95, 40)
    assert 60 < high < 70
    assert low == 40


def test_a_good_record_raises_nobody(books: duckdb.DuckDBPyConnection) -> None:
    """CNF-3: who is right every time is still believed only as far as it claims."""
    assert believed(books, [Claim(60)] * 200, 60, 75, 95) == [60, 75, 95]


def test_short_record_proves_little(books: duckdb.DuckDBPyConnection) -> None:
    """CNF-3: one claim fewer than the policy asks for, and nothing is held."""
    assert believed(books, [refuted(95)] * (LEAST - 1), 95) == [95]
    assert believed(books, [refuted(95)] * LEAST, 95)[0] < 10


def test_another_source_has_a_record_of_its_own(books: duckdb.DuckDBPyConnection) -> None:
    """CNF-3: the record is that of an actor and a source, no other's."""
    assert believed(books, [refuted(95)] * 100, 95, source="t") == [95]


@pytest.mark.parametrize(
    ("claim", "is_against_it"),
    [
        (Claim(95, "review"), False),
        (Claim(95, "review", "[]", "approved"), False),
        (Claim(95, "review", "[]", "declined"), False),
        (Claim(95, "review", "[]", "rejected"), True),
        (Claim(95, "suggest"), False),
        (Claim(95, "deny", _UNSURE), False),
        (Claim(95, "deny", _REFUTED), True),
        (Claim(95, "deny", None), True),
    ],
)
def test_what_counts_for_and_against(claim: Claim, is_against_it: bool, books: duckdb.DuckDBPyConnection) -> None:
    """CNF-3: what waits, or is held by its confidence alone, counts for the source: so a held one can mend its record.
    Erased reasons count against it.
    """
    assert (believed(books, [claim] * 100, 95)[0] < 50) is is_against_it


@pytest.mark.parametrize(
    "claim",
    [
        Claim(95, "noop"),
        Claim(95, "quarantine"),
        Claim(95, "deny", _NO_RIGHT),
        Claim(95, "deny", _LABELLED),
        Claim(95, "deny", _REPEATED),
    ],
)
def test_what_says_nothing_counts_neither_way(claim: Claim, books: duckdb.DuckDBPyConnection) -> None:
    """CNF-3: a repeat proves nothing, else a source could polish its record; nor does a right that it lacks."""
    history = [refuted(95)] * 50
    assert believed(books, history + [claim] * 500, 95) == believed(books, history, 95)


_bands = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 150), st.integers(0, 150)), max_size=5)
_claims = st.lists(st.floats(0, 100), min_size=1, max_size=6)


@given(_bands, _claims)
def test_record_never_raises_a_claim(
    books: duckdb.DuckDBPyConnection, bands: list[tuple[int, int, int]], claims: list[float]
) -> None:
    """CNF-3: whatever the record, nothing counts for more than it claims."""
    found = believed(books, _history(bands), *claims)
    assert all(given <= claim for given, claim in zip(found, claims, strict=True))


@given(st.integers(50, 100), st.integers(50, 120), _claims)
def test_inflating_opens_nothing(books: duckdb.DuckDBPyConnection, bad: int, count: int, claims: list[float]) -> None:
    """CNF-3: once a band of a source claimed more than it held, no other claim gets further than that band proved."""
    history = [refuted(bad)] * count
    proved = believed(books, history, 100)[0]
    assert proved < 10
    assert max(believed(books, history, *claims)) <= proved


@given(_bands, st.integers(0, 100), st.floats(0, 100))
def test_one_refuted_claim_more_never_frees(
    books: duckdb.DuckDBPyConnection, bands: list[tuple[int, int, int]], refuted_at: int, claim: float
) -> None:
    """CNF-3, law 1: more that was refuted in place of what stood is never more permissive."""
    before = _history([*bands, (refuted_at, 60, 0)])
    after = [*before[:-1], refuted(refuted_at)]
    assert believed(books, after, claim)[0] <= believed(books, before, claim)[0] + 1e-9


def _history(bands: Sequence[tuple[int, int, int]]) -> list[Claim]:
    """Return (confidence, right, refuted) as claims; right ones last."""
    return [
        *(refuted(confidence) for confidence, _, wrong in bands for _ in range(wrong)),
        *(Claim(confidence) for confidence, right, _ in bands for _ in range(right)),
    ]
