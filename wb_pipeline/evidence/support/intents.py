"""What a buyer signals: interested, asks for a price, not now, away, unsubscribes ... Stages of each: policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wb_pipeline.evidence.support import phrases as said
from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.evidence.support.stance import Tolerance
from wb_pipeline.evidence.support.weigh import meant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wb_pipeline.evidence.support.claim import Claim
    from wb_pipeline.evidence.support.sentence import Reading

# Those that say no come first: they outweigh whatever else is said.
_REFUSALS = {
    "unsubscribe": said.phrases("""
please stop, unsubscribe, take me off, take us off, remove me, remove us, stop emailing, stop sending
stop contacting, stop calling, stop mailing, stop writing, do not contact, do not email, do not write
do not call, opt out, opt me out, opting out, leave me alone, leave us alone, off your list, no more emails
no more mails, no further emails, delete my data, delete my address, lose my number, do not reach out
"""),
    "declined": said.phrases("""
killed the project, killed it, project was killed, pulled the plug, project is off, called it off
called off the, went with another, went with a different, gone with another, go with another, going with another
going with a different, chose another, chosen another, choose another, chose a different, selected another
selected a different, picked another, signed with another, decided against, decide against, decided not to
not move forward, not moving forward, not be moving, not going forward, not go forward, not going ahead
not go ahead, not proceed, not proceeding, not be proceeding, no interest, not interested, no longer interested
not a fit, not a good fit, not for us, not the right fit, we will pass, going to pass, have to pass
pass on this, we are out, we are not buying, close the file, close our file, staying with, stay with our
sticking with, stick with our, not what we need, not what we are looking for, went another, not need this
do not need it, do not need your, do not want it, do not want this, drop the project, project is dead
project was cancelled, project was canceled, project is cancelled, cancelled the project, canceled the project
shelved, will not be pursuing, not pursuing, not pursue, lost the budget, dead in the water, different route
another route, no thanks, no thank you, not for me, do not see a fit, not see a fit, no fit, no need for
not worth, too expensive for us, went in another direction, going in another direction, different direction
not going to buy, not going to sign, will not sign, will not buy, will not be buying, will not be signing
lost interest, out of the running, end our talks, opted for, awarded it to, awarded the contract to
building it ourselves, build it ourselves, built it ourselves, build this in house, doing it in house, not renew
not renewing, will not continue, not continue, not continuing
"""),
    "not_now": said.phrases("""
not now, not right now, not at this time, not at the moment, not this year, not this quarter, not this month
not yet, ask me again, ask again, reach out again, circle back, check back, come back to us, come back to me
get back to you, no budget, budget freeze, budget is frozen, hiring freeze, spending freeze, on hold, on ice
postponed, postpone, postponing, too busy, bad timing, bad time, timing is not, not a priority, no priority
lower priority, parked, revisit, later this year, next year, in autumn, in the fall, in spring, after the summer
pushed back, pushed to, deprioritised, deprioritized, delayed until, too early, too soon, not ready, hold off
wait until
"""),
}
_AWAY = said.phrases("""
out of office, out of the office, on vacation, on annual leave, on leave, on holiday, automatic reply
auto reply, maternity leave, paternity leave, parental leave, away until, limited access to, no access to mail
no access to email, currently away, i am away, back in the office, back at my desk, autoreply
""")
_SIGNS = {
    "signed": said.phrases("""
signed contract, signed agreement, signed order, signed order form, signed copy, signed form, signed paperwork
signed quote, signed proposal, signed version, countersigned, counter signed, we signed, we have signed
i signed, i have signed, just signed, contract is signed, agreement is signed, it is signed, is signed and
has been signed, was signed, is now signed, all signed, executed agreement, executed contract, fully executed
signed on our, signed this morning, signed today, signed yesterday, signed and returned, signed by our
"""),
    "agreed": said.phrases("""
