"""What a person always decides, wherever it hides."""

from __future__ import annotations

from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.world import WORLD, change, create_deal, record, update, with_records

_ABOVE = "gate_policy__deal_above_threshold"


_NAMES = ["stage", "Stage", "dealstage", "properties.dealstage", "StageName "]
_MONEY: list[tuple[dict[str, object], str]] = [
    ({"amount": 10_000, "currency": "USD"}, "auto"),
    ({"amount": 10_001, "currency": "USD"}, "review"),
    ({"amount": 10_001}, "review"),
    ({"amount": 9_200, "currency": "EUR"}, "auto"),
    ({"amount": 9_300, "currency": "EUR"}, "review"),
    ({"amount": 9_300, "currency": "eur"}, "review"),
    ({"amount": 1, "currency": "SEK"}, "review"),
    ({"amount": 1, "currency": "XXX"}, "review"),
    ({"amount": "10,001"}, "review"),
    ({"Deal_Amount": 10_001}, "review"),
]


def test_stage_hidden_in_an_update_is_reviewed(road: Road) -> None:
    """HIA-1, HIA-3: beside a harmless field and under another name a stage is still a stage."""
    deals = [record("deal", f"deal-{name}", {"name": name, "stage": "proposal"}) for name in _NAMES]
    proposals = [
        update(
            f"deal-{name}",
            change("next_step", "Send it", seen=None),
            change(name, "negotiation", seen="proposal"),
            proposal_id=name,
            evidence=[{"ref": "meeting"}],
        )
        for name in _NAMES
    ]
    outcome = road.run(with_records(*deals), *proposals)
    for line, name in enumerate(_NAMES, start=1):
        assert outcome.lanes(line) == {"*": "auto", "next_step": "auto", "stage": "review"}, name


def test_stage_hidden_in_a_create_is_reviewed(road: Road) -> None:
    """HIA-3: a new deal may not bring its stage with it."""
    outcome = road.run(WORLD, *(create_deal(f"p-{name}", **{name: "negotiation"}) for name in _NAMES))
    for line, name in enumerate(_NAMES, start=1):
        assert (outcome.lane(line), outcome.lane(line, "stage")) == ("auto", "review"), name


def test_large_deal_is_reviewed(road: Road) -> None:
    """HIA-1: above the threshold in the policy's currency, or in one that it does not know, a person decides."""
    outcome = road.run(
        WORLD, *(create_deal(f"p-{number}", **money) for number, (money, _) in enumerate(_MONEY, start=1))
    )
    for line, (money, lane) in enumerate(_MONEY, start=1):
        assert outcome.lane(line) == lane, money
        assert (_ABOVE in outcome.gates(line)) == (lane == "review"), money
