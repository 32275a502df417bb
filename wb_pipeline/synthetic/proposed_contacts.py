"""What agents propose about people: repeats, variants, namesakes, newcomers. Numbering and targets: proposals.py."""

from __future__ import annotations

from collections.abc import Callable

from wb_pipeline.synthetic.contact_stage import ContactStage, Member, contact_id
from wb_pipeline.synthetic.contact_variants import apply_contact_variant
from wb_pipeline.synthetic.dice import Wheel
from wb_pipeline.synthetic.mailboxes import other_pattern
from wb_pipeline.synthetic.persons import new_person
from wb_pipeline.synthetic.proposal import Draft
from wb_pipeline.synthetic.rows import ContactRow
from wb_pipeline.synthetic.world import World

Case = Callable[["ContactProposer"], list[Draft]]
_FIELDS = (
    "first_name", "last_name", "email", "phone", "mobile", "job_title", "linkedin_url", "company_name", "city",
    "country",
)  # fmt: skip
_MOST_TRAPS = 10
_DOMAIN_GIVEN = 0.3


class ContactProposer:
    """Drafts proposals about the people of a CRM."""

    def __init__(self, world: World, people: ContactStage) -> None:
        self.world, self.recorder = world, people.recorder
        self._people = people
        self._wheel = Wheel(CASE_WEIGHTS)
        groups = [group for group in people.kept if len(group) > 1]
        self._known = [(group, member) for group in people.kept for member in group if member.numbers]
        self._among_lookalikes = [
            (group, member) for group in groups for member in group if member.numbers and _others(group, member)
        ]
        self._namesakes = [(group, member) for group, member in self._among_lookalikes if _has_namesake(group, member)]
        self._left_out = [(group, member) for group in groups for member in group if not member.numbers]

    def draft(self) -> list[Draft]:
        """Return the next proposals, one or two."""
        return _CASES[self._wheel.spin(self.world.dice)][1](self)

    def known(self) -> tuple[list[Member], Member]:
        """Return somebody whom the CRM knows, with the group."""
        return self.world.dice.pick(self._known)

    def among_lookalikes(self) -> tuple[list[Member], Member]:
        """Return somebody whom the CRM knows as well as a look-alike; anybody, if there is no such group."""
        return self.world.dice.pick(self._among_lookalikes or self._known)

    def namesake(self) -> tuple[list[Member], Member]:
        """Return somebody with a namesake at the same firm; one among look-alikes, if nobody has one."""
        return self.world.dice.pick(self._namesakes) if self._namesakes else self.among_lookalikes()

    def left_out(self) -> tuple[list[Member], Member] | None:
        """Return somebody of whom the CRM knows only look-alikes, None if there is nobody."""
        return self.world.dice.pick(self._left_out) if self._left_out else None

    def about(self, case: str, found: tuple[list[Member], Member], row: ContactRow, *names: str) -> Draft:
        """Return a draft with the row's values, of those only the named ones if any are named."""
        group, member = found
        person = member.person
        return Draft(
            kind="contact",
            case=case,
            entity_id=person.entity_id,
            values=self._values(row, names or _FIELDS),
            record_ids=self._ids(member.numbers),
            trap_ids=self._ids(_others(group, member)[:_MOST_TRAPS]),
            variants=row.variants,
            lookalikes=person.lookalikes,
            name_key=(person.first, person.last, row.job.company.entity_id),
        )

    def _values(self, row: ContactRow, names: tuple[str, ...]) -> dict[str, str | None]:
        values: dict[str, str | None] = {name: getattr(row, name) for name in names}
        if "company_name" in names and row.company_name is None and row.company_id is not None:
            values["company_name"] = row.job.company.name
        if "email" in names and self.world.dice.chance(_DOMAIN_GIVEN):
            values["domain"] = row.job.company.domain
        return values

    def _ids(self, numbers: list[int]) -> list[str]:
        return [contact_id(self._people.position[number]) for number in numbers]


def _has_namesake(group: list[Member], member: Member) -> bool:
    return any(_key(other) == _key(member) for other in group if other is not member and other.numbers)


def _key(member: Member) -> tuple[str, str, str]:
    person = member.person
    return person.first, person.last, person.job.company.entity_id


def _others(group: list[Member], member: Member) -> list[int]:
    return [number for other in group if other is not member for number in other.numbers]


