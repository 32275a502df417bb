"""What agents propose about firms: repeats, variants, namesakes, newcomers. Numbering and targets: proposals.py."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

from wb_pipeline.synthetic.companies import new_company
from wb_pipeline.synthetic.company_stage import CompanyStage
from wb_pipeline.synthetic.dice import Wheel
from wb_pipeline.synthetic.entities import Company
from wb_pipeline.synthetic.proposal import Draft
from wb_pipeline.synthetic.rows import CompanyRow
from wb_pipeline.synthetic.world import World

Case = Callable[["CompanyProposer"], list[Draft]]
_FIELDS = (
    "name", "domain", "phone", "street", "city", "region", "postal_code", "country", "industry", "employees",
)  # fmt: skip
_MOST_TRAPS = 10


class CompanyProposer:
    """Drafts proposals about the firms of a CRM."""

    def __init__(self, world: World, stage: CompanyStage) -> None:
        self.world, self.recorder = world, stage.recorder
        self._wheel = Wheel(CASE_WEIGHTS)
        self._by_id = {company.entity_id: company for company in world.companies}
        self._groups = _groups(world)
        self._names = Counter(company.trade_name.lower() for company in world.companies if company.record_ids)
        self._rows: dict[str, list[CompanyRow]] = defaultdict(list)
        for row in stage.rows:
            self._rows[row.entity.entity_id].append(row)
        self._known = [company for company in world.companies if company.record_ids]
        in_groups = [company for company in world.companies if company.lookalikes and self.traps(company)]
        self._among_lookalikes = [company for company in in_groups if company.record_ids]
        self._left_out = [company for company in in_groups if not company.record_ids]

    def draft(self) -> list[Draft]:
        """Return the next proposals, one or two."""
        return _CASES[self._wheel.spin(self.world.dice)][1](self)

    def known(self) -> Company:
        """Return a firm that the CRM knows."""
        return self.world.dice.pick(self._known)

    def among_lookalikes(self) -> Company:
        """Return a firm that the CRM knows as well as a look-alike; any, if there is no such group."""
        return self.world.dice.pick(self._among_lookalikes or self._known)

    def left_out(self) -> Company | None:
        """Return a firm of which the CRM knows only look-alikes, None if there is none."""
        return self.world.dice.pick(self._left_out) if self._left_out else None

    def recorded(self, company: Company) -> CompanyRow:
        """Return one of the records of a firm that the CRM knows."""
        return self.world.dice.pick(self._rows[company.entity_id])

    def traps(self, company: Company) -> list[str]:
        """Return the records of other firms that look like this one."""
        others = [self._by_id[member] for member in self._groups.get(company.entity_id, ())]
        return [record for other in others for record in other.record_ids][:_MOST_TRAPS]

    def about(self, case: str, row: CompanyRow, *names: str) -> Draft:
        """Return a draft with the row's values, of those only the named ones if any are named."""
        company = row.entity
        return Draft(
            kind="company",
            case=case,
            entity_id=company.entity_id,
            values={name: getattr(row, name) for name in names or _FIELDS},
            record_ids=list(company.record_ids),
            trap_ids=self.traps(company),
            variants=row.variants,
            lookalikes=company.lookalikes,
            is_ambiguous=case == "name_only" and self._names[company.trade_name.lower()] > 1,
        )


def _groups(world: World) -> dict[str, list[str]]:
    """Return, for each firm in a group, the entity ids of the other members."""
    members: dict[int, list[str]] = defaultdict(list)
    for group, entity, _ in world.groups:
        members[group].append(entity)
    others: dict[str, list[str]] = defaultdict(list)
    for entities in members.values():
        if entities[0].startswith("CE"):
            for entity in entities:
                others[entity].extend(other for other in entities if other != entity)
    return others


def _damaged(proposer: CompanyProposer, company: Company) -> CompanyRow:
    row = proposer.recorder.observed(company)
    proposer.recorder.damage(row)
    return row


def _repeat(proposer: CompanyProposer) -> list[Draft]:
    """Say what a record says, or part of it."""
    draft = proposer.about("repeat", proposer.recorded(proposer.known()))
    for name in ("phone", "street", "postal_code", "region", "industry", "employees"):
        if proposer.world.dice.chance(0.4):
            draft.values[name] = None
    return [draft]


def _variant(proposer: CompanyProposer) -> list[Draft]:
    return [proposer.about("variant_of_existing", _damaged(proposer, proposer.known()))]


def _variant_with_lookalikes(proposer: CompanyProposer) -> list[Draft]:
    return [proposer.about("variant_of_existing_with_lookalikes", _damaged(proposer, proposer.among_lookalikes()))]


def _name_only(proposer: CompanyProposer) -> list[Draft]:
    company = proposer.among_lookalikes() if proposer.world.dice.chance(0.4) else proposer.known()
    return [proposer.about("name_only", proposer.recorder.observed(company), "name")]


def _guessed_domain(proposer: CompanyProposer) -> list[Draft]:
    """Say a domain that was guessed from the name."""
    row = proposer.recorder.observed(proposer.known())
    label = row.entity.domain.partition(".")[0]
    guess = proposer.world.dice.pick(
        (f"{label}.com", f"{label}.io", f"{label}.net", f"{label}group.com", f"get{label}.com")
    )
    row.domain = guess if guess != row.entity.domain else f"{label}.org"
    row.variants.append("dom_guessed")
    return [proposer.about("guessed_domain", row, "name", "domain", "city", "country")]


def _new(proposer: CompanyProposer) -> list[Draft]:
    return [proposer.about("new", proposer.recorder.first(new_company(proposer.world)))]


def _new_lookalike(proposer: CompanyProposer) -> list[Draft]:
    company = proposer.left_out()
    return _new(proposer) if company is None else [proposer.about("new_lookalike", proposer.recorder.first(company))]


def _new_repeat_in_batch(proposer: CompanyProposer) -> list[Draft]:
    """Propose a new firm twice: once as is, once in another way."""
    left_out = proposer.left_out() if proposer.world.dice.chance(0.4) else None
    company = left_out or new_company(proposer.world)
    rows = (proposer.recorder.first(company), _damaged(proposer, company))
    return [proposer.about("new_repeat_in_batch", row) for row in rows]


_CASES: dict[str, tuple[float, Case]] = {
    "variant_of_existing": (38, _variant),
    "new_lookalike": (20, _new_lookalike),
    "repeat": (10, _repeat),
    "variant_of_existing_with_lookalikes": (10, _variant_with_lookalikes),
    "new": (8, _new),
    "name_only": (5, _name_only),
    "guessed_domain": (5, _guessed_domain),
    "new_repeat_in_batch": (2, _new_repeat_in_batch),
}
CASE_WEIGHTS = {case: float(weight) for case, (weight, _) in _CASES.items()}
"""How often each case is drawn, relative to the others."""
