"""How two companies compare: one comparison per source of evidence.

The columns are those of `matching.company_inputs`. Which pairs are compared at all is `company_blocking`.
"""

from __future__ import annotations

from wb_pipeline.matching.models.comparison import Comparison, Level, either_null

_SHORTER = "least(length(name_joined_l), length(name_joined_r))"


def _typos(most: int, least_length: int) -> str:
    return (
        f"({_SHORTER} >= {least_length}"
        f" and damerau_levenshtein(left(name_joined_l, 40), left(name_joined_r, 40)) <= {most})"
    )


NAME = Comparison(
    "name",
    either_null("name_joined"),
    (
        Level("other_number", "sequence_mark_l <> sequence_mark_r", "names that count on: II and III", "conflicts"),
        Level("same_name", "name_core_l = name_core_r", "same name", frequency_of="name_core"),
        Level(
            "same_letters",
            "name_joined_l = name_joined_r",
            "same name, written apart or together",
            frequency_of="name_joined",
        ),
        Level(
            "acronym",
            "length(name_joined_l) >= 3 and name_joined_l = name_acronym_r"
            " or length(name_joined_r) >= 3 and name_joined_r = name_acronym_l",
            "one name is made of the other's initials",
        ),
        Level("name_typo", _typos(1, 5), "names one letter apart", frequency_of="name_head"),
        Level(
            "name_within",
            "list_has_all(name_tokens_l, name_tokens_r) or list_has_all(name_tokens_r, name_tokens_l)"
            f" or {_SHORTER} >= 5 and (starts_with(name_joined_l, name_joined_r)"
            " or starts_with(name_joined_r, name_joined_l))",
            "one name is the other with a word more",
            frequency_of="name_head",
        ),
        Level("name_near", _typos(2, 9), "names two letters apart", frequency_of="name_head"),
        Level("short_words", "name_heads_l = name_heads_r", "same words, one abbreviated", frequency_of="name_head"),
        Level(
            "other_word",
            "name_head_l = name_head_r",
            "names that begin alike, with another word behind",
            "conflicts",
            frequency_of="name_head",
        ),
        Level("shared_word", "list_has_any(name_tokens_l, name_tokens_r)", "names that share a word", "differs"),
    ),
    Level("different", "ELSE", "different names", "differs"),
)

DOMAIN = Comparison(
    "domain",
    either_null("orgs"),
    (
        Level("same_domain", "org_l = org_r", "same domain", frequency_of="org"),
        Level("same_mail_domain", "list_has_any(orgs_l, orgs_r)", "the people of one write from the other's domain"),
        Level("same_label", "domain_label_l = domain_label_r", "domains that differ in the ending only", "weak"),
        Level("lookalike", "domain_skeleton_l = domain_skeleton_r", "domains that look alike", "weak"),
        Level(
            "label_typo",
            "least(length(domain_label_l), length(domain_label_r)) >= 5"
            " and damerau_levenshtein(left(domain_label_l, 40), left(domain_label_r, 40)) <= 1",
            "domains one letter apart",
            "weak",
        ),
        Level(
            "label_within",
            "least(length(domain_label_l), length(domain_label_r)) >= 4"
            " and (starts_with(domain_label_l, domain_label_r) or starts_with(domain_label_r, domain_label_l))",
            "one domain is the other with something behind",
            "weak",
        ),
    ),
    Level("other_domain", "ELSE", "different domains", "conflicts"),
)

PHONE = Comparison(
    "phone",
    either_null("phones"),
    (
        Level("own_phone", "list_has_any(own_phones_l, own_phones_r)", "same phone, which no other firm uses"),
        Level("shared_phone", "list_has_any(phones_l, phones_r)", "same phone, which several firms share", "weak"),
        Level("same_exchange", "left(phone_l, 9) = left(phone_r, 9)", "phones of one exchange", "weak"),
    ),
    Level("other_phone", "ELSE", "different phones", "differs"),
)

ADDRESS = Comparison(
    "address",
    either_null("postal_code", "street"),
    (
        Level(
            "same_address",
            "house_number_l = house_number_r and (postal_code_l = postal_code_r and street_l = street_r)",
            "same address",
            frequency_of="address_key",
        ),
        Level(
            "same_door",
            "house_number_l = house_number_r and postal_code_l = postal_code_r",
            "same postcode and house number",
            frequency_of="address_key",
        ),
        Level(
            "same_street",
            "house_number_l = house_number_r and jaro_winkler_similarity(street_l, street_r) >= 0.9",
            "same street and house number",
        ),
        Level("same_postcode", "postal_code_l = postal_code_r", "same postcode", "weak"),
        Level(
            "address_unknown",
            "postal_code_l is null or postal_code_r is null",
            "addresses that cannot be compared",
            "weak",
        ),
        Level("near_postcode", "left(postal_code_l, 3) = left(postal_code_r, 3)", "postcodes nearby", "weak"),
    ),
    Level("other_address", "ELSE", "different address", "differs"),
)

PLACE = Comparison(
    "place",
    either_null("city", "region", "country"),
    (
        Level("same_city", "city_l = city_r", "same city", frequency_of="city"),
        Level("other_city", "city_l <> city_r and coalesce(country_l = country_r, true)", "different city", "differs"),
        Level("same_country", "country_l = country_r", "same country", "weak"),
        Level("one_sign", "country_l is null or country_r is null", "places that cannot be compared", "weak"),
    ),
    Level("other_country", "ELSE", "different country", "conflicts"),
)

INDUSTRY = Comparison(
    "industry",
    either_null("industry"),
    (Level("same_industry", "industry_l = industry_r", "same industry", "weak"),),
    Level("other_industry", "ELSE", "different industry", "differs"),
)

LEGAL_FORM = Comparison(
    "legal_form",
    either_null("legal_form"),
    (Level("same_form", "legal_form_l = legal_form_r", "same legal form", "weak"),),
    Level("other_form", "ELSE", "different legal form", "differs"),
)

SIZE = Comparison(
    "size",
    either_null("employees"),
    (
        Level("same_size", "abs(ln(1 + employees_l) - ln(1 + employees_r)) <= 0.1", "same number of employees"),
        Level("like_size", "abs(ln(1 + employees_l) - ln(1 + employees_r)) <= 0.7", "firms of like size", "weak"),
    ),
    Level("other_size", "ELSE", "firms of different size", "differs"),
)

COMPARISONS = (NAME, DOMAIN, PHONE, ADDRESS, PLACE, INDUSTRY, LEGAL_FORM, SIZE)
