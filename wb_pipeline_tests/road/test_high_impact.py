"""What a person always decides, wherever it hides."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from wb_pipeline.paths import default_policy_file
from wb_pipeline.policy.load import policy_from_bytes
from wb_pipeline_tests.road.harness import Road
from wb_pipeline_tests.road.workflows import SAFE
from wb_pipeline_tests.road.world import EVIDENCE, WORLD, change, create_deal, proposal, record, update, with_records

_ABOVE = "gate_policy__deal_above_threshold"
_EFFECT = "gate_policy__trigger_has_high_impact_effect"


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
    ({"amount": "1e5"}, "review"),
    ({"amount": 10_000.01}, "review"),
    ({"amount": -50_000}, "review"),
    ({"amount": [10]}, "review"),
    ({"amount": "NaN"}, "review"),
    ({"amount": 900_000, "currency": "USD", "Currency": "JPY"}, "review"),
    ({"amount": 1, "deal amount": 20_000}, "review"),
    ({"Deal_Amount": 10_001}, "review"),
]


def test_stage_hidden_in_an_update_is_reviewed(road: Road) -> None:
    """HIA-1, HIA-3: beside a harmless field and under another name a stage is still a stage."""
    deals = [
        record("deal", f"deal-{name}", {"name": name, "company_id": "com-1", "stage": "proposal"}) for name in _NAMES
    ]
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
    meeting = next(item for item in EVIDENCE if item["id"] == "meeting")
    names = [f"p-{number}" for number, _ in enumerate(_MONEY, start=1)]
    outcome = road.run(
        with_records(evidence=[{**meeting, "id": name} for name in names]),
        *(
            {**create_deal(name, **money), "evidence": [{"ref": name}]}
            for name, (money, _) in zip(names, _MONEY, strict=True)
        ),
    )
    for line, (money, lane) in enumerate(_MONEY, start=1):
        assert outcome.lane(line) == lane, money
        assert (_ABOVE in outcome.gates(line)) == (lane == "review"), money


_STEPS = [
    ("proposal", "negotiation", False),
    ("proposal", "closed_lost", False),
    ("qualification", "proposal", True),
    ("discovery", "closed_won", True),
    ("negotiation", "proposal", True),
    ("closed_lost", "negotiation", True),
    ("closed_won", "contract", True),
    ("closed_won", "closed_lost", True),
]


def test_stage_out_of_order_is_pointed_out(road: Road) -> None:
    """HIA-1: every stage waits for a person; leaps, steps back and reopened deals are named."""
    deals = [
        record("deal", f"deal-{start}-{end}", {"name": f"{start} {end}", "company_id": "com-1", "stage": start})
        for start, end, _ in _STEPS
    ]
    proposals = [
        update(
            f"deal-{start}-{end}",
            change("DealStage", end, seen=start),
            proposal_id=f"{start} {end}",
            evidence=[{"ref": "meeting"}],
        )
        for start, end, _ in _STEPS
    ]
    outcome = road.run(with_records(*deals), *proposals, create_deal("p-new", stage="contract"))
    for line, (start, end, is_odd) in enumerate(_STEPS, start=1):
        assert outcome.lane(line, "stage") == "review", (start, end)
        assert ("gate_policy__stage_out_of_order" in outcome.gates(line, "stage")) is is_odd, (start, end)
    assert "gate_policy__stage_out_of_order" in outcome.gates(len(_STEPS) + 1, "stage")


_POLICY = policy_from_bytes(default_policy_file().read_bytes(), "policy.yaml").document
_VALUES: dict[str, object] = {
    "owner": "u-1",
    "account_owner": "u-1",
    "stage": "negotiation",
    "forecast_category": "commit",
    "do_not_contact": True,
    "email_opt_out": True,
    "lawful_basis": "consent",
    "consent_at": "2026-03-01T09:00:00Z",
}
_DISGUISES: list[Callable[[str], str]] = [
    str,
    str.upper,
    lambda name: f" {name.replace('_', ' ')} ",
    lambda name: f"properties.{name}",
    lambda name: name.replace("o", "\N{CYRILLIC SMALL LETTER O}", 1),
]


def _disguised() -> Iterator[tuple[str, str, str]]:
    """Yield (object, field, name that stands for it) for each high-impact field and alias, each in one disguise."""
    number = 0
    for kind, fields in _POLICY.high_impact.fields.items():
        aliases = _POLICY.aliases.get(kind, {})
        for field in fields:
            for name in (field, *aliases.get(field, ())):
                yield kind, field, _DISGUISES[number % len(_DISGUISES)](name)
                number += 1


def test_high_impact_field_is_found_under_every_name(road: Road) -> None:
    """HIA-3: in an update, and as the effect of a workflow: by every alias, in capitals, paths and other letters."""
    cases = list(_disguised())
    records, proposals = [], []
    for number, (kind, field, name) in enumerate(cases):
        target = f"{kind[:3]}-hi-{number}"
        effect = {"do": "set_field", "object": kind, "field": name, "value": _VALUES[field]}
        workflow = {"name": target, "status": "active", "personas": [], "effects": [effect]}
        records += [
            record(kind, target, {"name": target, "last_name": target}),
            record("workflow", f"wf-{number}", workflow),
        ]
        proposals += [
            proposal(f"u-{number}", "update", kind, target={"id": target}, changes=[change(name, _VALUES[field])]),
            proposal(f"t-{number}", "trigger", kind, target={"id": target}, payload={"workflow_id": f"wf-{number}"}),
        ]
    outcome = road.run(with_records(*records, policy=SAFE), *proposals)
    for number, (kind, field, name) in enumerate(cases):
        lanes = outcome.lanes(2 * number + 1)
        lanes.pop("*")
        assert set(lanes.values()) <= {"review", "deny"}, (kind, field, name)
        assert outcome.lane(2 * number + 2) in ("review", "deny"), (kind, field, name)
        assert outcome.gates(2 * number + 2) & {_EFFECT, "gate_trigger__effect_not_allowed"}, (kind, field, name)