go ahead, going ahead, we are in, count us in, let us do it, let us do this, green light, greenlit, have a deal
it is a deal, we accept, i accept, accept your offer, accept the offer, accept your proposal, move forward
moving forward, proceed, proceeding, ready to sign, send the contract, send us the contract
send over the contract, send me the contract, send the order form, send us the order form
send over the order form, send the paperwork, raise the order form, draft the contract, we choose you
we chose you, chosen you, picked you, selected you, go with you, going with you, went with you, decided for you
board approved, is approved, been approved, has approved, got approval, gave the green, signed off, po attached
purchase order, po is, want to buy, want to sign, ready to buy, please send the agreement, send the agreement
for signature, agreement to our legal, let us get started, let us proceed, happy with the offer
accept the quote, accepted your, approved the, approved your, got the approval, place the order, place an order
order it, we take it, we will take, want to go with, like to go with, like to proceed, like to order
we will sign, will sign the, happy to sign, sign this week, sign next week, sign on, welcome aboard
pull the trigger
"""),
    "negotiating": said.phrases("""
redlines, redline, redlined, red lines, markup, mark up, marked up, clause, clauses, payment terms, net 30
net 45, net 60, net 90, liability, legal review, legal is reviewing, legal has, our legal, our lawyers, lawyers
msa, dpa, discount, better price, come down on, match their, procurement is, contract draft, draft contract
amendments, amendment, negotiate, negotiating, negotiation, terms and conditions, contract terms
commercial terms, comments on the contract, changes to the contract, sla wording, indemnity
termination for convenience, volume pricing, price per seat down, procurement asked, procurement wants
procurement needs, payment term, 60 day, 30 day, 90 day, % off, multi year discount, sticking point, stuck on
fine print, wording, counter offer, counteroffer, counterproposal, haggle, concession, waive
data processing agreement, master agreement, vendor form, supplier form, vendor onboarding, security addendum
lower the price, percent off, price break, uplift cap, cap on, changes to section, changes to clause
"""),
    "pricing_question": said.phrases("""
price, prices, pricing, cost, costs, quote, quotation, how much, per seat, price list, rate card, fee, fees
a proposal, send * proposal, written proposal, formal proposal, an offer, your offer, a formal offer
what would it, what do you charge, you charge, budgetary, commercials, roi
"""),
    "demo_wanted": said.phrases("""
demo, demos, walkthrough, walk through, walk us through, walk me through, show us, show me, see it in action
could we see, can we see, can i see, could i see, like to see, love to see, want to see, seeing it, see * live
see the product, demonstration, see it live, see how it, see the tool, see the platform
"""),
    "evaluating": said.phrases("""
trial, pilot, testing, tested, evaluating, evaluation, evaluate, poc, proof of concept, sandbox, trying it
try it out, pilot group, try out, tested it, started testing, testing it, testing the, running a test
test phase, tests, criteria, scoring, scorecard, side by side, in the sandbox, hands on, evaluated
reviewing options, two vendors, three vendors, test it, comparing, shortlist, short list, shortlisted, assess
assessing, assessment, piloting, test account, benchmark
"""),
    "interested": said.phrases("""
interested, sounds good, sounds great, sounds interesting, like to understand, understand how, on your side
like to learn, tell me more, tell us more, learn more, know more, more details, more information, set up a call
set up a meeting, set up time, schedule a, schedule time, book a call, book a meeting, book time, let us talk
let us meet, let us speak, let us set, let us schedule, let us book, talk next, happy to chat, happy to talk
happy to meet, keen, love to, we want this, want this, we want to, curious, looks good, looks great
looks interesting, this is what we need, exactly what we need, what we need, what we are looking for, need this
yes please, looking for something, looking for a, timely, good timing, great timing, have budget
have the budget, budget is approved, i make the call, i decide, i sign off, decision maker, our requirements
requirements are, talk to you about, set something up, connect next, calendar, next steps, walk you through
available on, free on, would love, let me know when, when can we, count me in, bring my, loop in, speak soon
excited, definitely something, right up our, solves our, problem we have, pain point, struggling with
top priority, high priority, on our roadmap, need to solve, need to fix, urgently, urgent, solve this, fits our
find a time, have a call, jump on a call, hop on a call, speak to your, speak with your, meet you
"""),
}
EXPLICIT = (*_REFUSALS, "out_of_office", *_SIGNS)
"""Every intent that can be read from words, the strongest first."""
_BEFORE = 4
"""Words before a refusal within which a `not` turns it round."""
_TOLERANCE = Tolerance(wishes=True)


class Intent(NamedTuple):
    """What is signalled, how (`plain`, `hedged`, `denied`, `others`), and the sentence."""

    name: str
    how: str
    text: str


def intents(reading: Reading) -> list[Intent]:
    """Return what the buyer's side signals, in the order of the sentences; refusals before what they stand beside."""
    return [each for place in range(len(reading.sentences)) for each in _of(reading, place)]


