"""The policy's aliases of domains, both sides by what was registered. Who is compared by them is not said here."""

from __future__ import annotations

ALIASES = """
    select distinct aliases.policy_hash, alias.domain as alias_domain, meant.domain
    from policy.domain_aliases as aliases
    inner join registered_hosts as alias on alias.host = aliases.alias_domain
    inner join registered_hosts as meant on meant.host = aliases.domain
"""
"""Columns policy_hash, alias_domain, domain: the alias leads to the domain. Needs registered_hosts (host, domain)."""
