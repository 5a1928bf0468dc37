"""Pages as HTML: one file each, nothing from elsewhere; `survey_html.py` has the survey's page."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from chalicelib.domain.people.public_page import PublicPage
from chalicelib.domain.surveys.page import Page, Standing

STATUS: dict[Standing, int] = {
    "open": 200,
    "invalid": 422,
    "nothing": 422,
    "thanks": 200,
    "changed": 200,
    "unknown": 404,
    "expired": 410,
    "closed": 410,
    "used": 410,
}
"""The answer's status over HTTP, by the standing of the survey's page."""

NOTICE_STATUS: Mapping[str, int] = {"unknown": 404, "wait": 429}
"""The same for the other pages; 200 for every other standing."""


class Html(Struct, frozen=True):
    """A page ready to be answered with."""

    status: int
    headers: dict[str, str]
    body: str


def told(page: Page) -> dict[str, Any]:
    """Return what a page's script needs to know once an answer was posted; where to post the next one, too."""
    answer: dict[str, Any] = {"standing": page.standing, "kinds": sorted(page.kinds)}
    if page.survey:
        answer |= page.fields | {"token": page.token}
    if page.problem:
        answer["question"] = page.problem
    return answer


def show_notice(page: PublicPage, template: str, style: str, words: Mapping[str, Any]) -> Html:
    """Return a page about an agency in the words of a language."""
    ours = page.agency
    values = {"agency_name": ours.name, "non_emergency": ours.numbers.non_emergency} if ours else {}
    filled = {name: fill_words(text, values) if ours else text for name, text in words[page.part].items()}
    told = {"page": page, "words": filled, "language": page.language}
    told |= {"not_monitored": words["page"]["not_monitored"], "real": words["home"]["real"]}
    return html(NOTICE_STATUS.get(page.standing, 200), template, style, told)


def html(status: int, template: str, style: str, values: Mapping[str, Any], script: str = "") -> Html:
    """Return a template filled in, with the headers that every page has."""
    return Html(status, headers(style, script), _compiled(template).render({**values, "style": style}))


@cache
def headers(style: str, script: str = "") -> dict[str, str]:
    """Return headers under which a page can load nothing and be loaded by nobody, and its address leaks nowhere.

    Its own style and script are named by what they sum up to; a script may post to the page's own site.
    """
    allowed = f"style-src '{_sum(style)}'; img-src data:"
    if script:
        allowed += f"; script-src '{_sum(script)}'; connect-src 'self'"
    policy = f"default-src 'none'; {allowed}; form-action 'self'; base-uri 'none'"
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }


def _sum(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"


def fill_words(text: str, values: Mapping[str, Any]) -> str:
    """Return a page's words with their fields filled in, as plain text: the page escapes it once."""
    from chalicelib.domain.template import plain_text

    return plain_text(text).render(values)


def _compiled(source: str) -> Any:
    from chalicelib.web.page_template import page_template

    return page_template(source)
