"""Which contacts are compared at all. Each rule stands for one way in which duplicates come about."""

from __future__ import annotations

from wb_pipeline.matching.models.blocking_rule import BlockingRule

_INITIALS = "given_initial || '|' || left(family_core, 1)"
RULES = (
    # The same person entered twice: one identifying value survives.
    BlockingRule("email", "email", _INITIALS),
    BlockingRule("linkedin", "linkedin_slug", _INITIALS),
    # A phone is shared by a whole firm: the initial keeps colleagues apart.
    BlockingRule("phone_given", "item || '|' || given_initial", "family_core", each="phones"),
    BlockingRule("phone_family", "item || '|' || family_core", "given_root", each="phones"),
    # The same number, read with another country's code.
    BlockingRule("phone_tail", "item || '|' || left(family_core, 1)", "given_initial", each="phone_tails"),
    # A colleague entered by another tool: name and firm survive, in one spelling or another.
    BlockingRule("family_at_org", "item || '|' || family_core", "given_root", each="affiliations"),
    BlockingRule("given_at_org", "item || '|' || given_root", "left(family_core, 2)", each="affiliations"),
    # A job changer, or a private address: only the name survives.
    BlockingRule("full_name", "full_name", "coalesce(city, country, title_key)"),
    BlockingRule("root_name", "given_root || '|' || family_core", "coalesce(city, country, title_key)"),
    BlockingRule("names_swapped", "name_key", "coalesce(city, country, title_key)"),
    BlockingRule("local_part", "local_letters || '|' || family_core", "coalesce(city, country, title_key)"),
    # A typing error in the surname and nothing else to go by.
    BlockingRule("family_sound", "given_root || '|' || family_sound", "coalesce(city, country, title_key)"),
    # A name with a typing error, in one place or with one title.
    BlockingRule("initial_in_city", "family_core || '|' || given_initial || '|' || city", "title_key"),
    BlockingRule("given_in_city", "given_root || '|' || left(family_core, 3) || '|' || city", "title_key"),
    BlockingRule("title_family", "title_key || '|' || family_core || '|' || given_initial", "city"),
)
