"""Pages as HTML: one file each, nothing from elsewhere; what the survey's page shows is in `survey_page.py`."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from msgspec import Struct

from chalicelib.domain.agency import Agency
from chalicelib.domain.comment import CommentKind
from chalicelib.domain.contact import spoken_number
from chalicelib.domain.language import Language
from chalicelib.domain.question import Questions
from chalicelib.domain.survey import Survey, asked

Standing = Literal["open", "invalid", "nothing", "thanks", "changed", "unknown", "expired", "closed", "used"]

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
"""What a page's answer is over HTTP."""


class Page(Struct, frozen=True):
    """What the person sees.

    `questions` are all that they may come to be asked, conditional ones too. `token` is where the form posts to;
    the form carries `proof`, the survey's version as `seen` and, behind a card, `ours`. `problem` is the id of the
    question that needs another look, `given` what was posted. `kinds` says what the words just saved speak of.
    """

    standing: Standing
    language: str
    agency: Agency | None = None
    survey: Survey | None = None
    questions: Questions = ()
    token: str = ""
    proof: str = ""
    ours: str = ""
    problem: str = ""
    given: Mapping[str, str] = {}
    kinds: frozenset[CommentKind] = frozenset()

    @property
    def asked(self) -> Questions:
        """Return the questions whose conditions the answers so far meet."""
        return asked(self.survey, self.questions) if self.survey else ()

    @property
    def filled(self) -> dict[str, str]:
        """Return what the fields hold: what was posted, or else what was answered before."""
        before = self.survey.answers.all if self.survey else {}
        return {**{name: str(mark) for name, mark in before.items()}, **self.given}

    @property
    def incident_number(self) -> str:
        """Return which call it is about, or "" where an anonymous survey or a card does not know."""
        return self.survey.notification.incident_number if self.survey and self.survey.notification else ""

    @property
    def fields(self) -> dict[str, str]:
        """Return what the form carries unseen."""
        seen = str(self.survey.version) if self.survey else ""
        first = {} if self.survey and self.survey.answers else {"first": "1"}
        return {"proof": self.proof, "seen": seen} | ({"ours": self.ours} if self.ours else {}) | first


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


def told(page: Page) -> dict[str, Any]:
    """Return what a page's script needs to know once an answer was posted; where to post the next one, too."""
    answer: dict[str, Any] = {"standing": page.standing, "kinds": sorted(page.kinds)}
    if page.survey:
        answer |= page.fields | {"token": page.token}
    if page.problem:
        answer["question"] = page.problem
    return answer


def show_notice(page: "Notice", template: str, style: str, words: Mapping[str, Any]) -> Html:
    """Return a page about an agency in the words of a language."""
    values = {"agency_name": page.agency.name} if page.agency else {}
    filled = {name: compiled(text).render(values) if page.agency else text for name, text in words[page.part].items()}
    told = {"page": page, "words": filled, "not_monitored": words["page"]["not_monitored"], "language": page.language}
    return html(page.status, template, style, told)


def html(status: int, template: str, style: str, values: Mapping[str, Any], script: str = "") -> Html:
    """Return a template filled in, with the headers that every page has."""
    return Html(status, headers(style, script), compiled(template).render({**values, "style": style}))


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


def compiled(source: str) -> Any:
    """Return a template, which can reach nothing but what it is filled with."""
    from chalicelib.domain import template

    return template.html(source)
