"""A browser without a screen: asks the application itself, keeps cookies, fills in the forms that it was given."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

HOST = "127.0.0.1:8787"
ORIGIN = f"http://{HOST}"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    text: str


@dataclass
class Client:
    """Asks an application; `send` is exact, `get` and `post` do what a browser does."""

    app: Any
    runner: asyncio.Runner
    cookies: dict[str, str] = field(default_factory=dict)
    client: str = "127.0.0.1"

    def send(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes = b"") -> Answer:
        """Send a request with exactly these headers."""
        parts = urlsplit(target)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            "client": (self.client, 5000),
            "server": ("127.0.0.1", 8787),
            "root_path": "",
        }
        return self.runner.run(_asked(self.app, scope, body))

    def get(self, target: str) -> Answer:
        """Open an address."""
        return self._kept(self.send("GET", target, [("Host", HOST), *self._cookie()]))

    def post(self, target: str, fields: dict[str, str] | list[tuple[str, str]], **changed: str) -> Answer:
        """Send a form; `changed`: headers to set otherwise, "" leaves one out."""
        body = urlencode(fields).encode()
        headers = {
            "Host": HOST,
            "Origin": ORIGIN,
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        } | {name.replace("_", "-"): value for name, value in changed.items()}
        kept = [(name, value) for name, value in headers.items() if value]
        return self._kept(self.send("POST", target, [*kept, *self._cookie()], body))

    def sign_in(self, token: str) -> Answer:
        """Come in through the door."""
        return self.post("/sign-in", {"token": token, "back": "/"})

    def _cookie(self) -> list[tuple[str, str]]:
        return (
            [("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))] if self.cookies else []
        )

    def _kept(self, answer: Answer) -> Answer:
        for cookie in answer.cookies:
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0].strip('"')
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer


async def _asked(app: Any, scope: dict[str, Any], body: bytes) -> Answer:
    sent: list[dict[str, Any]] = []
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> dict[str, Any]:
        return next(given, {"type": "http.disconnect"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    head = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    text = b"".join(message.get("body", b"") for message in sent[1:]).decode("utf-8", "surrogatepass")
    return Answer(sent[0]["status"], dict(head), [value for name, value in head if name == "set-cookie"], text)


class _Forms(HTMLParser):
    """Reads the forms of a page: their fields as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append({"action": given.get("action", ""), "id": given.get("id", ""), "fields": []})
        elif tag == "input" and self.forms and given.get("name") and _is_sent(given):
            self.forms[-1]["fields"].append((given["name"], given.get("value") or ""))


def _is_sent(given: dict[str, str | None]) -> bool:
    return given.get("type") not in ("checkbox", "radio") or "checked" in given


def forms(page: str) -> list[dict[str, Any]]:
    """Return the forms of a page with their fields."""
    reader = _Forms()
    reader.feed(page)
    return reader.forms


def fields_of(page: str, **wanted: str) -> dict[str, str]:
    """Return the fields of the first form whose fields have these values."""
    for form in forms(page):
        fields = dict(form["fields"])
        if all(fields.get(name) == value for name, value in wanted.items()):
            return fields
    raise AssertionError(f"no form with {wanted}")
