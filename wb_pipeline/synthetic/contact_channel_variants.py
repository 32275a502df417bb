"""What goes wrong with a person's addresses, numbers and profile in a record. Names: contact_name_variants."""

from __future__ import annotations

from collections.abc import Callable

from wb_pipeline.synthetic.contact_name_slips import ContactVariant
from wb_pipeline.synthetic.dice import Dice
from wb_pipeline.synthetic.mailboxes import other_pattern, private_address
from wb_pipeline.synthetic.persons import earlier_job, linkedin_slug
from wb_pipeline.synthetic.phones import phone_text, with_extension
from wb_pipeline.synthetic.places import Phone, country
from wb_pipeline.synthetic.rows import ContactRow
from wb_pipeline.synthetic.typos import misspelt, wrong_digit
from wb_pipeline.synthetic.word_files import word_file
from wb_pipeline.synthetic.world import World

_LOCALES = ("/en", "/de", "/?locale=fr_FR", "/", "?trk=people-guest", "/en-us", "?originalSubdomain=uk")
_SITES = (
    "https://www.linkedin.com/in/",
    "linkedin.com/in/",
    "http://linkedin.com/in/",
    "https://linkedin.com/in/",
    "www.linkedin.com/in/",
)


def profile_address(dice: Dice, slug: str) -> str | None:
    """Return the address of a profile as people paste it, None for no profile."""
    return f"{dice.ranked(_SITES, 1)}{slug}{'/' if dice.chance(0.2) else ''}" if slug else None


def _email(change: Callable[[World, ContactRow, str], str | None]) -> ContactVariant:
    def apply(world: World, row: ContactRow) -> bool:
        before = row.email
        if before is not None:
            row.email = change(world, row, before)
        return row.email != before

    return apply


def _pattern(world: World, row: ContactRow, email: str) -> str:  # noqa: ARG001 - all variants are called alike
    return other_pattern(world.dice, row.job.company, row.entity.first, row.entity.last)


def _role(world: World, row: ContactRow, email: str) -> str:  # noqa: ARG001 - all variants are called alike
    return f"{world.dice.pick(word_file('companies')['role_mailboxes'])}@{row.job.company.domain}"


def _free_mail(world: World, row: ContactRow, email: str) -> str:  # noqa: ARG001 - all variants are called alike
    person = row.entity
    if not person.free_email:
        person.free_email = private_address(world, person.country, person.first, person.last)
    return person.free_email


def _plus(world: World, row: ContactRow, email: str) -> str:  # noqa: ARG001 - all variants are called alike
    local, _, domain = email.partition("@")
    return f"{local}+{world.dice.pick(('crm', 'news', 'test', 'sales', '2024', 'webinar', 'work', 'spam'))}@{domain}"


def _gmail_dots(world: World, row: ContactRow, email: str) -> str | None:
    address = email if email.endswith("@gmail.com") else _free_mail(world, row, email)
    local, _, domain = address.partition("@")
    if domain != "gmail.com" or len(local) < 3:  # noqa: PLR2004 - nowhere to put a dot
        return email
    at = 1 + world.dice.below(len(local) - 1)
    dotted = local.replace(".", "") if "." in local else f"{local[:at]}.{local[at:]}"
    return f"{dotted}@{world.dice.pick(('gmail.com', 'gmail.com', 'googlemail.com'))}"


def _email_case(world: World, row: ContactRow, email: str) -> str:  # noqa: ARG001 - all variants are called alike
    local, _, domain = email.partition("@")
    return world.dice.pick((email.upper(), email.title(), f"{local.title()}@{domain}", f" {email}"))


def _email_typo(world: World, row: ContactRow, email: str) -> str:  # noqa: ARG001 - all variants are called alike
    local, _, domain = email.partition("@")
    if world.dice.chance(0.5):
        return f"{misspelt(world.dice, local)}@{domain}"
    return world.dice.pick(
        (f"{local}@{misspelt(world.dice, domain)}", email.replace(".com", ".con"), email.replace(".com", ".co"))
    )


def _alias_domain(world: World, row: ContactRow, email: str) -> str:  # noqa: ARG001 - all variants are called alike
    firm = row.job.company
    return email.replace(f"@{firm.domain}", f"@{firm.alias_domain}") if firm.alias_domain else email


def _regional_domain(world: World, row: ContactRow, email: str) -> str:
    domain = row.job.company.domain
    label, _, ending = domain.partition(".")
    other = world.dice.pick(
        (
            f"{ending.rpartition('.')[2]}.{domain}",
            f"{label}.com",
            f"{label}.{world.dice.pick(row.job.company.country.tlds)}",
        )
    )
    return email.replace(f"@{domain}", f"@{other}")


def _old_employer(world: World, row: ContactRow, email: str) -> str:  # noqa: ARG001 - all variants are called alike
    return earlier_job(world, row.entity).email


