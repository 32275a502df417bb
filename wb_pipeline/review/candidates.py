"""The records that a change of nobody-knows-which record could mean, for a person to choose from (IDN-1). Picks none.

Only an update is picked a record: what it would do there can be judged at once. How a pick is judged is in `picks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wb_pipeline.canonical import canonical_json
from wb_pipeline.review.gate_words import objections_of
from wb_pipeline.review.model import Candidate, read_json

if TYPE_CHECKING:
    from wb_pipeline.review.kept_files import KeptRecord
    from wb_pipeline.review.units import Unit

_GATE = "gate_identity__target_ambiguous"
_MOST = 20
_MOST_FIELDS = 12


def found_for(unit: Unit) -> dict[str, Mapping[str, Any]]:
    """Return {record id: what the matching said of it} of the records that a unit without one could mean."""
    if unit.row["record_id"] is not None or unit.action != "update":
        return {}
    told = [each for row in (unit.action_row, *unit.members) for each in objections_of(row) if each.gate == _GATE]
    named = told[0].details.get("candidates") if told else None
    found = {str(each["record_id"]): each for each in _listed(named) if each.get("record_id")}
    return dict(list(found.items())[:_MOST])


def candidates_of(unit: Unit, records: Mapping[str, KeptRecord]) -> tuple[Candidate, ...]:
    """Return the live records that a unit could mean, those that match best first, as the books showed them."""
    live = {name: records[name] for name in found_for(unit) if name in records and records[name].is_live}
    telling = _telling([record.fields for record in live.values()])
    field = str(unit.row["field"])
    found = [
        Candidate(
            record_id=record_id,
            match_method=_text(said.get("match_method")),
            match_probability=_number(said.get("match_probability")),
            is_key_shared=said.get("is_key_shared") is True,
            value=as_text(live[record_id].fields.get(field)),
            writer=live[record_id].writer_of(field),
            telling={name: value for name in telling if (value := as_text(live[record_id].fields.get(name)))},
        )
        for record_id, said in found_for(unit).items()
        if record_id in live
    ]
    return tuple(sorted(found, key=lambda each: (-(each.match_probability or 0.0), each.record_id)))


def as_text(value: Any) -> str | None:
    """Return a value as JSON text, None for none."""
    return None if value is None else canonical_json(value)


def _telling(versions: list[Mapping[str, Any]]) -> list[str]:
    """Return the fields in which records differ, in their order; of one record alone all of them."""
    names = list(dict.fromkeys(name for fields in versions for name in fields))
    differing = [name for name in names if len({as_text(fields.get(name)) for fields in versions}) > 1]
    return (differing or names)[:_MOST_FIELDS]


def _listed(named: Any) -> Iterator[Mapping[str, Any]]:
    told = read_json(named) if isinstance(named, str) else named
    yield from (each for each in told or () if isinstance(each, dict)) if isinstance(told, list) else ()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