def _repeat(proposer: ContactProposer) -> list[Draft]:
    """Say what a record says, or part of it."""
    found = proposer.known()
    row = proposer.world.dice.pick(found[1].rows)
    draft = proposer.about("repeat", found, row)
    for name in ("job_title", "city", "country", "linkedin_url", "phone", "mobile", "domain"):
        if proposer.world.dice.chance(0.3):
            draft.values[name] = None
    return [draft]


def _damaged(proposer: ContactProposer, found: tuple[list[Member], Member]) -> ContactRow:
    person = found[1].person
    row = proposer.recorder.observed(person, person.job)
    proposer.recorder.damage(row)
    return row


def _variant(proposer: ContactProposer) -> list[Draft]:
    found = proposer.known()
    return [proposer.about("variant_of_existing", found, _damaged(proposer, found))]


def _variant_with_lookalikes(proposer: ContactProposer) -> list[Draft]:
    found = proposer.among_lookalikes()
    return [proposer.about("variant_of_existing_with_lookalikes", found, _damaged(proposer, found))]


def _job_changer(proposer: ContactProposer) -> list[Draft]:
    found = proposer.known()
    row = proposer.recorder.job_changer(found[1].person)
    if proposer.world.dice.chance(0.4):
        proposer.recorder.damage(row)
    return [proposer.about("job_changer", found, row)]


def _name_and_company(proposer: ContactProposer) -> list[Draft]:
    found = proposer.namesake() if proposer.world.dice.chance(0.35) else proposer.known()
    row = proposer.recorder.observed(found[1].person, found[1].person.job)
    row.company_name = row.company_name or row.job.company.name
    return [proposer.about("name_company_only", found, row, "first_name", "last_name", "company_name")]


def _name_only(proposer: ContactProposer) -> list[Draft]:
    found = proposer.among_lookalikes() if proposer.world.dice.chance(0.4) else proposer.known()
    row = proposer.recorder.observed(found[1].person, found[1].person.job)
    return [proposer.about("name_only", found, row, "first_name", "last_name")]


def _guessed_domain(proposer: ContactProposer) -> list[Draft]:
    """Say an address that was guessed from the firm's name and the person's."""
    found = proposer.known()
    person = found[1].person
    firm = person.job.company
    row = proposer.recorder.observed(person, person.job)
    label = firm.domain.partition(".")[0]
    guess = proposer.world.dice.pick(
        (f"{label}.com", f"{label}.io", f"{label}.net", f"{label}group.com", f"{label}.co")
    )
    row.email = other_pattern(proposer.world.dice, firm, person.first, person.last, guess)
    row.company_name = row.company_name or firm.name
    row.mobile = row.phone = row.linkedin_url = None
    row.variants.append("e_guessed_domain")
    draft = proposer.about("guessed_domain", found, row)
    draft.values["domain"] = guess
    return [draft]


def _newcomer(proposer: ContactProposer) -> tuple[list[Member], Member]:
    member = Member(new_person(proposer.world))
    return [member], member


def _new(proposer: ContactProposer) -> list[Draft]:
    found = _newcomer(proposer)
    return [proposer.about("new", found, proposer.recorder.first(found[1].person))]


def _new_lookalike(proposer: ContactProposer) -> list[Draft]:
    found = proposer.left_out()
    if found is None:
        return _new(proposer)
    return [proposer.about("new_lookalike", found, proposer.recorder.first(found[1].person))]


def _new_repeat_in_batch(proposer: ContactProposer) -> list[Draft]:
    """Propose somebody new twice: once as is, once in another way."""
    left_out = proposer.left_out() if proposer.world.dice.chance(0.4) else None
    found = left_out or _newcomer(proposer)
    rows = (proposer.recorder.first(found[1].person), _damaged(proposer, found))
    if proposer.world.dice.chance(0.2):
        apply_contact_variant(proposer.world, rows[0], "p_case")
    return [proposer.about("new_repeat_in_batch", found, row) for row in rows]


_CASES: dict[str, tuple[float, Case]] = {
    "variant_of_existing": (30, _variant),
    "new_lookalike": (16, _new_lookalike),
    "repeat": (12, _repeat),
    "job_changer": (11, _job_changer),
    "new": (10, _new),
    "variant_of_existing_with_lookalikes": (9, _variant_with_lookalikes),
    "name_company_only": (5, _name_and_company),
    "name_only": (3, _name_only),
    "guessed_domain": (3, _guessed_domain),
    "new_repeat_in_batch": (2, _new_repeat_in_batch),
}
CASE_WEIGHTS = {case: float(weight) for case, (weight, _) in _CASES.items()}
"""How often each case is drawn, relative to the others."""
