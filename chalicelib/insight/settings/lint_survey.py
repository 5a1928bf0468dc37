"""A survey's questions and who hears of the answers: what nobody can answer, and what goes nowhere."""

import re
from collections.abc import Iterator

from chalicelib.domain.names import Kind
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.page_words import ADDED
from chalicelib.domain.settings.questions import question_problems
from chalicelib.domain.settings.survey import EMPLOYEES, SurveyRules
from chalicelib.insight.settings.finding import Finding, error, warning
from chalicelib.insight.settings.locate import Path

_HINTS = {
    "id": "answers are kept by id: rename one",
    "choices": "a question of kind choice has 2 to 9 choices with ids of their own",
    "labels": 'write labels.en = ["Disagree", "Agree"], or five',
    "only_if": 'name an earlier question and answers that it has: { question = "helped", answers = ["1", "2"] }',
}


_YEAR, _WHOM = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)"), re.compile(r"[^\W\d_]{3}")


def lint_survey(agency: Agency) -> Iterator[Finding]:
    """Yield what is wrong with the questions, the experiment, anonymity, employees and the follow-ups."""
    yield from _questions(agency)
    yield from _experiment(agency)
    yield from _anonymous(agency.survey)
    yield from _employees(agency.survey)
    yield from _follow_up(agency)
    yield from _page_words(agency.survey)


def _questions(agency: Agency) -> Iterator[Finding]:
    survey = agency.survey
    for place, field, why in question_problems(survey.questions):
        yield error(("survey", "questions", place, field), why, _HINTS[field])
    for place, question in enumerate(survey.questions):
        path: Path = ("survey", "questions", place)
        for language in dict.fromkeys((*agency.spoken, *survey.words)):
            add = f'add {language} = "..."'
            if language not in question.text:
                yield error((*path, "text"), f"no text in {language}, which is spoken", f"{add} to its text")
            if any(language not in choice.text for choice in question.choices):
                yield error((*path, "choices"), f"no text in {language}, which is spoken", f"{add} to each choice")
            if question.labels and language not in question.labels:
                yield error((*path, "labels"), f"no labels in {language}, which is spoken", "add them")
    known = {question.id for question in survey.questions}
    for name in survey.reply_questions:
        if name not in known:
            hint = f"known: {', '.join(sorted(known))}"
            yield error(("survey", "reply_questions"), f"there is no question {name}", hint)


def _experiment(agency: Agency) -> Iterator[Finding]:
    experiment, window = agency.survey.experiment, agency.window(Kind.SURVEY)
    if experiment is None:
        return
    path: Path = ("survey", "experiment")
    for part in ("door", "wording", "hour"):
        arms = getattr(experiment, part)
        if len(set(arms)) != len(arms):
            yield error((*path, part), "an arm twice", "each arm gets the same share: name each once")
        elif len(arms) == 1:
            yield warning((*path, part), "one arm alone compares nothing", "name another, or leave it out")
    for hour in experiment.hour:
        if window.start != window.end and not window.start.hour <= hour < window.end.hour:
            yield error((*path, "hour"), f"{hour} is outside the hours of surveys", "see hours.survey")


def _anonymous(survey: SurveyRules) -> Iterator[Finding]:
    if survey.anonymous and survey.carry - {"incident_type", "beat", "shift"}:
        yield warning(("survey", "carry"), "nothing goes with anonymous answers", "leave it out")


def _employees(survey: SurveyRules) -> Iterator[Finding]:
    agreed, named = survey.labor_agreement.strip(), ", ".join(sorted(survey.carry & EMPLOYEES))
    hint = 'write with whom and of when: labor_agreement = "Police Officers Association, January 2026"'
    if named and not agreed:
        yield error(("survey", "carry"), f"no labor agreement is named that lets answers carry {named}", hint)
    elif agreed and not (_YEAR.search(agreed) and _WHOM.search(agreed)):
        yield error(("survey", "labor_agreement"), f"{agreed} does not say with whom and of when", hint)


def _page_words(survey: SurveyRules) -> Iterator[Finding]:
    hint = "add them: [page] in chalicelib/words/en.toml has them in English"
    for language, own in survey.words.items():
        lacking = [name for name in ADDED if not getattr(own, name)]
        if lacking:
            why = f"the page leaves lines out, since it lacks {', '.join(lacking)}"
            yield warning(("survey", "words", language), why, hint)
    if survey.words and isinstance(survey.follow_up.complaints, dict):
        for language in survey.words:
            if language not in survey.follow_up.complaints:
                path: Path = ("survey", "follow_up", "complaints")
                yield warning(path, f"no text in {language}, which the page has", f'add {language} = "..."')


def _follow_up(agency: Agency) -> Iterator[Finding]:
    rules, path = agency.survey.follow_up, ("survey", "follow_up")
    if agency.mode != "live":
        return
    if not rules.standards:
        yield warning(
            (*path, "standards"), "who alleges misconduct reaches only the topic of standards", "name a mailbox"
        )
    if rules.supervisors and rules.supervisors == rules.standards:
        yield error(
            (*path, "standards"), "an officer's supervisor must not get what alleges misconduct", "name another mailbox"
        )
