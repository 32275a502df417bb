"""One request of a signed-in person, and the room in which its page is made. Which pages there are is in `app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from wb_pipeline.web.forms import Form, parsed, read_form
from wb_pipeline.web.render import render
from wb_pipeline.web.sessions import COOKIE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping

    from starlette.requests import Request

    from wb_pipeline.review.model import Item
    from wb_pipeline.web.office import Office
    from wb_pipeline.web.sessions import Session


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for what. `query` is what the address says, `form` what was sent; `path` are parts of the address."""

    office: Office
    session: Session
    path: Mapping[str, str]
    query: Form
    form: Form
    address: str
    _open: list[Item] = field(default_factory=list)

    def open_items(self, *, is_suggestion: bool) -> list[Item]:
        """Return what waits, in the order of what matters: suggestions, or everything else. Asked for once."""
        if not self._open:
            self._open.extend(self.office.open_items())
        return [item for item in self._open if (item.kind == "suggestion") is is_suggestion]

    def look_again(self) -> None:
        """Forget what waited before something was decided."""
        self._open.clear()

    @property
    def person(self) -> str:
        """The name that stands in the books."""
        return self.session.person

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """Return a page in the common layout."""
        common = {
            "person": self.person,
            "form_word": self.office.sessions.form_word(self.session),
            "now": self.office.now(),
            "counts": {
                "queue": len(self.open_items(is_suggestion=False)),
                "suggestions": len(self.open_items(is_suggestion=True)),
            },
            "notice": context.pop("notice", None) or notice(self.query),
        }
        return render(template, status, **common, **context)

    def not_found(self, words: str) -> Response:
        """Return the page that says that something is not there."""
        return self.page("message.html", 404, title="Not there", words=words, hint="")


Page = Callable[[Visit], Response]

# What the page before did; only these words can be put on a page by an address.
_SAID = {
    "approved": "Approved.",
    "approved_once": "Approved. A second person has to approve it too.",
    "rejected": "Rejected.",
    "accepted": "Accepted.",
    "dismissed": "Dismissed.",
    "attached": "The evidence is attached. It is judged again with the next run.",
}
_MOST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Notice:
    """What is said on top of a page; `about`: the id of the item that it is about, "" for none."""

    words: str
    about: str = ""
    is_alarm: bool = False


def notice(query: Form) -> Notice | None:
    """Return the notice that an address asks for."""
    many = query["many"]
    if query["said"] == "bulk" and many.isascii() and many.isdigit() and len(many) < _MOST_DIGITS:
        return Notice(f"{int(many):,} decided at once.")
    words = _SAID.get(query["said"])
    return Notice(words, query["about"]) if words else None


def signed_in(page: Page) -> Callable[[Request], Awaitable[Response]]:
    """Let a page be seen by signed-in people only, and its forms be sent from their own pages only."""

    async def answer(request: Request) -> Response:
        office: Office = request.app.state.office
        session = office.sessions.read(request.cookies.get(COOKIE))
        form = await read_form(request) if request.method == "POST" else Form([])
        if session is None:
            return _to_sign_in(request, form)
        if request.method == "POST" and not office.sessions.is_form_word(session, form["form_word"]):
            words = "This form is not from the session that is open now. Nothing was changed."
            return render("refused.html", 403, title="Refused", words=words, hint="")
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        visit = Visit(office, session, request.path_params, parsed(request.url.query), form, address)
        # Reading files and waiting for the ledger must not hold up others.
        return await run_in_threadpool(page, visit)

    return answer


def _to_sign_in(request: Request, form: Form) -> Response:
    """Send somebody to the door; whoever sent a form reads that nothing came of it."""
    if request.method == "POST":
        words = "Your session is over. Nothing was changed: sign in, and decide again."
        return render("sign_in.html", 401, words=words, back=own_address(form["here"]), wait=0)
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?back={quote(address, safe='')}" if address != "/" else "/sign-in", 303)


def own_address(given: str) -> str:
    """Return an address inside this page; anything else becomes the queue."""
    is_own = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable()
    return given if is_own else "/"


def go_to(path: str, **query: str) -> Response:
    """Send the browser on after a form."""
    given = {name: value for name, value in query.items() if value}
    joint = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{joint}{urlencode(given)}" if given else path, 303)
