"""Mentions of a person's own job title, exactly: `VP IT` is not `VP IT Security`. Profiles: `records`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from wb_pipeline.evidence.support import phrases as said
from wb_pipeline.evidence.support.names_said import runs
from wb_pipeline.evidence.support.tokens import word_list
from wb_pipeline.evidence.support.weigh import Mention
from wb_pipeline.normalize.titles import written_out
from wb_pipeline.normalize.word_tables import word_set

if TYPE_CHECKING:
    from collections.abc import Callable

    from wb_pipeline.evidence.support.claim import Claim
    from wb_pipeline.evidence.support.sentence import Sentence

_FILL = word_set("of the and for a an to in at de der des du la le")
_TITLE_NOUNS = word_set("""
manager director head vice president chief officer lead leader engineer buyer specialist analyst consultant architect
administrator coordinator supervisor executive representative assistant developer founder owner partner principal
controller accountant planner designer scientist advisor adviser secretary professor nurse physician technician
operator foreman strategist recruiter counsel lawyer attorney treasurer dean chancellor superintendent
""")
_BEFORE = word_set("""
deputy assistant acting interim former vice associate junior senior co ex sub regional global group sr jr dep trainee
temporary incoming designate emeritus
""")
_MAY_FOLLOW = word_set("""
of at for in now here since from until and but who by with as on these this our we i so then effective starting to
the again today last two three yesterday recently after before when which earlier
""")
# A line of a signature or a short answer, and what narrows a title to one field: `IT`, `Human Resources`.
_LINE_WORDS = 12
_FIELD_WORDS = 2
_FIELD_LETTERS = 14
# Elsewhere these are all a vice president; here one is not the other.
_RANKED = {
    "avp": "assistant vp",
    "svp": "senior vp",
    "evp": "executive vp",
    "snr": "senior",
    "sr": "senior",
    "jr": "junior",
}
_ROLE = word_set("role title position job function")
_OWN = word_set("i my me myself")
_LEFT = said.phrases(
    "from head, moved from, promoted from, from being, stepped down as, left as, resigned as, retired as"
)
_PARTS = re.compile(r"\s*(?:\||/|,|;|·|•|\s-\s|\s@\s|\bat\b|\u2013|\u2014)\s*")


def title_key(text: str) -> list[str]:
    """Return a title's words in their order, abbreviations written out, fill words dropped, rank kept."""
    ranked = " ".join(_RANKED.get(word, word) for word in word_list(text))
    return [word for word in written_out(ranked) if word not in _FILL]


def same_title(one: str, other: str) -> bool:
    """Say whether two spellings are one title. Nothing is added or left out: a deputy is no head."""
    keys = title_key(one), title_key(other)
    return bool(keys[0]) and (
        keys[0] == keys[1] or (len(keys[0]) == len(keys[1]) and sorted(keys[0]) == sorted(keys[1]))
    )


def find_title(claim: Claim) -> Callable[[Sentence], list[Mention]]:
    """Return a finder of the title: in the signature of the person, or where the person speaks of itself."""
    wanted = str(claim.value)

    def find(sentence: Sentence) -> list[Mention]:
        answered = _answered(sentence, wanted)
        if answered:
            return answered
        if sentence.kind == "signature":
            return _in_signature(sentence, wanted, claim)
        lines = _looks_like_line(sentence, claim)
        return _in_signature(sentence, wanted, claim) if lines else _in_speech(sentence, wanted, claim)

    return find


def _answered(sentence: Sentence, wanted: str) -> list[Mention]:
    """Find the title where it alone answers what somebody's role is: "Plant manager, six years now."."""
    if not _ROLE & set(word_list(sentence.asked)):
        return []
    end = next((i for i, word in enumerate(sentence.words) if word in (",", ".", ";", "!", "and")), len(sentence.words))
    return [Mention(0, end, same=True)] if same_title(" ".join(sentence.words[:end]), wanted) else []


def _looks_like_line(sentence: Sentence, claim: Claim) -> bool:
    """Say whether a line of a body is one of a signature without its `--`: no verb, and a title or the person in it."""
    words = set(sentence.words)
    verbs = {
        "is",
        "am",
        "are",
        "was",
        "will",
        "have",
        "has",
        "need",
        "be",
        "do",
        "not",
        "can",
        "we",
        "i",
        "my",
        "you",
        "our",
        "run",
    }
    is_short = len(sentence.words) <= _LINE_WORDS and not sentence.text.rstrip().endswith(("?", "."))
    return (
        sentence.kind == "body"
        and is_short
        and not words & verbs
        and bool(words & _TITLE_NOUNS | words & set(title_key(str(claim.value))))
    )


