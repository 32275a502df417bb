"""Legal forms at the end or the beginning of a firm's name, and the class that their spellings share."""

from __future__ import annotations

from functools import cache

from cleanco import termdata  # type: ignore[import-untyped]  # it has no types

from wb_pipeline.normalize.letters import latin, words
from wb_pipeline.normalize.word_tables import spellings_of, word_set

# Class -> spellings without dots. The spellings of all other countries are the library's.
_CLASSES = spellings_of("""
ag: ag, aktiengesellschaft
ab: ab, aktiebolag, publ ab, ab publ
aps: aps, anpartsselskab
as: as, a s, aksjeselskap, aktieselskab
bv: bv, b v, besloten vennootschap, bvba, srl bv
corp: inc, incorporated, corp, corporation, incorp
cooperative: coop, eg, scop
doo: doo, d o o
eu: eu, e u, ek, e k
gmbh: gmbh, mbh, ges mbh, gesmbh, gesellschaft mit beschrankter haftung, gesellschaft mbh, ggmbh
gmbh kg: gmbh co kg, gmbh und co kg, gmbh and co kg, gmbh cokg, ag co kg, se co kg, gmbh co kgaa, mbh co kg
ivs: ivs
kft: kft
kg: kg, kommanditgesellschaft, co kg, und co kg
kgaa: kgaa, ag co kgaa
kk: kk, k k, kabushiki kaisha, kabushiki gaisha, co ltd kk
llc: llc, l l c, limited liability company, limited liability co, pllc
llp: llp, l l p, limited liability partnership, lllp
lp: lp, l p, limited partnership
ltd: ltd, limited, co ltd, company limited, co limited, ltd co, limited company
ltda: ltda, limitada, eireli, ltda me
nv: nv, n v, naamloze vennootschap
ohg: ohg, offene handelsgesellschaft
ooo: ooo, o o o
oy: oy, oyj, osakeyhtio, oy ab
plc: plc, p l c, public limited company
pty: pty, pty ltd, pty limited, proprietary limited, proprietary ltd
pvt: pvt ltd, pvt limited, private limited, private ltd, pvt, p ltd, pte ltd, pte, pte limited
sa: sa, s a, sociedad anonima, societe anonyme, sociedade anonima, sa de cv, sab de cv
sarl: sarl, s a r l, societe a responsabilite limitee, eurl
sas: sas, sasu, s a s, societe par actions simplifiee
se: se, societas europaea
sl: sl, s l, slu, sociedad limitada, sociedad de responsabilidad limitada, srl de cv, s de rl de cv
snc: snc, s n c
spa: spa, s p a, societa per azioni
spzoo: sp z oo, sp zoo, spolka z oo, spolka z ograniczona odpowiedzialnoscia, sp z o o
spolka akcyjna: spolka akcyjna
srl: srl, s r l, societa a responsabilita limitata, srls
sro: sro, s r o, spol s r o, spol sro
ug: ug, ug haftungsbeschrankt, unternehmergesellschaft
vof: vof
uab: uab
zao: zao, oao, pao, ao
""")
_AT_THE_FRONT = frozenset({"ooo", "oao", "zao", "pao", "ao", "uab", "pt", "kk", "ab", "sia"})
# Forms that say nothing of their kind, and words that the library counts as forms but firms use as names.
_PLAIN = frozenset({("co",), ("company",), ("and", "co"), ("cie",), ("and", "company")})
_NO_FORMS = word_set("""
aat ad adsitz ae at ay ba bank bl bm ca cc cic cio company cooperative corp cpt da dat dd de dno ec ee eg ei el ent
ep es et etat ev fa ges gp group hf hold holding holdings ij ik in international it ks kv mb me mo nl no od oe ok
ong or pc pp private ps pt qk rt sc sca sd sem sep ses sf sha sp ss tapui teo the tm to tov trust ud uk up us vat
""")
_LONGEST = 7


def strip_legal_forms(found: list[str]) -> tuple[list[str], str | None]:
    """Return a name's words without legal forms, and the class of the last one; never without any word.

    `["acme", "gmbh", "co", "kg"]` is `(["acme"], "gmbh kg")`. A bare `co` is dropped and has no class.
    """
    rest, form = list(found), None
    while True:
        size = _ending(rest)
        if not size:
            break
        form = form or _forms()[tuple(rest[-size:])]
        rest = rest[:-size]
    if len(rest) > 1 and rest[0] in _AT_THE_FRONT:
        form = form or _forms().get((rest[0],)) or rest[0]
        rest = rest[1:]
    return rest, form


def _ending(found: list[str]) -> int:
    """Return how many words at the end are one legal form: the longest that leaves a word over."""
    if not found or found[-1] not in _last_words():
        return 0
    sizes = range(min(_LONGEST, len(found) - 1), 0, -1)
    return next((size for size in sizes if tuple(found[-size:]) in _forms()), 0)


@cache
def _last_words() -> frozenset[str]:
    return frozenset(form[-1] for form in _forms())


@cache
def _forms() -> dict[tuple[str, ...], str | None]:
    """Return legal form as words -> its class; None = a form without a class."""
    found: dict[tuple[str, ...], str | None] = {}
    for terms in (*termdata.terms_by_type.values(), *termdata.terms_by_country.values()):
        for term in terms:
            for spelling in (tuple(words(term.replace(".", ""))), tuple(words(latin(term)))):
                if spelling and not (len(spelling) == 1 and (spelling[0] in _NO_FORMS or len(spelling[0]) == 1)):
                    found[spelling] = "".join(spelling)
    for form, spellings in _CLASSES.items():
        found |= {tuple(spelling.split()): form for spelling in spellings}
    return found | dict.fromkeys(_PLAIN)
