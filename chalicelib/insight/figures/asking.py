"""The questions of a report as people saw them: their words, their scale, and how a text message asks them."""

from collections.abc import Iterator, Sequence
from typing import get_args

from msgspec import Struct

from chalicelib import words
from chalicelib.domain.language import choose_language
from chalicelib.domain.languages import Language
from chalicelib.domain.settings.agency import Agency
from chalicelib.domain.settings.questions import SCALE, Question
from chalicelib.domain.surveys.asking import in_a_text
from chalicelib.insight.figures.counted import shown
from chalicelib.insight.figures.gather import Figures, QuestionKey
from chalicelib.insight.figures.wording import Wording

OVERALL = "overall"


class Scaled(Struct, frozen=True):
    """A question of the settings: its words, its version, the words at its marks, and how a text asks it."""

    text: str
    version: str
    marks: tuple[str, ...]
    by_text: str


class Questions(Struct, frozen=True):
    """The questions in their order by their ids, and the one that asks for all in all."""

    known: dict[str, Scaled]
    overall: str

    def label(self, key: QuestionKey, several: bool, wording: Wording) -> str:
        """Return a question's words; with its version where several were asked, or it was asked in other words."""
        name, version = key
        text = self.known[name].text if name in self.known else name.replace("_", " ")
        if several and version:
            return wording.say("questions.version", question=text, version=version)
        if version and name in self.known and version != self.known[name].version:
            return wording.say("questions.other_words", question=text)
        return text

    def overall_label(self, key: QuestionKey, wording: Wording) -> str:
        """Return the words of the question that asks for all in all."""
        return self.label(key, several=False, wording=wording)

    def asked(self, figures: Figures) -> list[QuestionKey]:
        """Return the questions of the quarter with enough answers, in order: those of the settings, then others."""
        places = {name: place for place, name in enumerate(self.known)}
        enough = (key for key in figures.marks if shown(figures, key, figures.quarter).of)
        return sorted(enough, key=lambda key: (places.get(key[0], len(places)), key))


def questions_of(agency: Agency, language: str) -> Questions:
    """Return what is asked to be marked, and which question asks for all in all: `overall`, else the last."""
    scales = [question for question in agency.survey.questions if question.kind == "scale"]
    ours = choose_language(language, get_args(Language))
    known = {question.id: _scaled(question, agency, ours) for question in scales}
    return Questions(known, OVERALL if OVERALL in known or not known else list(known)[-1])


def scale_told(keys: Sequence[QuestionKey], questions: Questions, wording: Wording, *, by_text: bool) -> Iterator[str]:
    """Yield what the marks meant: once where all questions have one scale, else by question; and the texts' words."""
    asked = [questions.known[name] for name, _ in keys if name in questions.known]
    scales = list(dict.fromkeys(one.marks for one in asked))
    for marks in scales:
        told = ", ".join(f"{mark}: {word}" for mark, word in zip(SCALE, marks, strict=True) if word)
        those = ", ".join(wording.say("form.quoted", text=one.text) for one in asked if one.marks == marks)
        yield (
            wording.say("questions.scale", marks=told)
            if len(scales) == 1
            else wording.say("questions.scale_of", marks=told, questions=those)
        )
    texts = dict.fromkeys(wording.say("form.quoted", text=one.by_text) for one in asked if one.by_text)
    if by_text and texts:
        yield wording.say("questions.by_text", questions=", ".join(texts))


def _scaled(question: Question, agency: Agency, language: Language) -> Scaled:
    ours, own = words.load(language, text_to_911=agency.text_to_911), agency.survey.words.get(language)
    page = ours["page"]
    low, high = (own.scale_low, own.scale_high) if own else (page["scale_low"], page["scale_high"])
    usual = (low, *("",) * (len(SCALE) - 2), high)
    marks = tuple(question.label(language, mark) or usual[place] for place, mark in enumerate(SCALE))
    by_text = ""
    if question.id in agency.survey.reply_questions:
        by_text = in_a_text(question, language, ours["ask"])
    return Scaled(question.words(language), question.version, marks, by_text)
