"""The page as an ASGI application: which address leads to which page, and what is said when something goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from wb_pipeline.errors import WbError
from wb_pipeline.web.bulk_page import ask, decide_many
from wb_pipeline.web.guard import Guard
from wb_pipeline.web.item_decision import decide_item
from wb_pipeline.web.item_page import show_item
from wb_pipeline.web.pending_page import attach, pending
from wb_pipeline.web.queue_page import queue, suggestions
from wb_pipeline.web.record_page import record
from wb_pipeline.web.render import render
from wb_pipeline.web.report_page import STYLE_AT, report, report_rows, report_style
from wb_pipeline.web.sign_in import come_in, go_out, show_door
from wb_pipeline.web.static_files import static_file
from wb_pipeline.web.visit import Visit, signed_in

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from wb_pipeline.web.office import Office

_WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take what was sent.",
    413: "That form is too large. Nothing was changed.",
}


def make_app(office: Office) -> ASGIApp:
    """Return the application over an office."""
    routes = [
        Route("/static/{version}/{name}", static_file),
        Route("/sign-in", show_door),
        Route("/sign-in", come_in, methods=["POST"]),
        Route("/sign-out", signed_in(go_out), methods=["POST"]),
        Route("/", signed_in(queue)),
        Route("/suggestions", signed_in(suggestions)),
        Route("/bulk", signed_in(ask)),
        Route("/bulk", signed_in(decide_many), methods=["POST"]),
        Route("/item/{item_id}", signed_in(show_item)),
        Route("/item/{item_id}", signed_in(decide_item), methods=["POST"]),
        Route("/record/{object}/{record_id:path}", signed_in(record)),
        Route("/pending", signed_in(pending)),
        Route("/pending", signed_in(attach), methods=["POST"]),
        Route("/report", signed_in(report)),
        Route(STYLE_AT, signed_in(report_style)),
        Route("/report/rows/{name}.csv", signed_in(report_rows)),
        Route("/help", signed_in(_help)),
        Route("/{rest:path}", signed_in(_nothing)),
    ]
    handlers = {HTTPException: _http_problem, WbError: _problem, Exception: _defect}
    app = Starlette(routes=routes, exception_handlers=handlers)  # type: ignore[arg-type]  # each takes its own kind
    app.state.office = office
    return Guard(app, office.address)


def _help(visit: Visit) -> Response:
    return visit.page("help.html")


def _nothing(visit: Visit) -> Response:
    return visit.not_found(_WORDS[404])


async def _http_problem(request: Request, error: HTTPException) -> Response:
    _ = request
    words = _WORDS.get(error.status_code, "That cannot be answered.")
    return render("refused.html", error.status_code, title="Not there", words=words, hint="")


async def _problem(request: Request, error: WbError) -> Response:
    """Say what a person can mend, as the command line does."""
    _ = request
    return render("refused.html", 503, title="The books cannot be used", words=error.message, hint=error.hint)


async def _defect(request: Request, error: Exception) -> Response:
    """Say that something broke, without what: that goes to whoever runs the page."""
    _ = request, error
    words = "This is a defect of the page. Nothing was decided. Whoever runs it finds the error where it was started."
    return render("refused.html", 500, title="Something broke", words=words, hint="")
