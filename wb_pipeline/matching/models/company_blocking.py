"""Which companies are compared at all. Each rule stands for one way in which duplicates come about."""

from __future__ import annotations

from wb_pipeline.matching.models.blocking_rule import BlockingRule

RULES = (
    BlockingRule("org", "item", "name_head", each="orgs"),
    BlockingRule("phone", "item", "name_head", each="phones"),
    BlockingRule("name", "name_joined", "coalesce(city, country)"),
    BlockingRule(
        "acronym",
        "coalesce(name_acronym, case when length(name_joined) between 3 and 5 then name_joined end)",
        "coalesce(city, postal_code, country)",
    ),
    BlockingRule("label", "domain_label", "name_head"),
    BlockingRule("lookalike", "domain_skeleton", "name_head"),
    # The domain says the name: northwindtraders.com and Northwind Traders.
    BlockingRule("name_is_label", "item", "country", each="name_keys"),
    BlockingRule("head_in_city", "name_head || '|' || city", "left(postal_code, 3)"),
    BlockingRule("head_and_next", "name_head || '|' || left(name_tokens[2], 3)", "coalesce(city, country)"),
    BlockingRule("head", "case when length(name_head) >= 5 then name_head end", "coalesce(city, country)"),
    BlockingRule("start", "left(name_joined, 6)", "coalesce(city, postal_code, country)"),
    BlockingRule("address", "house_number || '|' || postal_code", "left(name_joined, 3)"),
    BlockingRule("street", "house_number || '|' || street", "left(name_joined, 3)"),
)
