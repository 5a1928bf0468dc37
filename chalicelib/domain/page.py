"""Pages as HTML: one file each, no scripts, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment
from msgspec import Struct

from chalicelib.domain.agency import Agency
from chalicelib.domain.contact import spoken_number
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


class Notice(Struct, frozen=True, kw_only=True):
    """What the unsubscribe page and the page about real texts show; `part` names the template and the words."""

    part: Literal["consent", "real"]
    standing: str
    language: Language
    agency: Agency | None = None
    status: int = 200
    choices: tuple[str, ...] = ()

    @property
    def texts_from(self) -> tuple[str, ...]:
        """Return the numbers that texts come from, as people read them; a messaging service's id is none."""
        numbers = self.agency.numbers.texting if self.agency else ()
        return tuple(spoken_number(number) for number in numbers if number.lstrip("+").isdigit())

    @property
    def links_to(self) -> tuple[str, ...]:
        """Return the addresses that links lead to."""
        links = (self.agency.survey.origin, self.agency.resources_link) if self.agency else ()
        return tuple(filter(None, links))


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
    told = {"page": page, "words": words["page"], "intro": intro, "language": page.language}
    return html(STATUS[page.standing], template, style, told)


def show_notice(page: "Notice", template: str, style: str, words: Mapping[str, Any]) -> Html:
    """Return a page about an agency in the words of a language."""
    values = {"agency_name": page.agency.name} if page.agency else {}
    filled = {name: _compiled(text).render(values) if page.agency else text for name, text in words[page.part].items()}
    told = {"page": page, "words": filled, "not_monitored": words["page"]["not_monitored"], "language": page.language}
    return html(page.status, template, style, told)


def html(status: int, template: str, style: str, values: Mapping[str, Any]) -> Html:
    """Return a template filled in, with the headers that every page has."""
    return Html(status, headers(style), _compiled(template).render({**values, "style": style}))


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
