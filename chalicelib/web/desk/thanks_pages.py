"""Thanks: praise of a month, as a list without words, as one card to print, and as a digest with all words."""

from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.desk.month import month_after, month_before, read_month, span_of
from chalicelib.domain.ledger.noted import thing
from chalicelib.domain.ledger.what import What
from chalicelib.domain.surveys.follow_up import Desk, FollowUp
from chalicelib.insight.mask import Mask
from chalicelib.insight.surveys.follow_ups import find
from chalicelib.insight.surveys.thanks import Thanks, thanks_of
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.page import page
from chalicelib.web.desk.reachable import read_or_none
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit

_LONGEST = 100


def thanks(visit: Visit) -> Answer:
    """List the praise of a month by call and day; no words and no person."""
    month = _month(visit)
    found = read_or_none(lambda: _read(visit, month), "read praise")
    return page(visit, "thanks.html", title=visit.say("thanks.title"), found=found, **_of_month(visit, month, found))


def thanks_digest(visit: Visit) -> Answer:
    """Show the words of a month's praise, to print; the look is noted."""
    month = _month(visit)
    show = partial(_digest, visit, month)
    return noted(visit, What.READ_COMMENTS, thing("thanks", f"{month:%Y-%m}"), show)


def thanks_card(visit: Visit) -> Answer:
    """Show one piece of praise as a card to print; the look is noted."""
    name = visit.asked.query.get("of", "")[:_LONGEST]
    one = find(visit.world, visit.ours.agency_id, Desk.UNIT, name, visit.now) if name else None
    if one is None:
        return page(visit, "thanks_gone.html", 404, title=visit.say("follow_ups.gone"), pauses=standing(visit))
    return noted(visit, What.READ_COMMENTS, thing("thanks", one.id), partial(_card, visit, one))


def _digest(visit: Visit, month: date) -> Answer:
    found = _read(visit, month)
    title = visit.say("thanks.digest", month=_named(visit, month))
    return page(
        visit, "thanks_digest.html", title=title, found=found, words=_words, **_of_month(visit, month, found)
    )  # fmt: skip


def _card(visit: Visit, one: FollowUp) -> Answer:
    return page(
        visit,
        "thanks_card.html",
        title=visit.say("thanks.card"),
        one=one,
        words=_words,
        call=one.call(visit.ours.zone) if one.incident_number else "",
        pauses=standing(visit),
    )


def _of_month(visit: Visit, month: date, found: Thanks | None) -> dict[str, Any]:
    """Return what a page of a month shows beside its praise."""
    later = month_after(month)
    here = {"month": f"{month:%Y-%m}"}
    return {
        "month": _named(visit, month),
        "here_query": urlencode(here),
        "earlier": f"{month_before(month):%Y-%m}",
        "later": f"{later:%Y-%m}" if later <= _today(visit) else "",
        "onward": urlencode({**here, "after": found.after}) if found and found.after else "",
        "begun": bool(visit.asked.query.get("after")),
        "call_of": lambda one: one.call(visit.ours.zone) if one.incident_number else "",
        "pauses": standing(visit),
    }


def _read(visit: Visit, month: date) -> Thanks:
    after = visit.asked.query.get("after", "")[:_LONGEST]
    return thanks_of(visit.world, visit.ours.agency_id, span_of(month, visit.ours.zone), visit.now, after)


def _words(one: FollowUp) -> list[str]:
    return [Mask().text(words) for words in one.comments]


def _month(visit: Visit) -> date:
    return read_month(visit.asked.query.get("month", ""), _today(visit))


def _today(visit: Visit) -> date:
    return visit.now.astimezone(visit.ours.zone).date()


def _named(visit: Visit, month: date) -> str:
    return f"{visit.say('time.months').split()[month.month - 1]} {month.year}"
