"""Cards with a square code that lead to the survey: made once, for so many people and days, and what they say."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from chalicelib import words
from chalicelib.domain.notifications.render import fill
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.surveys.card import Card
from chalicelib.domain.surveys.token import token_hash, token_of

LONGEST_LABEL = 24
MOST_USES, MOST_DAYS = 10_000, 366
LANGUAGES = ("en", "es")


class Printed(Struct, frozen=True):
    """The contents of a card."""

    agency_name: str
    link: str
    good_until: date
    text_to_911: bool = True


def new_card(agency: Agency, chance: bytes, label: str, uses: int, days: int, at: datetime) -> tuple[Card, Printed]:
    """Return a card to keep, and what is printed of it: its link is in nothing that is kept."""
    token = token_of(chance)
    card = Card(
        token_hash=token_hash(token),
        agency_id=agency.agency_id,
        settings_version=agency.version,
        language=agency.language,
        label=label,
        uses=uses,
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    good_until = agency.day(card.expires_at) - timedelta(days=1)
    return card, Printed(agency.name, f"{agency.survey.link}/{token}", good_until, agency.text_to_911)


def said(language: str, printed: Printed) -> dict[str, str]:
    """Return the words of a card in a language."""
    found: dict[str, str] = words.load(language, text_to_911=printed.text_to_911)["card"]
    return found


def ending(language: str, printed: Printed) -> str:
    """Return a card's last line in a language: until when it is good, and 911."""
    ours, good_until = said(language, printed), printed.good_until
    month = ours["months"].split(", ")[good_until.month - 1]
    day = {"day": str(good_until.day), "month": month, "year": str(good_until.year)}
    return f"{fill(ours['good_until'], day)} {ours['emergency']}"


def about(uses: int) -> str:
    """Return what an entry of the ledger calls a card: it names no link."""
    return f"a card for {uses} answers"
