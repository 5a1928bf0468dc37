"""The survey's page: what the person sees, whatever it is shown as."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import Questions
from chalicelib.domain.surveys.comment import CommentKind
from chalicelib.domain.surveys.survey import Survey, asked

Standing = Literal["open", "invalid", "nothing", "thanks", "changed", "unknown", "expired", "closed", "used"]


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
