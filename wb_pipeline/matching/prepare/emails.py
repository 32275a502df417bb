"""SQL of email addresses and profile addresses; only those out of the ordinary are read one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from email_validator import SPECIAL_USE_DOMAIN_NAMES

from wb_pipeline.matching.prepare import readings
from wb_pipeline.matching.prepare.lookups import write_lookup
from wb_pipeline.normalize.emails import ROLE_NAMES, normalize_email

if TYPE_CHECKING:
    import duckdb

_RESERVED = "|".join(sorted(name for name in SPECIAL_USE_DOMAIN_NAMES if "." not in name))
# What normalize_email gives back unchanged but for the letters' case; a test holds the two together.
IS_PLAIN_EMAIL = (
    r"(regexp_full_match(lower(email), '[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z]{2,63}')"
    " and length(email) <= 100 and strpos(email, '@') <= 65"
    f" and not regexp_matches(lower(email), '[.](?:{_RESERVED})$'))"
)
_ODD_EMAILS = f"select distinct email from preparing_given where email is not null and not {IS_PLAIN_EMAIL}"  # noqa: S608 - ours
_PATH = r"regexp_extract(lower(linkedin_url), '/(?:in|pub)/([^/?#]+)', 1)"
LINKEDIN_PATH = (
    f"coalesce(nullif({_PATH}, ''), nullif(regexp_extract(lower(linkedin_url), '^(?:in/)?([^/?#.:@ ]+)/?$', 1), ''))"
)
IS_PLAIN_SLUG = f"regexp_full_match({LINKEDIN_PATH}, '[a-z0-9][a-z0-9-]*[a-z0-9]')"
_ODD_SLUGS = f"""
select distinct {LINKEDIN_PATH} as path from preparing_given
where {LINKEDIN_PATH} is not null and not {IS_PLAIN_SLUG}
"""  # noqa: S608 - expressions of ours


def write_odd_addresses(con: duckdb.DuckDBPyConnection) -> None:
    """Write the temporary tables `preparing_odd_emails` (email -> key) and `preparing_odd_slugs` (path -> slug).

    Also registers `role_names`: name = a mailbox that belongs to a role.
    """
    con.register("role_names", pa.table({"name": sorted(ROLE_NAMES)}))
    write_lookup(con, "preparing_odd_emails", _ODD_EMAILS, lambda text: (normalize_email(text),), ("key",))
    write_lookup(con, "preparing_odd_slugs", _ODD_SLUGS, readings.linkedin_slug, ("slug",))
