"""The survey: its questions, its one-time link, and what counts as an answer."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.domain.identity import NotificationKey
from chalicelib.domain.language import Language

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
TOKEN_LENGTH = 13
LONGEST_COMMENT = 2000
LINK_LIFE = timedelta(days=30)
_SCALE = {"1", "2", "3", "4", "5"}


QuestionText = Annotated[str, Meta(min_length=1, max_length=160)]


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a person is asked, in each language: a mark from 1 to 5, or words of their own."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z_]{0,23}$")]
    text: Annotated[dict[Language, QuestionText], Meta(min_length=1)]
    kind: Literal["scale", "text"] = "scale"

    def words(self, language: Language) -> str:
        """Return the question in a language, or in the first that it has."""
        return self.text.get(language) or next(iter(self.text.values()))


DEFAULT_QUESTIONS = (
    Question(
        id="respect",
        text={"en": "I was treated with respect.", "es": "Me trataron con respeto."},
    ),
    Question(
        id="listened",
        text={"en": "The officer listened to me.", "es": "El agente me escuchó."},
    ),
    Question(
        id="helped",
        text={
            "en": "The police helped to solve my problem.",
            "es": "La policía ayudó a resolver mi problema.",
        },
    ),
    Question(
        id="call_taker",
        text={
            "en": "The person who took my call was helpful.",
            "es": "La persona que atendió mi llamada me ayudó.",
        },
    ),
    Question(
        id="overall",
        text={
            "en": "Overall, I am satisfied with how the police responded.",
            "es": "En general, estoy satisfecho con la respuesta de la policía.",
        },
    ),
    Question(
        id="comment",
        text={
            "en": "Is there anything else that we should know?",
            "es": "¿Hay algo más que debamos saber?",
        },
        kind="text",
    ),
)


class Answers(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one person said: marks from 1 to 5, and words, each by its question."""

    marks: dict[str, int] = {}
    comments: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Tell whether anything was answered."""
        return bool(self.marks or self.comments)


class Survey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person's survey: asked once, answered once. `token_hash` is all that is kept of the link."""

    token_hash: str
    notification: NotificationKey
    settings_version: int
    language: Language = "en"
    asked_at: datetime
    expires_at: datetime
    keep_until: datetime | None
    answered_at: datetime | None = None
    answers: Answers = Answers()


class InvalidAnswer(ValueError):
    """A mark that the form can't have sent; the text is the question's id."""


def survey_token(secret: bytes, notification: NotificationKey) -> str:
    """Return the word in a survey's link: 13 base-62 characters, 77 bits, the same at each attempt to send.

    Derived, not stored: the table has its hash alone, and a text that is sent again carries the same link.
    """
    number = int.from_bytes(hmac.digest(secret, notification.id.encode(), "sha256"))
    digits = []
    for _ in range(TOKEN_LENGTH):
        number, digit = divmod(number, len(_BASE62))
        digits.append(_BASE62[digit])
    return "".join(digits)


def token_hash(token: str) -> str:
    """Return the name under which a survey is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Tell whether a text could be a token at all, so that nothing else is looked up."""
    return len(text) == TOKEN_LENGTH and all(character in _BASE62 for character in text)


def read_answers(form: Mapping[str, str], questions: tuple[Question, ...]) -> Answers:
    """Return what was answered, blanks left out; InvalidAnswer for a mark that is none.

    Fields that are no question of this survey are ignored.
    """
    marks, comments = {}, {}
    for question in questions:
        given = form.get(question.id, "").strip()
        if given and question.kind == "scale":
            if given not in _SCALE:
                raise InvalidAnswer(question.id)
            marks[question.id] = int(given)
        elif given:
            comments[question.id] = given[:LONGEST_COMMENT]
    return Answers(marks=marks, comments=comments)
