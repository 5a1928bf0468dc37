"""Links that lead on, where there is the page and the person may open it: none leads to a page that says no."""

from collections.abc import Mapping
from urllib.parse import urlencode

from chalicelib.domain.desk.attention import Cause, Waiting
from chalicelib.domain.desk.permissions import BUNDLES, Role
from chalicelib.domain.desk.to_decide import PAGES
from chalicelib.web.desk.visit import Visit

_STEPS: Mapping[Cause, tuple[tuple[str, str], ...]] = {
    Cause.HELD: (("held", "now.release"),),
    Cause.DANGER: (("conversations", "now.read"),),
    Cause.REPLY: (("conversations", "now.read"),),
    Cause.FEED: (("feeds", "now.feeds"),),
    Cause.UNJUDGED: (("judge", "now.judge"), ("judge/review", "now.review")),
    Cause.DRAFT: (("drafts", "now.drafts"),),
}
"""The pages on which somebody sees to a cause, with the words that lead there; the first that they may open counts.

What is of a call leads to the call instead.
"""


def leads(visit: Visit, *below: str) -> str:
    """Return the address of a page of the agency's, or "" where there is none for this person."""
    from chalicelib.web.desk.routes import Found, find  # the routes name the views that ask here

    found = find("GET", visit.agency_path(*below))
    return visit.link(*below) if isinstance(found, Found) and found.route.needed <= visit.may else ""


def opened_by(cause: Cause) -> tuple[Role, ...]:
    """Return the roles that may open a page on which somebody sees to a cause; none where there is no page."""
    from chalicelib.web.desk.routes import Found, find  # the routes name the views that ask here

    pages = (find("GET", f"/desk/of-any/{below}") for below, _ in _STEPS.get(cause, ()))
    needed = {found.route.permission for found in pages if isinstance(found, Found)}
    return tuple(role for role, bundle in BUNDLES.items() if needed & bundle)


def step(visit: Visit, cause: Cause) -> tuple[str, str]:
    """Return where somebody sees to a cause, and the words of the link; two empty ones where they can't."""
    for below, words in _STEPS.get(cause, ()):
        href = leads(visit, *below.split("/"))
        if href:
            return href, visit.say(words)
    return "", ""


_ONE: Mapping[str, tuple[str, str]] = {
    "supervisors": ("follow-up", "now.follow_up"),
    "standards": ("allegation", "now.allegation"),
    "alerts": ("alert", "now.alert"),
}
"""The page of one follow-up of each desk, with the words that lead there."""


def opens(visit: Visit, one: Waiting) -> tuple[str, str]:
    """Return where a follow-up or a proposal is seen to that waits, and the words of the link; else two empty ones."""
    if one.cause is Cause.APPROVAL:
        href = leads(visit, PAGES.get(one.detail, "approvals"))
        query = f"?{urlencode({'quarter': one.called})}" if one.called else ""
        return (f"{href}{query}", visit.say("now.decide")) if href else ("", "")
    below, words = _ONE.get(one.detail, ("", ""))
    name = one.about.rpartition("#")[2]
    href = leads(visit, below) if below and name and one.cause in (Cause.DANGER, Cause.FOLLOW_UP) else ""
    return (f"{href}?{urlencode({'of': name})}", visit.say(words)) if href else ("", "")