def _with_display_name(world: World, row: ContactRow, email: str) -> str:
    full = f"{row.entity.first} {row.entity.last}"
    return world.dice.pick(
        (f"{full} <{email}>", f"mailto:{email}", f"<{email}>", f"{email};", f"{email}, {_free_mail(world, row, email)}")
    )


def _number(change: Callable[[World, ContactRow, Phone | None], str | None]) -> ContactVariant:
    """Make a variant of either number that the record has."""

    def apply(world: World, row: ContactRow) -> bool:
        name = "mobile" if row.mobile and (not row.phone or world.dice.chance(0.5)) else "phone"
        before = getattr(row, name)
        true_number = row.entity.mobile if name == "mobile" else row.job.direct or row.job.company.phone
        after = change(world, row, true_number) if before else before
        setattr(row, name, after)
        return bool(after != before)

    return apply


def _switchboard(world: World, row: ContactRow) -> bool:
    board = phone_text(world.dice, row.job.company.phone)
    before = (row.phone, row.mobile)
    row.phone, row.mobile = board, None if world.dice.chance(0.5) else row.mobile
    return (row.phone, row.mobile) != before


def _extension(world: World, row: ContactRow) -> bool:
    text = row.phone or phone_text(world.dice, row.job.company.phone)
    row.phone = with_extension(world.dice, text or "")
    return True


def _phone_typo(world: World, row: ContactRow) -> bool:
    name = "mobile" if row.mobile else "phone"
    before = getattr(row, name)
    setattr(row, name, wrong_digit(world.dice, before) if before else before)
    return bool(getattr(row, name) != before)


def _mobile_as_phone(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    if not row.mobile:
        return False
    row.phone, row.mobile = row.mobile, None
    return True


def _new_mobile(world: World, row: ContactRow) -> bool:
    if not row.mobile:
        return False
    row.mobile = phone_text(world.dice, row.entity.country.draw_mobile(world.dice, row.job.company.address.city.area))
    return True


def _phones_missing(world: World, row: ContactRow) -> bool:  # noqa: ARG001 - all variants are called alike
    had = row.phone is not None or row.mobile is not None
    row.phone = row.mobile = None
    return had


def _wrong_country_code(world: World, row: ContactRow) -> bool:
    number = row.entity.mobile
    if not row.mobile or number is None:
        return False
    other = "1" if country(number.country).calling_code != "1" else "44"
    row.mobile = f"+{world.dice.pick((other, '00'))}{number.area}{number.line}"
    return True


def _profile(change: Callable[[World, ContactRow, str], str | None]) -> ContactVariant:
    def apply(world: World, row: ContactRow) -> bool:
        slug = row.entity.linkedin
        if not slug:
            return False
        before, row.linkedin_url = row.linkedin_url, change(world, row, slug)
        return row.linkedin_url != before

    return apply


def _locale(world: World, row: ContactRow, slug: str) -> str:  # noqa: ARG001 - all variants are called alike
    site = world.dice.pick(
        (
            "https://de.linkedin.com/in/",
            "https://uk.linkedin.com/in/",
            "https://www.linkedin.com/in/",
            "https://m.linkedin.com/in/",
        )
    )
    return f"{site}{slug}{world.dice.pick(_LOCALES)}"


def _changed_slug(world: World, row: ContactRow, slug: str) -> str | None:
    new = linkedin_slug(world.dice, row.entity.first, row.entity.last)
    return profile_address(world.dice, new if new != slug else f"{slug}-{world.dice.below(1 << 20):05x}")


CHANNEL_VARIANTS: dict[str, tuple[float, ContactVariant]] = {
    "e_other_pattern": (8, _email(_pattern)),
    "e_role": (4, _email(_role)),
    "e_freemail": (8, _email(_free_mail)),
    "e_plus": (4, _email(_plus)),
    "e_gmail_dots": (3, _email(_gmail_dots)),
    "e_case": (5, _email(_email_case)),
    "e_typo": (5, _email(_email_typo)),
    "e_alias_domain": (5, _email(_alias_domain)),
    "e_regional_domain": (2, _email(_regional_domain)),
    "e_old_employer": (4, _email(_old_employer)),
    "e_display_name": (1, _email(_with_display_name)),
    "e_missing": (9, _email(lambda _world, _row, _email: None)),
    "ph_format": (5, _number(lambda world, _row, number: phone_text(world.dice, number))),
    "ph_switchboard": (8, _switchboard),
    "ph_extension": (3, _extension),
    "ph_typo": (4, _phone_typo),
    "ph_mobile_as_phone": (4, _mobile_as_phone),
    "ph_new_mobile": (3, _new_mobile),
    "ph_missing": (6, _phones_missing),
    "ph_wrong_country_code": (1, _wrong_country_code),
    "li_locale": (4, _profile(_locale)),
    "li_changed": (2, _profile(_changed_slug)),
    "li_missing": (2, _profile(lambda _world, _row, _slug: None)),
}
"""How often each is drawn, and what it does. A record that lacks the field is drawn again."""
