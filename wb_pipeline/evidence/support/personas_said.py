"""Mentions of the part that a person plays in a purchase: who decides, who argues for it, who uses it. No titles."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from wb_pipeline.evidence.support.tokens import word_list
from wb_pipeline.evidence.support.weigh import Mention
from wb_pipeline.evidence.support.wordings import families

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from wb_pipeline.evidence.support.claim import Claim
    from wb_pipeline.evidence.support.sentence import Sentence


def find_persona(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of sentences in which the person says of itself what the persona stands for."""
    words = word_list(str(claim.value).replace("_", " "))
    patterns = [pattern for word in words for pattern in _by_word().get(word, ())]

    def find(sentence: Sentence) -> list[Mention]:
        line = " ".join(word for word in sentence.words if word[:1].isalnum())
        places = [i for i, word in enumerate(sentence.words) if word[:1].isalnum()]
        found = next((match for pattern in patterns if (match := pattern.search(line))), None)
        if found is None:
            return []
        start = len(line[: found.start()].split())
        end = start + len(found.group().split())
        return [Mention(places[start], places[end - 1] + 1, same=True)]

    return find


@cache
def _by_word() -> dict[str, list[re.Pattern[str]]]:
    made: dict[str, list[re.Pattern[str]]] = {}
    for head, pattern in families("personas"):
        for word in head.split():
            made.setdefault(word, []).append(pattern)
    return made
