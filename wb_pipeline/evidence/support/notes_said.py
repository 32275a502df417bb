"""What evidence says of a note, statement by statement. Contradiction is what is looked for: a note may say more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wb_pipeline.evidence.support import phrases as said
from wb_pipeline.evidence.support.claim import Support
from wb_pipeline.evidence.support.content import content
from wb_pipeline.evidence.support.quantities import quantities
from wb_pipeline.evidence.support.stance import Tolerance
from wb_pipeline.evidence.support.tokens import sentences, tokens, word_list
from wb_pipeline.evidence.support.weigh import weigh
from wb_pipeline.evidence.support.words_said import find_text, wanted_of
from wb_pipeline.normalize.word_tables import word_set

if TYPE_CHECKING:
    from wb_pipeline.evidence.support.claim import Claim
    from wb_pipeline.evidence.support.sentence import Reading

MAX_STATEMENTS = 60
"""Statements of a note that are compared; what comes after them is not."""
_SHARE = 0.6
_LEAST_NUMBER = 20
_LEAST_WORDS = 2
# Who reports and how is the note's own frame; evidence never says it.
_FRAME = word_set("""
said say says confirmed confirm mentioned mention told stated state noted note prospect customer client buyer contact
lead call meeting discussed explained reported asked want they he she well went today currently
""")
_PARTS = re.compile(r"(?:;|,\s+(?:and|but)\s|,\s|\s(?:and|but)\s)")


def judge_note(claim: Claim, reading: Reading) -> Support:
    """Return what the sentences say of a note: one contradicted statement contradicts it, a hedged one hedges it."""
    known = frozenset(word_list(f"{claim.company_name or ''} {claim.person_name or ''}")) | _FRAME
    found = [_of_statement(each, reading, known) for each in _statements(str(claim.value))]
    for verdict in ("contradicts", "hedged", "supports"):
        first = next((each for each in found if each.verdict == verdict), None)
        if first is not None and verdict == "supports" and not _has_numbers(str(claim.value), reading):
            return Support("silent", "what is cited does not say a number of the note")
        if first is not None:
            return first
    return Support("silent", "what is cited says nothing of what the note says")


def _has_numbers(note: str, reading: Reading) -> bool:
    """Say whether each larger number of a note is said, or lies in what is said; small ones are often only counted."""
    wanted = [each for each in quantities(word_list(note)) if each.low >= _LEAST_NUMBER]
    told = [each for sentence in reading.sentences for each in quantities(sentence.words)]
    return all(any(one.low <= each.low and each.high <= one.high for one in told) for each in wanted)


def _of_statement(statement: str, reading: Reading, known: frozenset[str]) -> Support:
    wanted = wanted_of(statement, known_names=known)
    if len(wanted.soft) + len(wanted.numbers) + len(wanted.names) < _LEAST_WORDS:
        return Support("silent", "")
    tolerance = Tolerance(wishes=True, past=True, ignore=wanted.ignored, keeps_span=True, sellers=True)
    found = weigh(reading, find_text(wanted, _SHARE), tolerance, is_denial=wanted.is_denial)
    if found.verdict == "supports" and not said.has(word_list(statement), said.PAST):
        # What was so once supports no note that says that it is so; it objects as before.
        now = weigh(reading, find_text(wanted, _SHARE), tolerance._replace(past=False), is_denial=wanted.is_denial)
        found = found if now.verdict == "supports" else now
    own = [token.word for token in tokens(statement) if token.text != "May"]
    is_reserved = said.has(own, said.HEDGES) or said.has(own, said.CONDITIONS)
    return Support("supports", found.reason) if found.verdict == "hedged" and is_reserved else found


def _statements(note: str) -> list[str]:
    """Return the statements of a note: its sentences, parted at `and` where both parts say something."""
    made: list[str] = []
    for sentence in sentences(note)[:MAX_STATEMENTS]:
        parts = [part for part in _PARTS.split(sentence) if part.strip()]
        is_parted = len(parts) > 1 and all(len(content(word_list(part))) >= _LEAST_WORDS for part in parts)
        made += parts if is_parted else [sentence]
    return made[:MAX_STATEMENTS]
