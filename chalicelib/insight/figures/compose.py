"""A quarter's figures → the whole report in words, tables and charts."""

from datetime import date

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.figures.closing import again_section, comments_section, method_section
from chalicelib.insight.figures.document import Document, harmless
from chalicelib.insight.figures.gather import Figures
from chalicelib.insight.figures.groups import groups_section
from chalicelib.insight.figures.headline import headline
from chalicelib.insight.figures.questions import Questions, questions_section, trend_section
from chalicelib.insight.figures.response import response_section
from chalicelib.insight.figures.service import delivery_section, messages_section, reasons_section
from chalicelib.insight.figures.wording import Wording

OVERALL = "overall"


def questions_of(agency: Agency, language: str) -> Questions:
    """Return what is asked to be marked, and which question asks for all in all: `overall`, else the last."""
    scales = [question for question in agency.survey.questions if question.kind == "scale"]
    texts = {
        question.id: next((text for code, text in question.text.items() if code == language), "")
        or next(iter(question.text.values()))
        for question in scales
    }
    return Questions(texts, OVERALL if OVERALL in texts or not texts else list(texts)[-1])


def compose(figures: Figures, agency: Agency, language: str, made_on: date) -> Document:
    """Return the report."""
    wording, questions = Wording(language), questions_of(agency, language)
    quarter = wording.quarter(figures.quarter)
    told = Document(
        quarter=figures.quarter.name,
        language=language,
        title=wording.say("title.report"),
        subtitle=wording.say("title.subtitle", agency=agency.name, quarter=quarter),
        description=wording.say("title.description", agency=agency.name, quarter=quarter),
        made=wording.say("title.made", day=wording.day(made_on), id=figures.quarter.name),
        contents=wording.say("title.contents"),
        to_index=wording.say("title.to_index"),
        sections=(
            headline(figures, questions, wording),
            questions_section(figures, questions, wording),
            trend_section(figures, questions, wording),
            groups_section(figures, wording),
            response_section(figures, wording),
            comments_section(figures, wording),
            messages_section(figures, wording),
            delivery_section(figures, wording),
            reasons_section(figures, wording),
            again_section(figures, wording),
            method_section(figures, wording),
        ),
    )
    return harmless(told)
