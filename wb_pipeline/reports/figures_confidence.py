"""The figure about what sources claim beside what was approved. All other figures are in the other `figures_...`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wb_pipeline.reports.catalogue import CONFIDENCE
from wb_pipeline.reports.charts import MOST_BARS, Bar, Figure, Series, number, of_all, pieces, table_of
from wb_pipeline.reports.row_files import Row, whole

_TRUST = (
    Series("auto", "passed without a person"),
    Series("approved", "approved by a person"),
    Series("review", "held, not approved yet"),
    Series("deny", "stopped or rejected"),
    Series("noop", "nothing to do"),
)


def confidence(rows: Sequence[Row], decisions: Iterable[Mapping[str, Any]]) -> Figure:
    """Return what sources claim beside what was approved: a tick where the claim is, a bar as far as it held."""
    judged = _judged_by_people(decisions)
    bands = {(row["source"] or "(none)", whole(row["confidence_from"])): _trust(row, judged) for row in rows}
    weight: dict[str, float] = defaultdict(float)
    for (source, _), parts in bands.items():
        weight[source] += sum(parts.values())
    shown = sorted(weight, key=lambda source: (-weight[source], source))[:MOST_BARS]
    ordered = sorted((key for key in bands if key[0] in shown), key=lambda key: (shown.index(key[0]), -key[1]))
    return Figure(
        CONFIDENCE,
        legend=_TRUST,
        bars=tuple(_trust_bar(source, band, bands[source, band]) for source, band in ordered),
        note=of_all(len(shown), len(weight), "sources"),
        table_rows=table_of({f"{source}, {_band(band)}": bands[source, band] for source, band in ordered}, _TRUST),
    )


def _judged_by_people(decisions: Iterable[Mapping[str, Any]]) -> Mapping[tuple[str, int, str], int]:
    """Return how many proposals people approved or rejected: (source, band, verb) -> number."""
    latest: dict[str, tuple[str, int, str]] = {}
    for row in decisions:
        if row["confidence"] is None or not row["is_final"]:
            continue
        verb = "approved" if row["decision"] in ("approve", "accept") else "rejected"
        key = row["proposal_key"]
        if key not in latest or verb == "approved":
            latest[key] = (row["source"] or "(none)", min(int(row["confidence"] // 10) * 10, 90), verb)
    found: dict[tuple[str, int, str], int] = defaultdict(int)
    for place in latest.values():
        found[place] += 1
    return found


def _trust(row: Row, judged: Mapping[tuple[str, int, str], int]) -> dict[str, float]:
    place = (row["source"] or "(none)", whole(row["confidence_from"]))
    held = whole(row["held_proposals"])
    approved = min(judged.get((*place, "approved"), 0), held)
    rejected = min(judged.get((*place, "rejected"), 0), held - approved)
    stopped, passed = whole(row["stopped_proposals"]), whole(row["auto_proposals"])
    left = max(whole(row["proposals"]) - passed - held - stopped, 0)
    return {
        "auto": passed,
        "approved": approved,
        "review": held - approved - rejected,
        "deny": stopped + rejected,
        "noop": left,
    }


def _trust_bar(source: str, band: int, parts: Mapping[str, float]) -> Bar:
    total = sum(parts.values())
    held = parts["auto"] + parts["approved"]
    words = f"{number(held)} of {number(total)} approved"
    return Bar(f"claims {_band(band)}", pieces(parts, _TRUST, total), words, mark=band + 5, group=source)


def _band(band: int) -> str:
    return "90 to 100" if band >= 90 else f"{band} to {band + 9}"  # noqa: PLR2004 - the last band is one wider
