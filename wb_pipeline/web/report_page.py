"""The report on the review page: charts as of now, their rows, their style (RPT-6). What is counted is in `reports`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from wb_pipeline.reports.page import report_page, rows_text, style

if TYPE_CHECKING:
    from wb_pipeline.web.visit import Visit

STYLE_AT = "/report/report.css"


def report(visit: Visit) -> Response:
    """Show the report of `wb report`, made at this moment."""
    office = visit.office
    page = report_page(office.home, office.ledger, office.now(), rows_at="/report/rows/", style_at=STYLE_AT)
    return HTMLResponse(page)


def report_style(visit: Visit) -> Response:
    """Give the report's style: the page's policy lets no page bring its own."""
    _ = visit
    return Response(style(), media_type="text/css")


def report_rows(visit: Visit) -> Response:
    """Give the rows behind a figure as CSV."""
    name = visit.path["name"]
    text = rows_text(visit.office.home, visit.office.ledger, visit.office.now(), name)
    if text is None:
        return visit.not_found("The report has no such rows.")
    told = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, media_type="text/csv", headers=told)
