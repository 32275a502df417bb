"""Countries by any common spelling, and words that tell where a branch sits. Cities are not looked up."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from wb_pipeline.normalize.letters import latin, words
from wb_pipeline.normalize.word_tables import by_spelling, word_set

# Languages in which countries are read; the library's names cover about 250 regions in each.
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "no", "fi", "cs", "tr", "ru", "ja", "zh")
_MORE_SPELLINGS = by_spelling("""
US: u s, us of a, america, united states of america, estados unidos, the states
GB: uk, u k, great britain, britain, england, scotland, wales, northern ireland
NL: holland, netherland, nederland
CZ: czech republic, czechia, cesko, ceska republika
IN: bharat, republic of india
ES: espana, kingdom of spain
DE: brd, federal republic of germany
IE: eire, republic of ireland
KR: korea, south korea, republic of korea
RU: russia, russian federation
AE: uae, emirates, united arab emirates
CN: prc, mainland china, peoples republic of china
TR: turkiye, turkey
VN: viet nam, vietnam
BE: belgie, belgique
CH: schweiz, suisse, svizzera
AT: osterreich, oesterreich
NO: norge
SE: sverige
DK: danmark
FI: suomi
PL: polska
BR: brasil
SA: ksa
MX: mexico
JP: nippon
IT: italia
HK: hongkong
""")
_ISO_3166_ALPHA_3 = """
ARE:AE ARG:AR AUS:AU AUT:AT BEL:BE BGD:BD BGR:BG BHR:BH BLR:BY BOL:BO BRA:BR CAN:CA CHE:CH CHL:CL CHN:CN CIV:CI
CMR:CM COL:CO CRI:CR CYP:CY CZE:CZ DEU:DE DNK:DK DOM:DO DZA:DZ ECU:EC EGY:EG ESP:ES EST:EE ETH:ET FIN:FI FRA:FR
GBR:GB GEO:GE GHA:GH GRC:GR GTM:GT HKG:HK HND:HN HRV:HR HUN:HU IDN:ID IND:IN IRL:IE IRN:IR IRQ:IQ ISL:IS ISR:IL
ITA:IT JAM:JM JOR:JO JPN:JP KAZ:KZ KEN:KE KHM:KH KOR:KR KWT:KW LBN:LB LIE:LI LKA:LK LTU:LT LUX:LU LVA:LV MAC:MO
MAR:MA MCO:MC MDA:MD MEX:MX MKD:MK MLT:MT MMR:MM MNE:ME MNG:MN MUS:MU MYS:MY NGA:NG NIC:NI NLD:NL NOR:NO NPL:NP
NZL:NZ OMN:OM PAK:PK PAN:PA PER:PE PHL:PH POL:PL PRI:PR PRT:PT PRY:PY QAT:QA ROU:RO RUS:RU SAU:SA SEN:SN SGP:SG
SLV:SV SRB:RS SVK:SK SVN:SI SWE:SE THA:TH TTO:TT TUN:TN TUR:TR TWN:TW TZA:TZ UGA:UG UKR:UA URY:UY USA:US UZB:UZ
VEN:VE VNM:VN ZAF:ZA ZMB:ZM ZWE:ZW
"""
_LONGEST_CODE = 3
_NO_LETTER = re.compile(r"[^a-z]+")
_REGIONS = word_set("""
africa americas anz apac asia benelux california dach emea eu europe iberia latam mea mena nordic nordics
scandinavia texas uki
""")
# Countries whose names people and things bear.
_PEOPLE_TOO = frozenset(
    {(n,) for n in ("chad", "georgia", "guinea", "jersey", "jordan", "mali", "montserrat", "niger")}
)
# Branches are named after them: the largest, and those that firms' names end in.
_CITIES = """
amsterdam antwerp athens atlanta austin bangalore bangkok barcelona basel beijing bengaluru berlin birmingham bologna
bordeaux boston bristol brno brussels bucharest budapest calgary cambridge charlotte chennai chicago cleveland cologne
columbus copenhagen dallas delhi denver detroit dubai dublin dusseldorf edinburgh eindhoven florence frankfurt geneva
glasgow gothenburg hamburg helsinki houston hyderabad istanbul jakarta johannesburg kolkata krakow leeds leipzig lille
lima lisbon liverpool london lyon madrid malaga manchester manila marseille melbourne miami milan milano minneapolis
montreal moscow mumbai munchen munich nantes naples nashville nyc oslo ottawa oxford paris perth philadelphia phoenix
pittsburgh portland porto prague pune raleigh rome roma rotterdam sacramento seattle seoul seville shanghai shenzhen
sf singapore stockholm stuttgart sydney tampa tokyo toronto toulouse turin utrecht valencia vancouver vienna warsaw
wien zurich
"""
_LONG_CITIES = (
    *("new york", "new delhi", "san francisco", "los angeles", "san diego", "san jose", "salt lake city"),
    *("kansas city", "hong kong", "the hague", "den haag", "las vegas", "rio de janeiro", "sao paulo"),
    *("mexico city", "buenos aires", "silicon valley", "bay area", "north america", "new york city"),
)


@lru_cache(maxsize=65_536)
def country_code(text: str) -> str | None:
    """Return ISO 3166-1 alpha-2 (`GB`) for a country's name, code or usual spelling in 17 languages, or None."""
    letters = _NO_LETTER.sub(" ", latin(text).replace(".", "").replace("'", "")).strip()
    bare = letters.removeprefix("the ")
    joined = bare.replace(" ", "")
    # `N/A` is not Namibia.
    return _codes().get(bare) or (_codes().get(joined) if len(joined) > _LONGEST_CODE else None)


@cache
def branch_places() -> frozenset[tuple[str, ...]]:
    """Return the places, as tuples of words, that a firm's name may end in to say which branch it is."""
    codes = {("us",), ("usa",), ("uk",), ("uae",), ("de",), ("nl",), ("es",), ("fr",)}
    countries = {tuple(words(name)) for name in _codes() if len(name) > _LONGEST_CODE}
    places = {tuple(words(place)) for place in (*_CITIES.split(), *_LONG_CITIES, *_REGIONS)}
    return frozenset(codes | countries | places) - _PEOPLE_TOO


@cache
def _codes() -> dict[str, str]:
    """Return spelling (lower-case letters and blanks) -> alpha-2."""
    from phonenumbers.geodata.locale import LOCALE_DATA

    found: dict[str, str] = {}
    for code, names in LOCALE_DATA.items():
        found[code.lower()] = code
        for name in {_name(names, language) for language in _LANGUAGES} - {""}:
            found.setdefault(_NO_LETTER.sub(" ", latin(name).replace("'", "")).strip(), code)
    found |= {pair[:3].lower(): pair[4:] for pair in _ISO_3166_ALPHA_3.split()}
    return found | _MORE_SPELLINGS | {name.replace(" ", ""): code for name, code in _MORE_SPELLINGS.items()}


def _name(names: dict[str, str], language: str) -> str:
    """Return a country's name; the library writes `*en` for "as in that language"."""
    name = names.get(language, "")
    return str(names.get(name[1:], "")) if name.startswith("*") else name
