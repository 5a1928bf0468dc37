"""The survey's page: its content, however it is shown."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from chalicelib.domain.notifications.identifiers import incident_shown
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import Questions
from chalicelib.domain.surveys.read_comment import CommentKind
from chalicelib.domain.surveys.survey import Survey, asked

Standing = Literal["open", "invalid", "nothing", "thanks", "changed", "unknown", "expired", "closed", "used"]


class Page(Struct, frozen=True):
    """The content of the page.

    `questions` are all that the person may be asked, conditional ones too. `token` is where the form posts to. The form
    carries `proof`, the survey's version as `seen` and, behind a card, `ours`. `problem` is the id of the question that
    needs another look; `given` is what was posted. `kinds` are the subjects of the words just saved.
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
        """Return the values of the fields: those that were posted, or else the earlier answers."""
        before = self.survey.answers.all if self.survey else {}
        return {**{name: str(mark) for name, mark in before.items()}, **self.given}

    @property
    def incident_number(self) -> str:
        """Return the incident's number as people may read it; "" if it may not be read or is not known."""
        known = self.survey.notification if self.survey else None
        return incident_shown(known.incident_number, self.agency) if known and self.agency else ""

    @property
    def fields(self) -> dict[str, str]:
        """Return the hidden fields of the form."""
        seen = str(self.survey.version) if self.survey else ""
        first = {} if self.survey and self.survey.answers else {"first": "1"}
        return {"proof": self.proof, "seen": seen} | ({"ours": self.ours} if self.ours else {}) | first