def _in_signature(sentence: Sentence, wanted: str, claim: Claim) -> list[Mention]:
    """Compare each part of a line, and neighbouring parts together: `Director, Operations` is one title."""
    parts = [part for part in _PARTS.split(sentence.text) if part]
    everywhere = Mention(0, len(sentence.words), same=True)
    joined = [f"{a} {b}" for a, b in pairwise(parts)]
    candidates = [*parts, sentence.text, *joined]
    names = [word_list(name) for name in (claim.company_name or "", claim.person_name or "") if name]
    if any(same_title(_without(part, names), wanted) for part in candidates):
        longer = [each for each in joined if _extends(each, wanted, names)]
        return [everywhere if not longer else everywhere._replace(same=False)]
    is_title = any(set(title_key(_without(part, names))) & _TITLE_NOUNS for part in parts)
    return [everywhere._replace(same=False)] if is_title else []


def _extends(joined: str, wanted: str, names: list[list[str]]) -> bool:
    """Say whether the next part of the line narrows the title to one field: `VP, IT` read for `VP`."""
    rest = title_key(_without(joined, names))[len(title_key(wanted)) :]
    is_field = 1 <= len(rest) <= _FIELD_WORDS and all(len(word) <= _FIELD_LETTERS for word in rest)
    return len(title_key(wanted)) == 1 and is_field


def _without(part: str, names: list[list[str]]) -> str:
    words = word_list(part)
    for name in names:
        for start, end in reversed(runs(words, name)):
            del words[start:end]
    return " ".join(words)


def _in_speech(sentence: Sentence, wanted: str, claim: Claim) -> list[Mention]:
    key, words = title_key(wanted), sentence.words
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + 2 * len(key) + 4) + 1):
            if words[start] in _FILL or words[end - 1] in _FILL or title_key(" ".join(words[start:end])) != key:
                continue
            whose = _whose(sentence, start, claim)
            if whose == "other":
                return []
            is_exact = words[start - 1 : start][:1] not in ([w] for w in _BEFORE) and _ends(sentence, end)
            is_left = words[start - 1 : start] == ["from"] or said.has(words[max(0, start - 3) : start], _LEFT)
            return [Mention(start, end, same=is_exact, gone=is_left)]
    return _other_own_title(sentence, claim)


def _ends(sentence: Sentence, end: int) -> bool:
    """Say whether the title ends here: no further noun narrows it."""
    if end >= len(sentence.words):
        return True
    word = sentence.words[end]
    return not word.isalpha() or word in _MAY_FOLLOW


def _whose(sentence: Sentence, start: int, claim: Claim) -> str:
    """Say whose title it is: the speaker's own (`self`), that of the named person, or of somebody else."""
    before, after = sentence.words[:start], sentence.words[start:]
    if claim.person_name and set(word_list(claim.person_name)) & set(sentence.words):
        return "named"
    speaks_self = bool(_OWN & set(before[-8:])) or before[-1:] == ["as"] or (_OWN & set(after[-6:]) and not before)
    if sentence.is_question and sentence.side == "seller":
        return "self" if "you" in before or "your" in before else "other"
    is_report = (
        bool({"our", "his", "her", "their", "a", "report", "ask", "hiring"} & set(before[-3:]))
        and "am" not in before[-4:]
    )
    if not speaks_self or is_report:
        return "other"
    if claim.person_email and sentence.address and sentence.address != claim.person_email.strip().lower():
        return "other"
    return "self"


def _other_own_title(sentence: Sentence, claim: Claim) -> list[Mention]:
    """Find another title that the speaker claims: "I am the plant manager"."""
    words = sentence.words
    for place in range(len(words) - 1):
        if words[place : place + 2] == ["i", "am"] and _TITLE_NOUNS & set(
            title_key(" ".join(words[place + 2 : place + 8]))
        ):
            return (
                [Mention(place + 2, min(len(words), place + 5), same=False)]
                if _whose(sentence, place + 2, claim) != "other"
                else []
            )
    return []
