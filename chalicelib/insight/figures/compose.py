"""A quarter's figures → the whole report in words, tables and charts."""

from datetime import date

from chalicelib.domain.settings.agency import Agency
from chalicelib.insight.figures.asking import questions_of
from chalicelib.insight.figures.closing import again_section, comments_section, method_section
from chalicelib.insight.figures.document import Document, harmless
from chalicelib.insight.figures.gather import Figures
from chalicelib.insight.figures.groups import groups_section
from chalicelib.insight.figures.headline import headline
from chalicelib.insight.figures.quarter import Quarter
from chalicelib.insight.figures.questions import questions_section
from chalicelib.insight.figures.response import response_section
from chalicelib.insight.figures.service import delivery_section, messages_section, reasons_section
from chalicelib.insight.figures.trend import trend_section
from chalicelib.insight.figures.wording import Wording

__all__ = ["compose", "questions_of"]


def compose(figures: Figures, agency: Agency, language: str, made_on: date) -> Document:
    """Return the report, as of the agency's own day; of a quarter that is not over it says so."""
    wording, questions = Wording(language), questions_of(agency, language)
    unfinished = unfinished_on(figures.quarter, made_on)
    quarter = wording.counted(figures.quarter, unfinished)
    told = Document(
        quarter=figures.quarter.name,
        until=min(made_on, figures.quarter.last).isoformat(),
        unfinished=unfinished is not None,
        language=language,
        title=wording.say("title.report"),
        subtitle=wording.say("title.subtitle", agency=agency.name, quarter=quarter),
        description=wording.say("title.description", agency=agency.name, quarter=quarter),
        made=wording.say("title.made", day=wording.day(made_on), id=figures.quarter.name),
        contents=wording.say("title.contents"),
        to_index=wording.say("title.to_index"),
        sections=(
            headline(figures, questions, agency.survey, wording, unfinished),
            questions_section(figures, questions, wording),
            trend_section(figures, questions, wording),
            groups_section(figures, questions, wording),
            response_section(figures, questions, wording),
            comments_section(figures, wording),
            messages_section(figures, wording),
            delivery_section(figures, wording),
            reasons_section(figures, wording),
            again_section(figures, wording),
            method_section(figures, wording),
        ),
    )
    return harmless(told)


def unfinished_on(quarter: Quarter, made_on: date) -> date | None:
    """Return the day up to which a quarter that is not over is counted, or None where it is over."""
    return made_on if made_on <= quarter.last else None
