"""The page's own style, script and picture: from files, never written into a page. Their addresses change with them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_A_YEAR = "public, max-age=31536000, immutable"


def static_address(name: str) -> str:
    """Return the address of a file of ours."""
    content, _ = _files()[name]
    return f"/static/{hashlib.sha256(content).hexdigest()[:12]}/{name}"


async def static_file(request: Request) -> Response:
    """Answer with a file; only names that came with the program are known."""
    found = _files().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    content, kind = found
    return Response(content, headers={"Content-Type": kind, "Cache-Control": _FOR_A_YEAR})


@lru_cache(maxsize=1)
def _files() -> dict[str, tuple[bytes, str]]:
    return {path.name: (path.read_bytes(), _KINDS[path.suffix]) for path in _FOLDER.iterdir() if path.suffix in _KINDS}
