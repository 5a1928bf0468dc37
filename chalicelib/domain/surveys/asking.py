"""A question as a text message asks it."""

from collections.abc import Mapping

from chalicelib.domain.language import Language
from chalicelib.domain.notifications.render import fill
from chalicelib.domain.settings.questions import SCALE, Question


def in_a_text(question: Question, language: Language, words: Mapping[str, str]) -> str:
    """Return a question and how to answer it; `words` are the templates of its language, by kind of question."""
    own = question.by_text(language)
    if own or question.kind == "text":
        return own or question.words(language)
    values = {
        "question": question.words(language),
        "low": question.label(language, SCALE[0]),
        "high": question.label(language, SCALE[-1]),
        "choices": ", ".join(
            f"{number} {choice.text.get(language) or next(iter(choice.text.values()))}"
            for number, choice in enumerate(question.choices, 1)
        ),
    }
    return fill(words[question.kind], values)
