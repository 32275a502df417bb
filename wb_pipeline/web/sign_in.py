"""The door: a person's token in, a session's cookie out. What the signed-in see is elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from wb_pipeline.web.forms import parsed, read_form
from wb_pipeline.web.render import render
from wb_pipeline.web.sessions import COOKIE, LASTS_SECONDS
from wb_pipeline.web.visit import Visit, own_address

if TYPE_CHECKING:
    from starlette.requests import Request

    from wb_pipeline.web.office import Office


async def show_door(request: Request) -> Response:
    """Show the form; whoever is signed in goes straight on."""
    office: Office = request.app.state.office
    back = own_address(parsed(request.url.query)["back"] or "/")
    if office.sessions.read(request.cookies.get(COOKIE)) is not None:
        return RedirectResponse(back, 303)
    words = "Your session is over." if COOKIE in request.cookies else ""
    return render("sign_in.html", words=words, back=back, wait=0)


async def come_in(request: Request) -> Response:
    """Begin a session for the holder of a token, unless this address failed too often of late."""
    office: Office = request.app.state.office
    form = await read_form(request)
    back = own_address(form["back"] or "/")
    address = request.client.host if request.client else ""
    if wait := office.throttle.wait(address):
        words = f"Too many tries. Try again in {wait} seconds."
        answer = render("sign_in.html", 429, words=words, back=back, wait=wait)
        answer.headers["Retry-After"] = str(wait)
        return answer
    entry = office.tokens.holder(form["token"])
    if entry is None:
        office.throttle.failed(address)
        words = "That is not a token that opens this page. It may have been revoked: ask for a new one."
        return render("sign_in.html", 401, words=words, back=back, wait=0)
    office.throttle.succeeded(address)
    arrived = RedirectResponse(back, 303)
    cookie = office.sessions.cookie(office.sessions.begin(entry))
    arrived.set_cookie(
        COOKIE, cookie, max_age=LASTS_SECONDS, httponly=True, samesite="strict", secure=office.address.is_encrypted
    )
    return arrived


def go_out(visit: Visit) -> Response:
    """End the session."""
    visit.office.sessions.end(visit.session)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer
