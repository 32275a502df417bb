"""How two contacts or leads compare: one comparison per source of evidence, so that nothing is counted twice.

The columns are those of `matching.contact_inputs`. Which pairs are compared at all is `contact_blocking`.
"""

from __future__ import annotations

from wb_pipeline.matching.models.comparison import Comparison, Level, either_null

# A given name agrees when one may stand for the other, Bob and Robert: `given_roots` holds a name and what it is short
# for.
_SAME_GIVEN = "list_has_any(given_roots_l, given_roots_r)"
_SAME_FAMILY = "(family_core_l = family_core_r or family_fold_l = family_fold_r)"
_INITIAL_ONLY = "(given_initial_l = given_initial_r and (length(given_l) = 1 or length(given_r) = 1))"


def _typos(column: str, most: int, least_length: int) -> str:
    """Return SQL for at most so many typing errors, in words long enough for that to mean something."""
    left, right = f"{column}_l", f"{column}_r"
    return (
        f"(least(length({left}), length({right})) >= {least_length}"
        f" and damerau_levenshtein(left({left}, 30), left({right}, 30)) <= {most})"
    )


NAME = Comparison(
    "name",
    either_null("given", "family"),
    (
        Level("same_name", "full_name_l = full_name_r", "same name", frequency_of="full_name"),
        Level(
            "short_form",
            f"{_SAME_GIVEN} and {_SAME_FAMILY}",
            "same name, one in short form",
            frequency_of="family_core",
        ),
        Level(
            "swapped",
            "name_key_l = name_key_r or (given_l = family_core_r and family_core_l = given_r)",
            "same names in another order",
            frequency_of="name_key",
        ),
        Level("initial", f"{_SAME_FAMILY} and {_INITIAL_ONLY}", "same surname and initial", frequency_of="family_core"),
        Level(
            "given_typo",
            f"{_SAME_FAMILY} and given_initial_l = given_initial_r and {_typos('given', 2, 4)}",
            "same surname, given name one or two letters apart",
            frequency_of="family_core",
        ),
        Level(
            "family_typo",
            f"{_SAME_GIVEN} and {_typos('family', 1, 4)}",
            "same given name, surname one letter apart",
            frequency_of="given_root",
        ),
        Level(
            "family_near",
            f"{_SAME_GIVEN} and {_typos('family', 2, 6)}",
            "same given name, surname two letters apart",
            frequency_of="given_root",
        ),
        Level(
            "family_part",
            f"{_SAME_GIVEN} and list_has_any(family_tokens_l, family_tokens_r)",
            "same given name, one part of the surname the same",
            frequency_of="given_root",
        ),
        Level(
            "initial_typo",
            f"{_INITIAL_ONLY} and {_typos('family', 1, 5)}",
            "same initial, surname one letter apart",
            frequency_of="given_initial",
        ),
        Level(
            "part_missing",
            f"(family_l is null or family_r is null) and {_SAME_GIVEN}"
            " or (given_l is null or given_r is null) and family_core_l = family_core_r",
            "the same as far as the names go",
            "weak",
        ),
        Level("other_given", _SAME_FAMILY, "same surname, another given name", "conflicts", frequency_of="family_core"),
        Level("other_family", _SAME_GIVEN, "same given name, another surname", "differs", frequency_of="given_root"),
    ),
    Level("different", "ELSE", "different names", "conflicts"),
)

_PERSONAL = "not (is_role_email_l or is_role_email_r)"
MAILBOX = Comparison(
    "mailbox",
    either_null("email"),
    (
        Level("same_mailbox", f"email_l = email_r and {_PERSONAL} and email_names_l <= 1", "same email address"),
        Level(
            "shared_mailbox",
            f"email_l = email_r and {_PERSONAL}",
            "same email address, which several people use",
            "weak",
        ),
        Level("same_role_mailbox", "email_l = email_r", "same mailbox of a role", "weak"),
        Level(
            "same_at_alias",
            f"local_letters_l = local_letters_r and mail_org_l = mail_org_r and {_PERSONAL}",
            "same mailbox name at another domain of the firm",
            frequency_of="local_letters",
        ),
        Level(
            "mailbox_typo",
            f"mail_org_l = mail_org_r and {_typos('email_local', 1, 5)} and {_PERSONAL}",
            "email address one character apart",
        ),
        Level(
            "same_local",
            f"local_letters_l = local_letters_r and length(local_letters_l) >= 6 and {_PERSONAL}",
            "same mailbox name at another domain",
            frequency_of="local_letters",
        ),
        Level(
            "role_at_firm",
            "mail_org_l = mail_org_r and (is_role_email_l or is_role_email_r)",
            "mail at the same firm, one of a role",
            "weak",
        ),
        Level(
            "other_pattern",
            "mail_org_l = mail_org_r and local_pattern_l <> local_pattern_r"
            " and local_pattern_l <> 'other' and local_pattern_r <> 'other'",
            "two spellings of the name at the same firm",
            "weak",
        ),
        Level("other_mailbox", "mail_org_l = mail_org_r", "different mailboxes at the same firm", "conflicts"),
        Level("same_label", "mail_label_l = mail_label_r", "mail domains that differ in the ending only", "weak"),
        Level("both_free", "is_free_email_l and is_free_email_r", "different private mailboxes", "differs"),
        Level("one_free", "is_free_email_l or is_free_email_r", "one private mailbox, one at work", "weak"),
    ),
    Level("other_firm", "ELSE", "mail at different firms", "differs"),
)

