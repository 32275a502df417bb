"""By which fields two records are compared, as one text whose digest tells whether any changed (HYG-3). Scores nothing.

The text has rules of its own, apart from the matching's: a release that normalizes better must not bring back every
pair that a person judged.
"""

from __future__ import annotations

COMPARED_FIELDS: dict[str, tuple[str, ...]] = {
    "contact": (
        "first_name",
        "last_name",
        "email",
        "phone",
        "mobile",
        "linkedin_url",
        "title",
        "company_id",
        "company_name",
        "city",
        "country",
    ),
    "company": (
        "name",
        "domain",
        "additional_domains",
        "website",
        "phone",
        "street",
        "city",
        "postal_code",
        "country",
        "external_id",
    ),
}
# What a longer value says behind this changes nobody's identity.
_MOST_CHARACTERS = 500
_SEPARATOR = "chr(31)"


def compared_text(object_name: str, fields: str) -> str:
    """Return the SQL of a record's compared values as one text; `fields` is the SQL of its JSON object.

    Case, accents, punctuation and space do not count: a phone number written otherwise is the same number.
    """
    paths = ", ".join(f"'$.{name}'" for name in COMPARED_FIELDS[object_name])
    values = f"json_extract_string({fields}, [{paths}])"
    cut = f"list_transform({values}, lambda value: left(coalesce(value, ''), {_MOST_CHARACTERS}))"
    folded = f"strip_accents(lower(nfc_normalize(array_to_string({cut}, {_SEPARATOR}))))"
    return f"regexp_replace({folded}, '[^\\p{{L}}\\p{{N}}\\x1f]+', '', 'g')"
