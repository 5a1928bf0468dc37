"""The survey's page: its content, however it is shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.domain.notifications.identifiers import incident_shown
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import Question, Questions
from chalicelib.domain.surveys.read_comment import CommentKind
from chalicelib.domain.surveys.survey import Survey
from chalicelib.domain.surveys.visits import VISIT

Standing = Literal["open", "invalid", "nothing", "thanks", "changed", "unknown", "expired", "closed", "used"]


class Page(Struct, frozen=True):
    """The content of the page.

    `questions` are all that the person may be asked, conditional ones too. `token` is where the form posts to. The form
    carries `proof`, the survey's version as `seen`, its own name as `visit` and, behind a card, `ours`. `problem` is
    the id of the question that needs another look; `given` is what was posted. `kinds` are the subjects of the words
    just saved.
    """

    standing: Standing
    language: str
    agency: Agency | None = None
    survey: Survey | None = None
    questions: Questions = ()
    token: str = ""
    proof: str = ""
    ours: str = ""
    visit: str = ""
    problem: str = ""
    given: Mapping[str, str] = {}
    kinds: frozenset[CommentKind] = frozenset()

    @property
    def answered(self) -> bool:
        """Tell whether the survey was answered before this form."""
        return bool(self.survey and self.survey.answers)

    @property
    def answered_at(self) -> datetime | None:
        """Return when it was answered last, in the agency's time; None where only the week is kept."""
        if self.survey is None or self.agency is None or self.survey.anonymous or not self.survey.changed_at:
            return None
        return self.survey.changed_at.astimezone(self.agency.zone)

    def written(self, question: Question) -> bool:
        """Tell whether words were written to a question before."""
        return bool(self.survey and self.survey.answers.comments.get(question.id))

    @property
    def incident_number(self) -> str:
        """Return the incident's number as people may read it; "" if it may not be read or is not known."""
        known = self.survey.notification if self.survey else None
        number = (self.survey.called or (known.incident_number if known else "")) if self.survey else ""
        return incident_shown(number, self.agency) if number and self.agency else ""

    @property
    def fields(self) -> dict[str, str]:
        """Return the hidden fields of the form."""
        seen = str(self.survey.version) if self.survey else ""
        first = {} if self.survey and self.survey.answers else {"first": "1"}
        ours = {"ours": self.ours} if self.ours else {}
        return {"proof": self.proof, "seen": seen, VISIT: self.visit} | ours | first
