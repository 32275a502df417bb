"""Templates to answers: everything escaped, nothing hidden. What a page shows is decided elsewhere."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup
from starlette.responses import HTMLResponse

from wb_pipeline.web.shown_text import shown, value_words
from wb_pipeline.web.static_files import static_address
from wb_pipeline.web.time_words import age_words, moment_words

_TEMPLATES = Path(__file__).parent / "templates"
_SHORT = 160


def render(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page made of a template."""
    return HTMLResponse(_environment().get_template(template).render(**context), status)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= {
        "short": lambda text: shown(str(text), _SHORT),
        "value": value_words,
        "moment": moment_words,
        "age": age_words,
    }
    environment.globals["static"] = static_address
    return environment


def _finalize(given: Any) -> Any:
    """Make whatever a template puts out visible; markup that the templates made themselves is left as it is."""
    return given if isinstance(given, Markup) else shown(str(given))
