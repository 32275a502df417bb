"""Mentions of what a company does, in the words of an industry. The policy's own mappings come first, in `judge`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wb_pipeline.evidence.support.tokens import word_list
from wb_pipeline.evidence.support.weigh import Mention
from wb_pipeline.evidence.support.wordings import wordings_of
from wb_pipeline.normalize.word_tables import spellings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from wb_pipeline.evidence.support.claim import Claim
    from wb_pipeline.evidence.support.sentence import Sentence

_SELF_NAMES = spellings_of(wordings_of("industries"))
_OF_US = "we are|we have been|i am with|i work for|as|we run|we operate|we own"
_ARTICLE = (
    r"(?: still| basically| essentially| primarily| mainly| simply| just| now| today| first of all)?(?: an| a| the)?"
)
_GROUPS = r"(?: (?:\w+ )?(?:group|chain|network|family|pair|association|cooperative|federation|collection) of)?"
_BETWEEN = r"(?: (?!of|for|to|by|with|in|at|and|from|near|beside|next|whose)[^\W\d]+){0,3}"


def find_industry(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of "we are a bank", "as an insurer we", "Fenwold is a university", of the claimed industry."""
    names = sorted({name for word in word_list(str(claim.value)) for name in _SELF_NAMES.get(word, ())})
    own = "|".join(re.escape(word) for word in word_list(claim.company_name or "")) or "(?!)"
    told = "|".join(re.escape(name) for name in names) or "(?!)"
    pattern = re.compile(
        rf"(?:^| )(?:{_OF_US}|(?:{own}) is|(?:{own}) are){_ARTICLE}{_GROUPS}{_BETWEEN} (?:{told})(?= |$)"
    )
    subject = re.compile(rf"(?:^| )(?:we|our|us|{own})(?= |$)")

    def find(sentence: Sentence) -> list[Mention]:
        """Mention the industry where a sentence says that the company is in it."""
        line = " ".join(sentence.words)
        found = pattern.search(line)
        if found is None or not subject.search(line):
            return []
        start = len(line[: found.start()].split())
        return [Mention(start, start + len(found.group().split()), same=True)]

    return find