def _of(reading: Reading, place: int) -> Iterator[Intent]:
    sentence = reading.sentences[place]
    if sentence.kind not in ("body", "turn") or sentence.side == "system":
        return
    refused = False
    for name, wanted in {**_REFUSALS, "out_of_office": _AWAY}.items():
        for start, end in said.places(sentence.words, wanted):
            how = _refusal(reading, place, start, end)
            if how is not None:
                refused = True
                yield Intent(name, how, sentence.text)
    if refused or (place not in reading.cited):
        return
    for name, wanted in _SIGNS.items():
        for start, end in said.places(sentence.words, wanted):
            how = meant(reading, place, start, end, _TOLERANCE)
            yield Intent(name, "plain" if how in ("plain", "confirmed", "requested") else how, sentence.text)


def _refusal(reading: Reading, place: int, start: int, end: int) -> str | None:
    """Return how a refusal is meant: `plain`, or None where it is denied itself or not the buyer's."""
    how = meant(reading, place, start, end, _TOLERANCE)
    if reading.sentences[place].side != "prospect":
        return "plain" if how == "confirmed" else None
    if how == "denied" and not said.has(
        reading.sentences[place].words[max(0, start - _BEFORE) : start], said.CORE_NEGATIONS
    ):
        # "It is shelved and we will not go on": the other no denies something else.
        return "plain"
    return None if how in ("denied", "others", "past") else "hedged" if how in ("hedged", "asked") else "plain"


def judge_stage(claim: Claim, reading: Reading, *, is_automatic: bool) -> tuple[Support, str | None]:
    """Return whether the words support a stage, and the intent that decides; None where nothing is explicit."""
    if is_automatic:
        return Support("silent", "an automatic reply says nothing of what the buyer wants"), "out_of_office"
    found = intents(reading)
    stage = str(claim.value).strip().lower()
    plain = [each for each in found if each.how == "plain"]
    for each in plain:
        if each.name in _REFUSALS:
            return _refused(claim, stage, each), each.name
    away = next((each for each in plain if each.name == "out_of_office"), None)
    if away:
        return Support("silent", f"the buyer is away: {_shown(away)}"), away.name
    return _signalled(claim, stage, found, plain)


def _refused(claim: Claim, stage: str, each: Intent) -> Support:
    if stage in claim.stages.get(each.name, ()):
        return Support("supports", f"{_spoken(each.name)}: {_shown(each)}")
    return Support("contradicts", f"{_spoken(each.name)}: {_shown(each)}")


def _signalled(claim: Claim, stage: str, found: list[Intent], plain: list[Intent]) -> tuple[Support, str | None]:
    denied = next((each for each in found if each.how == "denied"), None)
    fitting = next((each for each in plain if stage in claim.stages.get(each.name, ())), None)
    if fitting and not denied:
        return Support("supports", f"{_spoken(fitting.name)}: {_shown(fitting)}"), fitting.name
    if denied:
        return Support("contradicts", f"it is denied: {_shown(denied)}"), None
    hedged = next((each for each in found if each.how in ("hedged", "asked", "past")), None)
    if plain and stage in claim.stages.get("declined", ()):
        return Support("contradicts", f"{_spoken(plain[0].name)}: {_shown(plain[0])}"), plain[0].name
    if hedged:
        return Support("hedged", f"it is said with a reserve or a condition: {_shown(hedged)}"), None
    if plain:
        return Support("silent", f"{_spoken(plain[0].name)}, which does not stand for this stage"), plain[0].name
    return Support("silent", "nobody says what the buyer wants"), None


def judge_opt_out(claim: Claim, reading: Reading) -> Support:
    """Return whether the words ask for no more messages, as `true` says, or for none to be held back."""
    wants_out = claim.value is True or str(claim.value).strip().lower() == "true"
    found = [each for each in intents(reading) if each.name == "unsubscribe"]
    if any(each.how == "plain" for each in found):
        return Support("supports" if wants_out else "contradicts", f"it asks to be left alone: {_shown(found[0])}")
    if found:
        return Support("hedged", f"it is said with a reserve or a condition: {_shown(found[0])}")
    return Support("silent", "nobody says whether messages are wanted")


def _spoken(name: str) -> str:
    return f"the buyer's intent is `{name}`"


def _shown(each: Intent) -> str:
    return each.text[:160]
