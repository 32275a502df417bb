"""What tells two contacts apart beyond Splink's weights: namesakes, families, shared mailboxes, job changers."""

from __future__ import annotations

from wb_pipeline.matching.models.term import Levels, Number, Term, Together

_NAME_AGREES = "(name_meaning = 'agrees')"
_ELSEWHERE = "(employer_meaning in ('differs', 'unknown') or employer_level = 'by_one_sign')"


def _log_count(column: str, how: str = "greatest") -> str:
    return f"ln(1 + {how}({column}_records_l, {column}_records_r))"


TERMS: tuple[Term, ...] = (
    *(Levels(name) for name in ("name", "mailbox", "phone", "linkedin", "employer", "title", "place")),
    *(Together("name", other, coarse=True) for other in ("mailbox", "phone", "employer", "linkedin")),
    Together("mailbox", "employer"),
    Together("phone", "employer"),
    Together("mailbox", "phone"),
    Together("employer", "title"),
    Together("mailbox", "place", coarse=True),
    Together("employer", "place", coarse=True),
    # How many bear the name: John Smith at two firms is two people more often than Zebulon Quist.
    Number("namesakes", f"if({_NAME_AGREES}, {_log_count('full_name')}, 0)", "name", "how many bear the name"),
    Number(
        "namesakes_elsewhere",
        f"if({_NAME_AGREES} and {_ELSEWHERE}, {_log_count('full_name')}, 0)",
        "name",
        "how many bear the name, where the employers do not agree",
    ),
    Number("surnames", _log_count("family_core", "least"), "name", "how common the surname is"),
    Number(
        "surnames_elsewhere",
        f"if({_NAME_AGREES} and {_ELSEWHERE}, {_log_count('family_core', 'least')}, 0)",
        "name",
        "how common the surname is, where the employers do not agree",
    ),
    Number("given_names", _log_count("given_root", "least"), "name", "how common the given name is"),
    Number(
        "given_names_elsewhere",
        f"if({_NAME_AGREES} and {_ELSEWHERE}, {_log_count('given_root', 'least')}, 0)",
        "name",
        "how common the given name is, where the employers do not agree",
    ),
    Number(
        "mailbox_names", "ln(1 + greatest(email_names_l, email_names_r))", "mailbox", "how many names use the address"
    ),
    Number(
        "local_parts",
        f"if(mailbox_meaning = 'agrees', {_log_count('local_letters')}, 0)",
        "mailbox",
        "how many have this mailbox name",
    ),
    Number(
        "colleagues",
        f"if(employer_meaning = 'agrees', {_log_count('main_org')}, 0)",
        "employer",
        "how large the employer is",
    ),
    Number(
        "colleagues_of_name",
        f"if(employer_meaning = 'agrees' and {_NAME_AGREES}, {_log_count('main_org')}, 0)",
        "employer",
        "how large the employer is, where the names agree",
    ),
    Number(
        "employer_names",
        f"if(employer_level = 'same_employer', {_log_count('employer_joined', 'least')}, 0)",
        "employer",
        "how many work for a firm of this name",
    ),
    Number("suffix_differs", "(name_suffix_l is distinct from name_suffix_r)::int", "name", "Jr. and Sr."),
    Number(
        "middle_differs",
        "coalesce((middle_initial_l <> middle_initial_r)::int, 0)",
        "name",
        "different middle initials",
    ),
    Number("middle_agrees", "coalesce((middle_initial_l = middle_initial_r)::int, 0)", "name", "same middle initial"),
    Number(
        "numbered_mailbox",
        "coalesce(((local_pattern_l = 'numbered') <> (local_pattern_r = 'numbered'))::int, 0)"
        " * (mailbox_level = 'other_mailbox')::int",
        "mailbox",
        "one mailbox has a number behind the name, as a namesake gets",
    ),
    Number(
        "same_pattern",
        "coalesce((local_pattern_l = local_pattern_r and local_pattern_l <> 'other')::int, 0)"
        " * (mailbox_level in ('other_mailbox', 'other_firm', 'one_free', 'both_free'))::int",
        "mailbox",
        "both addresses are made from the name in the same way",
    ),
    Number(
        "role_mailbox",
        "coalesce((is_role_email_l or is_role_email_r)::int, 0)",
        "mailbox",
        "one is the mailbox of a role",
    ),
    Number("mobile_differs", "coalesce((mobile_l <> mobile_r)::int, 0)", "phone", "different mobiles"),
    Number(
        "signs_that_agree",
        "(mailbox_meaning = 'agrees')::int + (phone_meaning = 'agrees')::int + (linkedin_meaning = 'agrees')::int"
        " + (employer_meaning = 'agrees')::int + (title_level = 'same_title')::int + (place_level = 'same_city')::int",
        "name",
        "how many signs agree beside the name",
    ),
    Number(
        "signs_that_conflict",
        "(name_meaning = 'conflicts')::int + (mailbox_meaning = 'conflicts')::int + (phone_meaning = 'conflicts')::int"
        " + (linkedin_meaning = 'conflicts')::int",
        "name",
        "how many signs conflict",
    ),
)
