"""What every request has to pass before a page sees it, and what every answer says to the browser. No sessions here.

A page on another site may send requests to ours through the reviewer's browser, even by a name of its own that it
makes point to this machine. So only our own hosts are answered, and nothing is changed for a form from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BODY_BYTES = 1 << 20
_METHODS = frozenset({"GET", "HEAD", "POST"})
_FORM = "application/x-www-form-urlencoded"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Under which names the page is reached: hosts as browsers send them, and the origins of its own forms."""

    hosts: frozenset[str]
    origins: frozenset[str]

    @classmethod
    def loopback(cls, port: int) -> Address:
        """Return the names of this machine itself."""
        hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
        return cls(hosts, frozenset(f"http://{host}" for host in hosts))

    @classmethod
    def public(cls, origin: str) -> Address:
        """Return the one name that people type, such as https://review.example.com."""
        return cls(frozenset({origin.partition("://")[2]}), frozenset({origin}))

    @property
    def is_encrypted(self) -> bool:
        """Whether cookies may be kept to https."""
        return all(origin.startswith("https://") for origin in self.origins)


class Guard:
    """ASGI middleware: refuses what is not for us, puts the headers on whatever is answered."""

    def __init__(self, app: ASGIApp, address: Address) -> None:
        self._app = app
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        if headers.getlist("host") not in [[host] for host in self._address.hosts]:
            return _refuse(421, "This page does not answer under that name.")
        if method not in _METHODS:
            return _refuse(405, "Only reading and forms are answered here.")
        return self._refused_form(headers) if method == "POST" else None

    def _refused_form(self, headers: Headers) -> Response | None:
        if not self._is_own_form(headers):
            return _refuse(403, "This form did not come from this page. Nothing was changed.")
        if headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            return _refuse(415, "Only forms are read here. Nothing was changed.")
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()) or "transfer-encoding" in headers:
            return _refuse(411, "A form has to say how long it is. Nothing was changed.")
        is_large = len(length) > len(str(MOST_BODY_BYTES)) or int(length) > MOST_BODY_BYTES
        return _refuse(413, f"That form is over {MOST_BODY_BYTES:,} bytes. Nothing was changed.") if is_large else None

    def _is_own_form(self, headers: Headers) -> bool:
        """Say whether a browser vouches that a form is ours.

        Since our pages send no referrer, browsers write `null` as the origin of our forms too; then Sec-Fetch-Site,
        which no page can set, tells them from others.
        """
        origins = headers.getlist("origin")
        if origins and origins != ["null"]:
            return len(origins) == 1 and origins[0] in self._address.origins
        return headers.getlist("sec-fetch-site") == ["same-origin"]


def _refuse(status: int, words: str) -> Response:
    return PlainTextResponse(f"{words}\n", status)
