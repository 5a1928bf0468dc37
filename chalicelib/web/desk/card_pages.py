"""Cards: a sheet with a square code for officers to hand out. Its link is shown once, in the answer to the press."""

from functools import partial
from typing import Any

from chalicelib.domain.harmless import as_line
from chalicelib.domain.ledger.what import What
from chalicelib.insight.surveys.cards import (
    LANGUAGES,
    LONGEST_LABEL,
    MOST_DAYS,
    MOST_USES,
    Printed,
    about,
    ending,
    new_card,
    said,
)
from chalicelib.web.desk.noting import noted
from chalicelib.web.desk.page import page
from chalicelib.web.desk.standing import standing
from chalicelib.web.desk.visit import Answer, Visit

ON_A_SHEET = 8
USUAL = {"label": "", "uses": "100", "days": "90"}


def cards(visit: Visit) -> Answer:
    """Show the form that makes a card."""
    return _form(visit, USUAL)


def make_card(visit: Visit) -> Answer:
    """Make a card, noted first, and show the sheet to print."""
    form = visit.asked.form
    given = {name: " ".join(form.get(name, "").split()) for name in USUAL}
    uses, days = _number(given["uses"], MOST_USES), _number(given["days"], MOST_DAYS)
    if len(given["label"]) > LONGEST_LABEL or not (uses and days):
        return _form(visit, given, visit.say("cards.problem", label=LONGEST_LABEL, uses=MOST_USES, days=MOST_DAYS), 422)
    card, printed = new_card(visit.ours, visit.world.chance(), as_line(given["label"]), uses, days, visit.now)
    noted(visit, What.PUBLISHED, about(uses), partial(visit.world.surveys.keep_card, card))
    title = visit.say("cards.made")
    return page(visit, "cards_sheet.html", title=title, uses=uses, **_sheet(printed), pauses=standing(visit))


def _form(visit: Visit, given: dict[str, str], problem: str = "", status: int = 200) -> Answer:
    return page(
        visit,
        "cards.html",
        status,
        title=visit.say("cards.title"),
        given=given,
        problem=problem,
        longest=LONGEST_LABEL,
        most_uses=MOST_USES,
        most_days=MOST_DAYS,
        pauses=standing(visit),
    )


def _sheet(printed: Printed) -> dict[str, Any]:
    from chalicelib.insight.surveys.square_code import as_path

    side, path = as_path(printed.link)
    return {
        "printed": printed,
        "shown_link": printed.link.partition("://")[2],
        "side": side,
        "path": path,
        "count": ON_A_SHEET,
        "spoken": [(language, said(language, printed), ending(language, printed)) for language in LANGUAGES],
    }


def _number(text: str, most: int) -> int:
    """Return a whole number from 1 up to the most, or 0 for anything else."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(most)) else 0
    return number if number <= most else 0
