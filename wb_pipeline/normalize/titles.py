"""What a job title says about the work, as a key: rank set aside, abbreviations written out, order of words ignored."""

from __future__ import annotations

from wb_pipeline.normalize.letters import MAX_TOKENS, words
from wb_pipeline.normalize.word_tables import by_spelling, word_set

_WRITTEN_OUT = by_spelling("""
vice president: vp, svp, evp, avp
chief executive officer: ceo
chief technology officer: cto
chief financial officer: cfo
chief operating officer: coo
chief marketing officer: cmo
chief information officer: cio
chief product officer: cpo
chief revenue officer: cro
chief human resources officer: chro
chief information security officer: ciso
chief security officer: cso
chief data officer: cdo
manager: mgr, mngr, gerente
director: dir, directeur
managing director: md, geschaftsfuhrer
general manager: gm
engineer: eng, engr, engineering
developer: dev
administrator: admin
assistant: asst
executive: exec
representative: rep
account: acct
marketing: mktg
operations: ops
human resources: hr
information technology: it
finance: fin
business development: bd
business: biz
project manager: pm
quality assurance: qa
supervisor: supv
coordinator: coord
specialist: spec
technology: tech
software engineer: swe
executive assistant: ea
personal assistant: pa
public relations: pr
user experience: ux
department: dept
international: intl
management: mgmt
president: pres
services: svcs
head: leiter
""")
_RANK = word_set("""
a and associate at de der des for fur global group i ii iii in interim iv jr junior lead of principal senior
snr sr staff the to und y
""")


def written_out(text: str) -> list[str]:
    """Return a title's words in their order with abbreviations written out; rank and fill words stay."""
    return " ".join(_WRITTEN_OUT.get(word, word) for word in words(text)).split()


def title_words(text: str) -> list[str]:
    """Return a title's words, sorted, without rank and fill words; all of them where nothing else is left."""
    spelled = written_out(text)
    kept = {word for word in spelled if word not in _RANK}
    return sorted(kept or set(spelled))[:MAX_TOKENS]
