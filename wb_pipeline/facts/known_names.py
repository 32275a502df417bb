"""The field names that each manifest of the run knows, and how a given name resolves among them (CON-5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wb_pipeline.contract.field_names import Resolution, resolve_field_name
from wb_pipeline.contract.fields import FIELDS_BY_OBJECT, LOG_PAYLOAD_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

# A logged activity is described by the keys of its payload, beside the fields of the record that it becomes.
_CONTRACT = {**FIELDS_BY_OBJECT, "activity": (*FIELDS_BY_OBJECT["activity"], *LOG_PAYLOAD_KEYS)}

_CUSTOM = """
with named as (
    select distinct snapshot_hash, object, unnest(json_keys(try_cast(fields as json))) as name
    from raw.crm_records
    where snapshot_hash in (select snapshot_hash from run_inputs)
)
select distinct run_inputs.manifest_id, named.object, named.name
from run_inputs inner join named on named.snapshot_hash = run_inputs.snapshot_hash
where named.name <> ''
"""
_POLICY = """
with named as (
    select policy_hash, object, field as name from policy.fields
    union
    select policy_hash, object, field from policy.field_formats
    union
    select policy_hash, object, field from policy.picklists
)
select distinct run_inputs.manifest_id, named.object, named.name
from run_inputs inner join named on named.policy_hash = run_inputs.policy_hash
where named.name not in ('*', '')
"""
_ALIASES = """
select distinct run_inputs.manifest_id, aliases.object, aliases.alias, aliases.field
from run_inputs inner join policy.field_aliases as aliases on aliases.policy_hash = run_inputs.policy_hash
order by all
"""


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The names and aliases of each (manifest, object): the contract's, the policy's and the snapshot's own."""

    names: Mapping[tuple[str, str], frozenset[str]]
    aliases: Mapping[tuple[str, str], Mapping[str, str]]

    @classmethod
    def of_run(cls, con: duckdb.DuckDBPyConnection) -> KnownNames:
        """Return what the manifests of the run know. Needs the views of `open_run`."""
        names: dict[tuple[str, str], set[str]] = defaultdict(set)
        for (manifest_id,) in con.execute("select distinct manifest_id from run_inputs").fetchall():
            for object_name, fields in _CONTRACT.items():
                names[manifest_id, object_name].update(fields)
        for query in (_CUSTOM, _POLICY):
            for manifest_id, object_name, name in con.execute(query).fetchall():
                names[manifest_id, object_name].add(name)
        aliases: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for manifest_id, object_name, alias, field in con.execute(_ALIASES).fetchall():
            aliases[manifest_id, object_name][alias] = field
        return cls({key: frozenset(known) for key, known in names.items()}, aliases)

    def resolve(self, manifest_id: str, object_name: str | None, as_given: str | None) -> Resolution:
        """Return the CRM's own name for a given one; unknown where the object or the name is."""
        key = (manifest_id, object_name or "")
        return resolve_field_name(as_given or "", self.names.get(key, frozenset()), self.aliases.get(key, {}))
