"""Conversations: when somebody reads what people text back, and the few texts with which they are answered. Pure.

`watchers.reply` says who reads it, and who is second.

Nobody writes a text of their own: each answer stands in the settings, in every language, and is checked there.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.domain.language import Language
from chalicelib.domain.settings.hours import ALL_DAY, Window

NOT_READ = "not_read"
"""The name of the text that nobody presses: it says that nobody has read a reply yet."""

NOT_READ_AFTER = timedelta(minutes=15)
MOST_ANSWERS = 20

AnswerName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,23}$(?!\n)")]
Words = Annotated[str, Meta(min_length=1, max_length=400)]


class Conversation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The hours in which people are answered, and with what: `answers` are texts by a name and by language.

    `not_read` is the one that goes by itself. `Agency.converses` tells whether conversations are on.
    """

    hours: Window = ALL_DAY
    not_read: dict[Language, Words] = {}
    answers: dict[AnswerName, dict[Language, Words]] = {}

    def watched(self, at: datetime, zone: tzinfo) -> bool:
        """Tell whether an instant falls within the hours in which people are answered."""
        return self.hours.opens(at, zone) == at

    def not_read_at(self, at: datetime, zone: tzinfo) -> datetime:
        """Return when somebody is told that nobody has read their text: at once outside the hours."""
        return at + NOT_READ_AFTER if self.watched(at, zone) else at

    def waits_from(self, at: datetime, zone: tzinfo) -> datetime:
        """Return when a reply that came at an instant waits for somebody: 15 minutes of the hours later."""
        return self.hours.opens(self.hours.opens(at, zone) + NOT_READ_AFTER, zone)

    def words(self, name: str) -> dict[Language, Words]:
        """Return a text by language; nothing where there is none of that name."""
        return self.not_read if name == NOT_READ else self.answers.get(name, {})


def conversation_problems(rules: Conversation) -> Iterator[str]:
    """Yield what is wrong with the settings and that no single field shows."""
    if NOT_READ in rules.answers:
        yield f"conversation.answers: {NOT_READ} is the name of the text that goes by itself: take another"
    if len(rules.answers) > MOST_ANSWERS:
        yield f"conversation.answers: at most {MOST_ANSWERS} are found at night"
