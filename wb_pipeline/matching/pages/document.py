"""An HTML file that holds all it needs: text, tables, bars, charts. What stands in it is decided by the other pages.

Splink's charts are Vega-Lite; the libraries that draw them travel with Splink and are put into the file once. The
browser is told to load nothing else, and the menu that would send a chart to an editor on the web is left out.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from wb_pipeline.matching.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_POLICY = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:"
_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1f24; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
p.note { color: #57606a; }
table { border-collapse: collapse; margin: .6rem 0 1.2rem; }
th, td { text-align: left; padding: .22rem .8rem .22rem 0; border-bottom: 1px solid #d8dee4; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.bar { width: 16rem; padding: .22rem 0; }
td.bar span { display: inline-block; height: .8rem; background: #1a7f37; }
td.bar span.minus { background: #cf222e; }
code { background: #f3f4f6; padding: 0 .25rem; border-radius: 3px; overflow-wrap: anywhere; }
div.chart { overflow-x: auto; }
"""
_WIDEST_BAR = 16.0
_EMBED = "vegaEmbed(document.getElementById('{place}'), {chart}, {{actions: false}});"


def document(title: str, parts: Iterable[str], charts: Mapping[str, dict[str, Any]]) -> str:
    """Return a whole HTML file. `parts`: HTML made by this module's functions; `charts`: place -> Vega-Lite chart."""
    libraries = "".join(f"<script>{source}</script>\n" for source in _libraries().values()) if charts else ""
    drawn = "\n".join(_EMBED.format(place=place, chart=_script_json(chart)) for place, chart in charts.items())
    body = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{text(title)}</title>\n<style>{_STYLE}</style>\n{libraries}</head>\n<body>\n<h1>{text(title)}</h1>\n"
        f"{body}\n<script>\n{drawn}\n</script>\n</body></html>\n"
    )


def _libraries() -> dict[str, str]:
    """Return the drawing libraries as Splink's own offline pages hold them: it has no public name for that."""
    from splink.internals.html_utils import load_chart_libraries

    return dict(load_chart_libraries())  # type: ignore[no-untyped-call]  # Splink does not type it


def _script_json(chart: dict[str, Any]) -> str:
    """Return JSON that cannot end the script that it stands in, whatever a record's values say."""
    written = json.dumps(chart, default=float, sort_keys=True)
    return written.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def text(value: object, most_characters: int = 200) -> str:
    """Return a value as HTML text: no markup, no hidden characters, not endless."""
    return escape(visible(value, most_characters), quote=True)


def heading(words: str) -> str:
    """Return a section's heading."""
    return f"<h2>{text(words)}</h2>"


def paragraph(words: str, *, is_note: bool = False) -> str:
    """Return a paragraph of plain words."""
    return f'<p class="note">{text(words, 2_000)}</p>' if is_note else f"<p>{text(words, 2_000)}</p>"


def chart_place(place: str) -> str:
    """Return the element in which `document` draws the chart of that place."""
    return f'<div class="chart"><div id="{text(place)}"></div></div>'


def table(names: Sequence[str], rows: Sequence[Sequence[object]], *, bar: int | None = None) -> str:
    """Return a table; numbers stand to the right. `bar`: the column that is drawn as a bar too, red below zero."""
    most = max((abs(float(str(row[bar]))) for row in rows), default=0.0) if bar is not None else 0.0
    numeric = {place for row in rows for place, value in enumerate(row) if isinstance(value, int | float)}
    heads = "".join(f"<th{_side(place in numeric)}>{text(name)}</th>" for place, name in enumerate(names))
    lines = []
    for row in rows:
        cells = "".join(f"<td{_side(isinstance(value, int | float))}>{text(_written(value))}</td>" for value in row)
        lines.append(f"<tr>{cells}{_bar(row[bar], most) if bar is not None else ''}</tr>")
    body = "\n".join(lines)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _side(is_number: bool) -> str:  # noqa: FBT001 - what is asked is in the name
    return ' class="number"' if is_number else ""


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _bar(value: object, most: float) -> str:
    size = float(str(value))
    width = _WIDEST_BAR * abs(size) / most if most else 0.0
    sign = ' class="minus"' if size < 0 else ""
    return f'<td class="bar"><span{sign} style="width: {width:.2f}rem"></span></td>'
