"""The survey's page as HTML: one file, no scripts, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from msgspec import Struct

from chalicelib.domain.agency import Agency
from chalicelib.domain.language import Language
from chalicelib.domain.survey import Survey

Standing = Literal["open", "invalid", "nothing", "thanks", "answered", "unknown"]

STATUS: dict[Standing, int] = {
    "open": 200,
    "invalid": 422,
    "nothing": 422,
    "thanks": 200,
    "answered": 200,
    "unknown": 404,
}
"""What a page's answer is over HTTP."""

_HTML = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)


class Page(Struct, frozen=True):
    """What the person sees; `problem` is the id of the question that needs another look."""

    standing: Standing
    agency: Agency | None = None
    survey: Survey | None = None
    problem: str = ""
    given: Mapping[str, str] = {}

    @property
    def language(self) -> Language:
        """Return the language that the person was written to in."""
        return self.survey.language if self.survey else "en"


class Html(Struct, frozen=True):
    """A page ready to be answered with."""

    status: int
    headers: dict[str, str]
    body: str


def show(page: Page, template: str, style: str, words: Mapping[str, Any]) -> Html:
    """Return the page in the words of a language."""
    intro = ""
    if page.agency and page.survey:
        values = {"agency_name": page.agency.name, "incident_number": page.survey.notification.incident_number}
        intro = _compiled(words["page"]["intro"]).render(values)
    body = _compiled(template).render(page=page, words=words["page"], intro=intro, style=style, language=page.language)
    return Html(STATUS[page.standing], headers(style), body)


@cache
def headers(style: str) -> dict[str, str]:
    """Return headers under which the page can load nothing and be loaded by nobody, and its address leaks nowhere."""
    style_hash = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style_hash}'; form-action 'self'; base-uri 'none'"
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


@cache
def _compiled(source: str) -> Template:
    return _HTML.from_string(source)
