"""The settings of surveys: who is asked, when, by which door, what, and who hears of the answers."""

from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import force_setattr

from chalicelib.domain.duration import Duration
from chalicelib.domain.language import AnyLanguage
from chalicelib.domain.settings.experiment import Arm, Experiment
from chalicelib.domain.settings.page_words import PageWords
from chalicelib.domain.settings.question_sets import REPLY_FORM, SETS, QuestionSet
from chalicelib.domain.settings.questions import QuestionId, Questions

OutcomeClass = Literal["handled", "unable_to_locate", "lookout", "report_taken", "cancelled"]
Carry = Literal["incident_type", "beat", "shift", "hour", "unit", "officer", "call_taker"]
"""Facts of its incident that an answer may carry."""

EMPLOYEES: frozenset[Carry] = frozenset({"officer", "call_taker"})
"""Facts that are somebody of the agency: answers carry them only under a labor agreement that is named."""

INVITATIONS = ("survey_b", "survey_reply", "survey_reply_b")
"""Words of a survey beside `survey`: another wording, those that ask the first question themselves, and both."""

SURVEY_PATH = "/s"
"""The path of survey pages, before the token; `app.py` serves it."""

Mailbox = Annotated[str, Meta(max_length=254, pattern=r"^([^@\s]+@[^@\s]+)?$")]


Complaints = Annotated[str, Meta(max_length=120)]
"""How to complain about an officer, or to praise one: a number, an address or a link."""


class FollowUpRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The mailboxes of staff who look at answers. `threshold` is the highest mark that counts as low; 0 is none.

    A survey in which nothing was answered for `rest` has ended, and its desks are told; alerts never wait. `praise` has
    a mailbox by unit; the unit `*` is every other.
    """

    threshold: Annotated[int, Meta(ge=0, le=4)] = 2
    due: Duration = Duration(days=3)
    rest: Duration = Duration(minutes=10)
    supervisors: Mailbox = ""
    standards: Mailbox = ""
    alerts: Mailbox = ""
    praise: dict[Annotated[str, Meta(min_length=1, max_length=64)], Mailbox] = {}
    complaints: Complaints | dict[AnyLanguage, Complaints] = ""

    def complaints_in(self, language: str) -> str:
        """Return how to complain, in a language; in the first one that the settings have where they lack it."""
        if isinstance(self.complaints, str):
            return self.complaints
        return self.complaints.get(language) or next(iter(self.complaints.values()), "")


class SurveyRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules of the survey: whom to ask, when, until when, by which door, and the questions."""

    link: Annotated[str, Meta(max_length=64, pattern=r"^https?://[^\s?#]+[^\s?#/]$")]
    after: Duration = Duration(hours=18)
    window: Duration = Duration(days=7)
    outcomes: tuple[OutcomeClass, ...] = ("handled", "report_taken")
    without_arrival: bool = False
    question_set: QuestionSet = "standard"
    questions: Annotated[Questions, Meta(max_length=12)] = ()
    reply_questions: Annotated[tuple[QuestionId, ...], Meta(max_length=5)] = ()
    door: Literal["link", "reply"] = "link"
    experiment: Experiment | None = None
    carry: frozenset[Carry] = frozenset({"incident_type", "beat", "shift"})
    labor_agreement: Annotated[str, Meta(max_length=200)] = ""
    anonymous: bool = False
    follow_up: FollowUpRules = FollowUpRules()
    words: dict[AnyLanguage, PageWords] = {}

    def __post_init__(self) -> None:
        """Put the chosen set where no questions are: a published version says by itself what was asked."""
        if not self.questions:
            force_setattr(self, "questions", SETS[self.question_set])
        if not self.reply_questions:
            known = {one.id for one in self.questions}
            usual = tuple(name for name in REPLY_FORM if name in known)
            force_setattr(self, "reply_questions", usual or tuple(one.id for one in self.questions[:3]))

    @property
    def carries(self) -> frozenset[Carry]:
        """Return what answers carry: nothing if they are anonymous, and employees only under a labor agreement.

        Settings from before the agreement had a key may name employees without one. They stay readable.
        """
        if self.anonymous:
            return frozenset()
        return self.carry if self.labor_agreement.strip() else self.carry - EMPLOYEES

    @property
    def origin(self) -> str:
        """Return the site of the agency's pages, as browsers name it."""
        return "/".join(self.link.split("/")[:3])

    @property
    def site(self) -> str:
        """Return the host of the agency's pages, with its port, as a browser sends it."""
        return self.origin.rpartition("/")[2].lower()

    @property
    def home(self) -> str:
        """Return the address under which all pages of the agency are, and where providers call back.

        It has a path where the link has one before its `/s`: API Gateway's own address begins with a stage.
        """
        return self.link.removesuffix(SURVEY_PATH) if self.link.endswith(SURVEY_PATH) else self.origin

    @property
    def doors(self) -> tuple[Literal["link", "reply"], ...]:
        """Return every door by which people may be asked."""
        varied = self.experiment.door if self.experiment else ()
        return varied or (self.door,)

    def door_of(self, arm: Arm) -> Literal["link", "reply"]:
        """Return the door by which somebody of this arm is asked by text."""
        return arm.door or self.door
