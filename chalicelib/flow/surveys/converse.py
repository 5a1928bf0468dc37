"""Converse by text: a reply from a person with an open survey answers it, and the next question follows.

The survey is stored with the text's name before anything is sent, so a text that is heard twice answers once.
"""

from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.domain.notifications.plan import incident_bar
from chalicelib.domain.people.reply import Reply, text_name
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import Questions
from chalicelib.domain.surveys.asking import in_a_text
from chalicelib.domain.surveys.conversation import Say, Turn, hear
from chalicelib.domain.surveys.survey import Survey, closed, judgeable
from chalicelib.domain.surveys.token import survey_token
from chalicelib.flow.conflicts import again_on_conflict
from chalicelib.flow.people.auto_reply import Back, say
from chalicelib.flow.surveys.follow_up import follow_up
from chalicelib.flow.surveys.questions import asked_with
from chalicelib.ports.world import Ports

SURVEY = "survey"
"""What a text is for that asks the next question, or thanks."""


class Open(Struct, frozen=True):
    """An open survey of a person who texts, with its questions; `form` names those that are asked by text."""

    survey: Survey
    questions: Questions
    form: tuple[str, ...]


def open_survey(name: str, reply: Reply, ports: Ports) -> Open | None:
    """Return the survey that a person was asked last, if it is still open; `name` is from their contact."""
    survey = ports.surveys.load(name) if name else None
    if survey is None or closed(survey, reply.at):
        return None
    settings = asked_with(survey, ports.settings)
    if settings is None:
        return None
    return Open(survey, judgeable(survey, settings.questions), settings.reply_questions)


def barred(found: Open | None, agency: Agency, ports: Ports) -> bool:
    """Tell whether nothing may be sent about a survey's incident any more, or to the person who was asked."""
    key = found.survey.notification if found else None
    if key is None:
        return False
    incident = ports.incidents.load(key.incident).incident
    here = agency.at(incident.facts.beat)
    return incident_bar(incident, here) is not None or incident.is_unsafe(key.recipient)


def converse(found: Open, reply: Reply, agency: Agency, ports: Ports) -> Turn | None:
    """Store the answer in a reply; return what is said next, or None where it is no answer. Busy."""
    turn = _take(found, reply, agency.survey.follow_up.rest, ports)
    if turn is not None:
        over = turn.survey.talk.over is not None
        follow_up(turn.survey, found.questions, agency, ports, reply.at, phone=reply.sender, ended=over)
    return turn


def speak(turn: Turn, reply: Reply, agency: Agency, ports: Ports) -> None:
    """Send what follows: the next question, the same question again, or thanks."""
    if turn.say is None:
        return
    survey = turn.survey
    words = ports.words(agency, survey.language)["ask"]
    question = in_a_text(turn.question, survey.language, words) if turn.question else ""
    if turn.say is Say.QUESTION:
        back = Back(SURVEY, "{{ question }}", survey.language, {"question": question})
        say(back, reply, agency, ports)
        return
    token = survey_token(ports.survey_secret, survey.notification) if survey.notification else ""
    values = {"question": question, "link": f"{agency.survey.link}/{token}"}
    say(Back(SURVEY, words[turn.say], survey.language, values, token), reply, agency, ports)


@again_on_conflict()
def _take(found: Open, reply: Reply, rest: timedelta, ports: Ports) -> Turn | None:
    from chalicelib.flow.surveys.keep_answer import keep_answer  # noqa: PLC0415  of an answer alone

    survey = ports.surveys.load(found.survey.token_hash)
    if survey is None or closed(survey, reply.at):
        return None
    turn = hear(survey, found.questions, found.form, reply.body, text_name(reply), reply.at)
    if turn is not None and turn.survey != survey:
        return replace(turn, survey=keep_answer(survey, turn.survey, rest, ports))
    return turn