PHONE = Comparison(
    "phone",
    either_null("phones"),
    (
        Level("own_phone", "list_has_any(own_phones_l, own_phones_r)", "same phone, which nobody else uses"),
        Level("same_mobile", "mobile_l = mobile_r", "same mobile"),
        Level(
            "same_tail",
            "list_has_any(phone_tails_l, phone_tails_r) and not list_has_any(phones_l, phones_r)",
            "phones that end alike, under different country or area codes",
            "weak",
        ),
        Level("few_phone", "list_has_any(few_phones_l, few_phones_r)", "same phone, which a few people share", "weak"),
        Level("shared_phone", "list_has_any(phones_l, phones_r)", "same switchboard", "weak"),
        Level("other_mobile", "mobile_l <> mobile_r", "different mobiles", "conflicts"),
        Level("same_exchange", "left(phone_l, 9) = left(phone_r, 9)", "phones of one exchange", "weak"),
    ),
    Level("other_phone", "ELSE", "different phones", "differs"),
)

LINKEDIN = Comparison(
    "linkedin",
    either_null("linkedin_slug"),
    (
        Level("same_profile", "linkedin_slug_l = linkedin_slug_r", "same LinkedIn profile"),
        Level("same_stem", "linkedin_stem_l = linkedin_stem_r", "LinkedIn profiles of the same name", "weak"),
    ),
    Level("other_profile", "ELSE", "different LinkedIn profiles", "conflicts"),
)

EMPLOYER = Comparison(
    "employer",
    either_null("orgs", "employers"),
    (
        Level("same_company", "company_id_l = company_id_r", "attached to the same company"),
        Level("same_org", "list_has_any(orgs_l, orgs_r)", "same employer by domain", frequency_of="main_org"),
        Level(
            "same_employer",
            "list_has_any(employers_l, employers_r)",
            "same employer by name",
            frequency_of="employer_joined",
        ),
        Level(
            "like_employer",
            "jaro_winkler_similarity(employer_joined_l, employer_joined_r) >= 0.92"
            " or starts_with(employer_joined_l, employer_joined_r) or starts_with(employer_joined_r, employer_joined_l)"
            " or employer_acronym_l = employer_joined_r or employer_acronym_r = employer_joined_l",
            "employers of like names",
            "weak",
        ),
        Level(
            "half_employer", "list_has_any(employer_tokens_l, employer_tokens_r)", "employers that share a word", "weak"
        ),
        Level(
            "by_one_sign",
            "(orgs_l is null) <> (orgs_r is null) or (employers_l is null) <> (employers_r is null)",
            "employers that cannot be compared",
            "weak",
        ),
    ),
    Level("other_employer", "ELSE", "different employer", "differs"),
)

TITLE = Comparison(
    "title",
    either_null("title_key"),
    (
        Level("same_title", "title_key_l = title_key_r", "same title", frequency_of="title_key"),
        Level("like_title", "list_has_any(title_tokens_l, title_tokens_r)", "titles that share a word", "weak"),
    ),
    Level("other_title", "ELSE", "different title", "differs"),
)

PLACE = Comparison(
    "place",
    either_null("city", "country"),
    (
        Level("same_city", "city_l = city_r", "same city", frequency_of="city"),
        Level("other_city", "city_l <> city_r and coalesce(country_l = country_r, true)", "different city", "differs"),
        Level("same_country", "country_l = country_r", "same country", "weak"),
        Level("one_sign", "country_l is null or country_r is null", "places that cannot be compared", "weak"),
    ),
    Level("other_country", "ELSE", "different country", "differs"),
)

COMPARISONS = (NAME, MAILBOX, PHONE, LINKEDIN, EMPLOYER, TITLE, PLACE)
